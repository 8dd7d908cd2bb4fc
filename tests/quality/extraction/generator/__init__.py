"""Clinical documents of every kind in very many layouts, with their truth: what a reader of forms is judged by.

    from tests.quality.extraction.generator import HELD_BACK, documents

The same seed makes the same documents, byte for byte, with the same fonts and the same Pillow and OpenCV.

Families named in HELD_BACK, and the words (`held` in labels.toml) and typefaces (`HELD_…` in fonts.py) that they alone
have, are there to measure on: no rule, label or calibration may be fitted on them. `documents` leaves them out unless
they are asked for by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.quality.extraction.generator.composing import compose
from tests.quality.extraction.generator.damage import DAMAGES, spoil
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families import FAMILIES, HELD_BACK, suits
from tests.quality.extraction.generator.generic import compose_generic
from tests.quality.extraction.generator.invention import invent
from tests.quality.extraction.generator.kinds import KINDS
from tests.quality.extraction.generator.style import choose, for_prose
from tests.quality.extraction.generator.truth import truth_of

__all__ = ["BLANK_FORMS", "DAMAGES", "FAMILIES", "FITTED", "HELD_BACK", "KINDS", "Generated", "documents"]

FITTED = tuple(name for name in FAMILIES if name not in HELD_BACK)
"""Families that rules and calibration may be fitted on."""

BLANK_FORMS = tuple(name for name in FITTED if FAMILIES[name].can_be_blank)
"""Families of forms that are at hand before anybody has filled them in."""

_BLANK = 0.05  # share of the documents that nobody has filled in


@dataclass(frozen=True, slots=True)
class Generated:
    """One document: a file's bytes and what stands in it. `name` is the file's."""

    name: str
    kind: str
    family: str
    damage: str
    payload: bytes
    truth: dict[str, Any]


def documents(  # what a benchmark chooses
    seed: int,
    count: int,
    *,
    kinds: Sequence[str] = tuple(KINDS),
    families: Sequence[str] = FITTED,
    damages: Sequence[str] = DAMAGES,
    blank: float = _BLANK,
) -> Iterator[Generated]:
    """`count` documents, the kinds in turn, families and damages at random; `blank` of them not filled in.

    Kinds that none of the families can lay out are passed over.
    """
    by_kind = {kind: [name for name in families if suits(name, kind)] for kind in kinds}
    suited = [kind for kind in kinds if by_kind[kind]]
    for number in range(count if suited else 0):
        draw = Random(f"{seed}/{number}")  # noqa: S311  # nothing secret
        kind = suited[number % len(suited)]
        family = draw.choice(by_kind[kind])
        yield generate(draw, f"{kind}-{seed}-{number:04}", kind, family, draw.choice(list(damages)), blank=blank)


def generate(  # what a benchmark chooses
    draw: Random, name: str, kind: str, family: str, damage: str, *, blank: float
) -> Generated:
    """One document, drawn and spoilt."""
    draft = lay_out(draw, kind, family, digital=damage == "digital", blank=blank)
    spoilt = spoil(draft.sheets, damage, draw)
    return Generated(
        f"{name}.{spoilt.suffix}", kind, family, damage, spoilt.payload, truth_of(draft, family, damage, spoilt)
    )


def lay_out(draw: Random, kind: str, family: str, *, digital: bool, blank: float) -> Draft:
    """One document, drawn."""
    way = FAMILIES[family]
    style = choose(
        draw,
        held=family in HELD_BACK,
        mono=way.mono,
        blank_form=way.can_be_blank and draw.random() < blank and kind != "insurance_card",
        by_hand=not digital and KINDS[kind].by_hand,
    )
    if way.prose:
        style = for_prose(style)
    record = invent(draw)
    generic = kind == "generic_form"
    content = compose_generic(draw, style, record) if generic else compose(draw, kind, style, record, whole=way.whole)
    draft = Draft(content, style, draw)
    way.draw(draft)
    return draft
