"""Letters that were read one by one take from their neighbours what alone they do not show."""

import pytest

from shared.reading.extraction.cases import as_one_word


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("pr0State", "prostate"),
        ("SChultZ", "Schultz"),
        ("G00d", "Good"),
        ("Mariso1", "Marisol"),
        ("2 g S0dium", "2 g Sodium"),
        ("C0NTRAST", "CONTRAST"),
    ],
)
def test_letters_of_one_shape_are_as_their_neighbours(read: str, said: str) -> None:
    assert as_one_word(read) == said


@pytest.mark.parametrize("read", ["A10", "M357394", "0123", "XGK79", "N18.6", "4N00-FT9-AF73", "MacDonald", "10", "X0"])
def test_codes_and_names_stay_as_they_were_read(read: str) -> None:
    assert as_one_word(read) == read
