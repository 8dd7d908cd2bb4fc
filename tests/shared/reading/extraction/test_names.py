"""People's names as forms write them."""

import pytest

from shared.reading.extraction.names import person


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("BREITENBERG, BRYAN L", "Bryan L. Breitenberg"),
        ("Dietrich, Alfonso E", "Alfonso E. Dietrich"),
        ("DICKI,MAX", "Max Dicki"),
        ("DICKI. MAX", "Max Dicki"),
        ("O'BRIEN, SEAN", "Sean O'Brien"),
        ("MCDONALD, MARY-ANN K", "Mary-Ann K. McDonald"),
        ("MACEJKOVIC, RUDY T", "Rudy T. Macejkovic"),
        ("DE LA CRUZ, MARIA", "Maria de la Cruz"),
        ("Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("Thornbury, Virgil J Jr.", "Virgil J. Thornbury Jr."),
        ("John Q. Public III", "John Q. Public III"),
        ("STEPHEN BAUER, DO", "Stephen Bauer, DO"),
        ("Stephen Bauer, D.O.", "Stephen Bauer, DO"),
        ("Stephen Bauer, D0", "Stephen Bauer, DO"),
        ("Jerome Ortega M.D.", "Jerome Ortega, MD"),
        ("Dr. Laura Marsh", "Laura Marsh"),
        ("Kim Roe, MSN, FNP-C", "Kim Roe, MSN, FNP-C"),
        ("Pat Lee, PA-C", "Pat Lee, PA-C"),
        ("Ann Do", "Ann Do"),
        ("Name: Ann Lee", "Ann Lee"),
        ("Nancy Thiel (Spouse)", "Nancy Thiel"),
        ("Nancy Thiel - Daughter", "Nancy Thiel"),
        ("B0b Mi1ler", "Bob Miller"),
        ("BAUER, 5TEPHEN", "Stephen Bauer"),
        ("Felipa O'Keefe", "Felipa O'Keefe"),
    ],
)
def test_names(text: str, value: str) -> None:
    found = person(text)

    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "Name:",
        "Patient Name",
        "07/02/1952",
        "(828) 555-8217",
        "418 Larkspur Lane",
        "The patient was seen in the clinic",
        "See above",
        "N/A",
        "ann@example.org",
        "M751639",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert person(text) is None


def test_an_office_is_hardly_a_person() -> None:
    found = person("Cedar Grove Hospice")

    assert found is not None
    assert found.plausibility < 0.5
