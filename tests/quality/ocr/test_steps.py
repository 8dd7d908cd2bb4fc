"""Which steps of reading the benchmark can leave out."""

from dataclasses import dataclass, field

from tests.quality.ocr.steps import switchable, without


@dataclass(frozen=True)
class Preprocess:
    """Settings like the reading's own."""

    deskew: bool = True
    invert: bool = False
    strength: int = 1


@dataclass(frozen=True)
class Settings:
    """Settings like the reading's own."""

    second_look: bool = True
    preprocess: Preprocess = field(default_factory=Preprocess)


def test_steps_are_the_settings_that_are_on_by_default() -> None:
    assert list(switchable(Settings())) == ["second_look", "preprocess.deskew"]


def test_leaving_out_a_step_leaves_the_others_as_they_are() -> None:
    assert without(Settings(), "preprocess.deskew") == Settings(preprocess=Preprocess(deskew=False))
    assert without(Settings(), "second_look") == Settings(second_look=False)
