"""Which lines get a second look, and how a line is cut out of its page."""

import numpy as np
import pytest

from shared.reading.ocr.recognition import cut_line, is_sure, prepare
from shared.reading.ocr.words import RecognisedCharacter, RecognisedLine


def line(*confidences: float, space_doubt: float = 0.0) -> RecognisedLine:
    return RecognisedLine(tuple(RecognisedCharacter("7", c, 0.0, 1.0) for c in confidences), space_doubt)


def test_one_unsure_character_asks_for_a_second_look() -> None:
    assert is_sure(line(0.99, 0.97))
    assert not is_sure(line(0.99, 0.90))


def test_a_gap_that_may_be_a_space_asks_for_a_second_look() -> None:
    assert not is_sure(line(0.99, 0.99, space_doubt=0.3))


def test_a_line_on_which_nothing_was_seen_asks_for_a_second_look() -> None:
    assert not is_sure(RecognisedLine(()))


def test_a_line_is_cut_as_it_is_read() -> None:
    page = np.full((200, 300, 3), 255, dtype=np.uint8)
    page[50:60, 20:120] = 0  # level ink from 20 to 120

    cut = cut_line(page, ((20.0, 50.0), (120.0, 50.0), (120.0, 60.0), (20.0, 60.0)))
    assert cut.shape == (10, 100, 3)
    assert cut[2:8, 2:98].max() == 0

    climbing = cut_line(page.transpose(1, 0, 2), ((60.0, 20.0), (60.0, 120.0), (50.0, 120.0), (50.0, 20.0)))
    assert climbing.shape == (10, 100, 3)


def test_a_short_line_is_padded_and_says_so() -> None:
    tensor, share = prepare(np.zeros((48, 16, 3), dtype=np.uint8))

    assert tensor.shape == (1, 3, 48, 64)
    assert share == pytest.approx(0.25)
    assert tensor[..., :16].max() == -1.0
    assert tensor[..., 16:].min() == 0.0
