"""What the benchmark counts as read, as made up, and as wrong."""

import pytest

from tests.quality.ocr.drivers.protocol import Line, box_quad
from tests.quality.ocr.measures import (
    CharacterScore,
    WordScore,
    in_rows,
    score_characters,
    score_words,
    words,
)


def word(text: str, left: float, top: float, width: float = 40, height: float = 20) -> Line:
    """A text in an upright box."""
    return Line(text, box_quad(left, top, left + width, top + height))


def test_words_are_what_stands_between_white_space_without_the_punctuation_around_them() -> None:
    assert words("Name: (Klein),\n  I50.9 — 555-1234 ✗ ___") == ["Name", "Klein", "I50.9", "555-1234"]


def test_words_keep_their_case_and_lose_typographic_forms() -> None:
    assert words("ﬁne Fine ５") == ["fine", "Fine", "5"]


def test_a_word_counts_as_often_as_it_stands_on_the_page() -> None:
    score = score_words("Yes No Yes", "Yes Yes Yes Maybe")
    assert score == WordScore(same=2, expected=3, read=4)
    assert score.recall == pytest.approx(2 / 3)
    assert score.precision == 0.5


def test_case_counts_unless_it_is_folded() -> None:
    assert (score_words("Klein", "KLEIN").same, score_characters("Klein", "KLEIN").edits) == (0, 4)
    assert score_words("Klein", "KLEIN", fold_case=True) == WordScore(1, 1, 1)
    assert score_characters("Klein", "KLEIN", fold_case=True).edits == 0


def test_a_page_on_which_nothing_was_read_has_no_recall_and_made_nothing_up() -> None:
    score = score_words("Yes No", "")
    assert (score.recall, score.precision) == (0.0, 1.0)


def test_scores_of_pages_add_up_so_that_long_pages_count_more() -> None:
    assert WordScore(1, 2, 3) + WordScore(4, 5, 6) == WordScore(5, 7, 9)
    assert (CharacterScore(1, 10) + CharacterScore(2, 30)).rate == pytest.approx(0.075)


def test_characters_are_compared_without_regard_to_line_breaks_and_drawn_rules() -> None:
    assert score_characters("NAME: KLEIN\n==========\nSEX: M", "NAME: KLEIN SEX: M") == CharacterScore(0, 18)


def test_a_wrong_a_missing_and_an_added_character_are_one_edit_each() -> None:
    assert score_characters("I50.9 acute", "150.9 acutee") == CharacterScore(2, 11)
    assert score_characters("I50.9 acute", "I50.9 acte").edits == 1


def test_texts_are_laid_out_in_rows_whatever_their_order() -> None:
    lines = [word("Klein", 100, 2), word("Born", 0, 30), word("1964", 100, 33), word("Name", 0, 0)]
    assert in_rows(lines) == "Name Klein\nBorn 1964"


def test_a_row_may_slant_by_more_than_its_height_across_the_page() -> None:
    slanted = [word(str(number), left=50 * number, top=5 * number) for number in range(10)]
    below = [word(f"b{number}", left=50 * number, top=5 * number + 30) for number in range(10)]
    assert in_rows(below + slanted).splitlines() == [
        "0 1 2 3 4 5 6 7 8 9",
        "b0 b1 b2 b3 b4 b5 b6 b7 b8 b9",
    ]


def test_a_small_remark_beside_a_headline_is_a_row_of_its_own_unless_it_is_level() -> None:
    assert in_rows([word("FORM", 0, 0, height=60), word("page 1", 100, 0, height=10)]) == "page 1\nFORM"
