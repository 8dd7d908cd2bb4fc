"""What the recogniser's probabilities mean: characters, spaces it half saw, accents it only suspects."""

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.reading.ocr.decoder import CharacterDecoder

CHARACTERS = ("A", "I", "P", "T", "É", "E", ":", "1")
DECODER = CharacterDecoder(CHARACTERS, space_from=0.02)
SPACE = len(CHARACTERS) + 1


def columns(*seen: dict[str, float]) -> NDArray[np.float32]:
    """A row a column: what is named has that probability, "nothing here" the rest."""
    table = np.zeros((len(seen), SPACE + 1), dtype=np.float32)
    for row, probabilities in zip(table, seen, strict=True):
        for character, probability in probabilities.items():
            row[SPACE if character == " " else CHARACTERS.index(character) + 1] = probability
        row[0] = 1 - row.sum()
    return table


def text(*seen: dict[str, float]) -> str:
    return "".join(character.text for character in DECODER.decode(columns(*seen), 1.0).characters)


def test_neighbouring_columns_of_one_class_are_one_character() -> None:
    assert text({"P": 0.9}, {"P": 0.8}, {}, {"P": 0.9}, {"T": 0.9}) == "PPT"


def test_a_character_is_as_sure_as_its_best_column_and_stands_where_it_was_seen() -> None:
    line = DECODER.decode(columns({}, {"P": 0.7}, {"P": 0.9}, {}), 0.5)

    assert [(c.text, c.start, c.end) for c in line.characters] == [("P", 0.5, 1.0)]
    assert line.characters[0].confidence == pytest.approx(0.9)


def test_a_space_stands_where_one_was_half_seen() -> None:
    assert text({"P": 0.9}, {":": 0.9}, {" ": 0.05}, {"1": 0.9}) == "P: 1"
    assert text({"P": 0.9}, {":": 0.9}, {" ": 0.01}, {"1": 0.9}) == "P:1"


def test_a_space_that_was_seen_is_not_doubled_and_not_in_doubt() -> None:
    line = DECODER.decode(columns({"P": 0.9}, {" ": 0.9}, {"1": 0.9}), 1.0)

    assert [character.text for character in line.characters] == ["P", " ", "1"]
    assert line.space_doubt == 0.0


def test_a_line_says_how_likely_it_hides_a_space() -> None:
    assert DECODER.decode(columns({"P": 0.9}, {" ": 0.015}, {"1": 0.9}), 1.0).space_doubt == pytest.approx(0.015)


def test_an_accent_is_taken_when_it_is_clearly_there() -> None:
    assert text({"T": 0.9}, {"É": 0.9, "E": 0.05}) == "TÉ"


def test_a_suspected_accent_is_dirt() -> None:
    assert text({"T": 0.9}, {"É": 0.52, "E": 0.45}) == "TE"


def test_nothing_seen_is_an_empty_line() -> None:
    line = DECODER.decode(columns({}, {}), 1.0)

    assert line.characters == ()
    assert line.confidence == line.weakest == 0.0
