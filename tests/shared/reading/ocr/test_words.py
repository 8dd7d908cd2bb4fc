"""Characters become words that know where they stand."""

import pytest

from shared.documents import Polygon, bounds
from shared.reading.ocr.words import RecognisedCharacter, RecognisedLine, possible_corners, text_line

QUAD: Polygon = ((100.0, 50.0), (300.0, 50.0), (300.0, 80.0), (100.0, 80.0))


def line(text: str, places: list[float] | None = None, confidence: float = 0.99) -> RecognisedLine:
    """`text` evenly along the line, or each character at its place (0..1)."""
    step = 1 / len(text)
    starts = places or [number * step for number in range(len(text))]
    return RecognisedLine(
        tuple(
            RecognisedCharacter(character, confidence, start, start + step / 2)
            for character, start in zip(text, starts, strict=True)
        )
    )


def test_words_are_parted_at_spaces_and_lie_side_by_side() -> None:
    read = text_line(line("Code status: DNR"), QUAD)

    assert read is not None
    assert [word.text for word in read.words] == ["Code", "status:", "DNR"]
    lefts = [bounds(word.polygon).left for word in read.words]
    rights = [bounds(word.polygon).right for word in read.words]
    assert lefts[0] == pytest.approx(100, abs=1)
    assert rights[-1] == pytest.approx(300, abs=1)
    assert all(right <= left + 0.1 for right, left in zip(rights, lefts[1:], strict=False))


def test_a_word_is_as_sure_as_its_weakest_character() -> None:
    characters = (*line("E11.", confidence=0.99).characters, RecognisedCharacter("9", 0.41, 0.9, 0.95))
    read = text_line(RecognisedLine(characters), QUAD)

    assert read is not None
    assert read.words[-1].confidence == 0.41


def test_a_slanted_line_has_slanted_words() -> None:
    read = text_line(line("left right"), ((100.0, 50.0), (300.0, 70.0), (300.0, 100.0), (100.0, 80.0)))

    assert read is not None
    first, last = read.words
    assert first.polygon[0][1] == pytest.approx(50, abs=0.5)
    assert last.polygon[1][1] == pytest.approx(70, abs=0.5)


def test_a_space_says_nothing_of_how_sure_a_line_is() -> None:
    characters = (RecognisedCharacter(" ", 0.02, 0.4, 0.5), *line("E11.9", confidence=0.98).characters)

    assert RecognisedLine(characters).weakest == 0.98
    assert RecognisedLine(characters).confidence == pytest.approx(0.98)


def test_a_tall_narrow_quad_may_be_read_up_or_down_the_page() -> None:
    climbing, descending = possible_corners([(100, 50), (130, 50), (130, 250), (100, 250)])

    assert climbing[0] == (100.0, 250.0)
    assert descending[0] == (130.0, 50.0)


def test_a_quad_not_much_taller_than_wide_may_be_a_single_character() -> None:
    character = ((100.0, 50.0), (112.0, 50.0), (112.0, 74.0), (100.0, 74.0))

    assert possible_corners(character)[0] == character
    assert possible_corners(QUAD) == (QUAD,)


@pytest.mark.parametrize("text", ["   ", " "])
def test_nothing_read_is_no_line(text: str) -> None:
    assert text_line(line(text), QUAD) is None
