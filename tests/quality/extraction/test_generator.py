"""The generator's promises: the same seed makes the same files, and their truth says what stands where."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.quality.extraction.generator import (
    BLANK_FORMS,
    DAMAGES,
    FAMILIES,
    FITTED,
    HELD_BACK,
    Generated,
    documents,
    lay_out,
)
from tests.quality.extraction.generator.families import suits
from tests.quality.extraction.generator.kinds import KINDS, TABLES, names
from tests.quality.extraction.generator.raster import raster

_SOME = 3  # of the kinds: every family with some of its own, every kind with some families
_LAYOUTS = [
    (family, kind)
    for number, family in enumerate(FAMILIES)
    for place, kind in enumerate(kind for kind in KINDS if suits(family, kind))
    if (place + number) % _SOME == 0 or not number
]
_DPI = 60
_QUICK = ("digital", "fax_std")


def values(truth: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every value that is said to stand on a page, by the key of its box."""
    for name, value in truth["fields"].items():
        if name not in TABLES and value not in (None, False):
            yield name, value
    for table, rows in truth["tables"].items():
        for number, row in enumerate(rows):
            yield from (
                (f"{table}.{number}.{column}", cell) for column, cell in row.items() if cell and column != "label"
            )


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(documents(5, 6, damages=_QUICK)) == list(documents(5, 6, damages=_QUICK))
    assert list(documents(5, 1, damages=_QUICK)) != list(documents(6, 1, damages=_QUICK))


def test_a_document_does_not_depend_on_how_many_are_made() -> None:
    assert list(documents(5, 2, damages=_QUICK)) == list(documents(5, 4, damages=_QUICK))[:2]


def test_held_back_families_are_made_only_when_asked_for() -> None:
    assert not set(FITTED) & set(HELD_BACK)
    assert {one.family for one in documents(1, 20, damages=["digital"])} <= set(FITTED)
    assert {one.family for one in documents(1, 20, families=HELD_BACK, damages=["digital"])} <= set(HELD_BACK)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_makes_a_file_of_its_kind(damage: str) -> None:
    starts = {"pdf": b"%PDF", "png": b"\x89PNG", "jpg": b"\xff\xd8", "tif": b"II*\x00"}
    for one in documents(2, 1, damages=[damage]):
        assert one.payload.startswith(starts[one.name.rsplit(".")[-1]])
        assert one.truth["degradation"]["profile"] == damage


def test_pages_of_one_file_may_be_copied_unlike() -> None:
    faxes = documents(6, 4, kinds=["referral"], families=["fax_cover"], damages=["photocopy"])
    assert all(one.truth["page_count"] >= 2 and one.payload for one in faxes)


@pytest.mark.parametrize(("family", "kind"), _LAYOUTS)
def test_every_value_bears_ink_in_its_box_on_the_page(family: str, kind: str) -> None:
    draft = lay_out(Random(f"{family}{kind}"), kind, family, digital=False, blank=0)  # noqa: S311  # nothing secret
    pages = [np.asarray(raster(sheet, _DPI).convert("L")) for sheet in draft.sheets]
    marked = {key: (number, box) for number, sheet in enumerate(draft.sheets) for key, box in sheet.marks.items()}
    truth = {"fields": draft.content.values, "tables": draft.content.tables}
    for key, value in values(truth):
        if value == []:
            continue
        number, (left, top, right, bottom) = marked[key]
        wide, high = draft.sheets[number].size
        assert 0 <= left < right <= wide, key
        assert 0 <= top < bottom <= high, key
        x, y, x_end, y_end = (int(edge * _DPI / 72) for edge in (left, top, right, bottom))
        inside = pages[number][y : y_end + 1, x : x_end + 1]
        assert int(inside.max()) - int(inside.min()) > 60, (key, value)


def test_truth_has_the_glossarys_names_alone() -> None:
    for one in documents(3, 60, families=tuple(FAMILIES), damages=["digital"]):
        assert set(one.truth["fields"]) <= names(one.kind), one.name
        for table, rows in one.truth["tables"].items():
            assert {column for row in rows for column in row} <= set(TABLES[table])


def test_what_is_marked_on_a_page_is_in_the_truth() -> None:
    for one in documents(11, 60, families=tuple(FAMILIES), damages=["digital"]):
        filled = {name for name, value in one.truth["fields"].items() if value is not None}
        told = filled | {key for key, _ in values(one.truth)}
        assert set(one.truth["boxes"]) <= told, one.name


def test_nothing_stands_on_a_blank_form() -> None:
    kinds = [kind for kind in KINDS if kind != "insurance_card"]
    for one in documents(4, 40, kinds=kinds, families=BLANK_FORMS, damages=["digital"], blank=1.0):
        filled = {name for name, value in one.truth["fields"].items() if value not in (None, [])} - {"pairs"}
        assert one.truth["blank"]
        assert not filled, one.name
        assert all(row["value"] is None for row in one.truth["tables"].get("pairs", ()))


def test_the_page_text_has_what_was_printed() -> None:
    for one in documents(8, 30, families=tuple(FAMILIES), damages=["digital"]):
        page = " ".join(one.truth["page_text"])
        for name, text in one.truth["printed"].items():
            if isinstance(text, str):
                assert all(word in page for word in text.split()), (one.name, name)


def test_all_kinds_come_in_turn() -> None:
    made: list[Generated] = list(documents(9, len(KINDS), damages=["digital"]))
    assert [one.kind for one in made] == list(KINDS)
