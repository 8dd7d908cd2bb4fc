"""People's names as forms write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("Svet lana F. Smith-Jones", "Svetlana F. Smith-Jones"),
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
        ("O’BRIEN, SEAN", "Sean O'Brien"),
        ("José Núñez", "José Núñez"),
        ("Smith, Jr., John", "John Smith Jr."),
        ("SMITH JR, JOHN", "John Smith Jr."),
        ("John Smith Il", "John Smith II"),
        ("SMITH, John", "John Smith"),
        ("St. John, Mary", "Mary St. John"),
        ("LE, MINH", "Minh Le"),
        ("Nguyen, Son", "Son Nguyen"),
        ("Lee, Stephen", "Stephen Lee"),
        ("LEE, DO", "Do Lee"),
        ("William (Bill) Smith", "William Smith"),
        ("Lee, Ann Dr.", "Ann Lee"),
        ("StephenBauer,DO", "Stephen Bauer, DO"),
        ("StephenBauerDO", "Stephen Bauer, DO"),
        ("Karan A.Gerhold", "Karan A. Gerhold"),
        ("MacArthur, Ann", "Ann MacArthur"),
        ("Ann Lee, M. D.", "Ann Lee, MD"),
        ("Ann Lee MD FACP", "Ann Lee, MD, FACP"),
        ("Ann Lee, MD, Hospice Medical Director", "Ann Lee, MD"),
        ("Ann Lee MD - Attending", "Ann Lee, MD"),
        ("Ann Lee, MD (Attending)", "Ann Lee, MD"),
        ("Ann Lee, MD NPI 1525309310", "Ann Lee, MD"),
        ("Electronically signed by: Ann Lee, MD on 03/11/2025 10:45", "Ann Lee, MD"),
        ("/s/ Ann Lee, MD", "Ann Lee, MD"),
        ("Ann Lee DOB: 03/04/1950", "Ann Lee"),
        ("Nancy Thiel, daughter, 508-555-0216", "Nancy Thiel"),
        ("Nancy Thiel/Spouse", "Nancy Thiel"),
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
        "ID 1234567",
        "Same",
        "Self",
        "Daughter",
        "Mr. and Mrs. Smith",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert person(text) is None


FORENAMES = ["Ann", "Mary-Ann", "José", "Minh", "Stephen", "Do", "Virgil"]
SURNAMES = ["Lee", "O'Brien", "McDonald", "Smith-Jones", "Thornbury", "de la Cruz", "St. John", "van Dyke", "Bauer"]


@given(
    st.sampled_from(FORENAMES),
    st.sampled_from(["", "J.", "Q."]),
    st.sampled_from(SURNAMES),
    st.sampled_from(["", "Jr.", "Sr.", "III"]),
    st.sampled_from(["", "MD", "DO", "RN, BSN", "FNP-C"]),
)
def test_a_name_in_its_normal_form_stays_as_it_is(first: str, middle: str, last: str, suffix: str, behind: str) -> None:
    name = " ".join(part for part in (first, middle, last, suffix) if part) + (f", {behind}" if behind else "")
    found = person(name)

    assert found is not None
    assert found.value == name
    assert not found.repaired


@given(
    st.sampled_from(["Ann", "Mary-Ann", "Virgil"]),
    st.sampled_from(["J", "Q"]),
    st.sampled_from(["Lee", "O'Brien", "McDonald", "Smith-Jones", "Thornbury"]),
    st.sampled_from(["{last}, {first} {middle}", "{last}, {first} {middle}.", "{first} {middle} {last}"]),
    st.booleans(),
)
def test_a_name_is_the_same_in_whatever_order_it_is_written(
    first: str, middle: str, last: str, form: str, capitals: bool
) -> None:
    printed = form.format(first=first, middle=middle, last=last)
    found = person(printed.upper() if capitals else printed)

    assert found is not None
    assert found.value == f"{first} {middle}. {last}"


def test_an_office_is_hardly_a_person() -> None:
    found = person("Cedar Grove Hospice")

    assert found is not None
    assert found.plausibility < 0.5
