"""What is told of the parts that Chartdrop is made of."""

from importlib.metadata import distribution

import pytest

from desktop.licences import PACKED, Part, as_text, part_of, parts_from_json, parts_to_json, shipped_parts


def test_from_source_what_is_required_is_listed_and_what_develops_it_is_not() -> None:
    names = [part.name for part in shipped_parts()]

    assert {"paddleocr", "PySide6_Essentials", "fastapi", "psycopg-binary", "argon2-cffi"} <= set(names)
    assert not {"pytest", "mypy", "localstripe", "pyinstaller", "chartdrop"} & set(names)
    assert len(names) == len(set(names))


def test_a_part_has_its_licence_and_the_text_that_its_authors_want_handed_on() -> None:
    part = part_of(distribution("httpx"))

    assert (part.name, "BSD" in part.licence) == ("httpx", True)
    assert "Redistribution and use in source and binary forms" in part.text


def test_none_but_a_few_parts_leave_their_licence_untold() -> None:
    untold = {part.name for part in shipped_parts() if part.licence == "not stated"}

    assert untold <= {"sqlcipher3"}, "the metadata of this one names none; its text does"


def test_all_of_it_can_be_read_in_one_text() -> None:
    parts = [Part("beta", "2", "MIT", "Be kind."), Part("Alpha", "1", "BSD", "")]

    text = as_text(parts)

    assert text.index("Alpha 1: BSD") < text.index("beta 2: MIT") < text.index("Be kind.")


def test_a_bundle_tells_what_was_written_down_when_it_was_built(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (Part("façade", "1", "MIT", "Text\nof it"),)
    folder = tmp_path_factory.mktemp("bundle")
    (folder / PACKED).write_bytes(parts_to_json(parts))
    monkeypatch.setattr("sys._MEIPASS", str(folder), raising=False)

    assert shipped_parts() == parts == parts_from_json(parts_to_json(parts))
