"""From what stands on paper to normal forms; nothing is made of what cannot be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import Value
from shared.reading.extraction.diagnoses import split_trailing_icd10
from shared.reading.extraction.kinds import normalise
from shared.templates import Choice, Kind

CODE_STATUS = (
    Choice(value="DNR", printed=("DNR", "Do not resuscitate")),
    Choice(value="DNR/DNI", printed=("DNR/DNI",)),
    Choice(value="Full code", printed=("Full code", "Full")),
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.DATE, "02/03/2025", "2025-02-03"),
        (Kind.DATE, "2-3-25", "2025-02-03"),
        (Kind.DATE, "2025-02-03", "2025-02-03"),
        (Kind.DATE, "Feb 3, 2025", "2025-02-03"),
        (Kind.DATE, "03-FEB-2025", "2025-02-03"),
        (Kind.DATE, "O2/O3/2O25", "2025-02-03"),
        (Kind.DATE, "23/02/2025", "2025-02-23"),
        (Kind.DATE, "02/30/2025", None),
        (Kind.DATE, "pending", None),
        (Kind.BIRTH_DATE, "5/29/48", "1948-05-29"),
        (Kind.PHONE, "(828) 555-8217", "+18285558217"),
        (Kind.PHONE, "828.555.8217 (cell)", "+18285558217"),
        (Kind.PHONE, "12/21/1947", None),
        (Kind.PERSON, "THORNBURY, VIRGIL J", "Virgil J. Thornbury"),
        (Kind.PERSON, "Virgil James Thornbury", "Virgil J. Thornbury"),
        (Kind.PERSON, "Dr. Samuel T. Oyelaran, D0", "Samuel T. Oyelaran, DO"),
        (Kind.PERSON, "07/02/1952", None),
        (Kind.ICD10, "c34,90", "C34.90"),
        (Kind.ICD10, "150.9", "I50.9"),
        (Kind.ICD10, "El1.9", "E11.9"),
        (Kind.ICD10, "SEE NOTE", None),
        (Kind.NPI, "1525309310", "1525309310"),
        (Kind.NPI, "NPI 152530931O", "1525309310"),
        (Kind.NPI, "555-1234", None),
        (Kind.MEDICARE, "8K07-YJ8-AY27", "8K07YJ8AY27"),
        (Kind.MEDICARE, "8KO7 YJ8 AY27", "8K07YJ8AY27"),
        (Kind.LAST_FOUR, "xxx-xx-5557", "5557"),
        (Kind.AGE, "73 y/o", "73"),
        (Kind.AGE, "1931", None),
        (Kind.IDENTIFIER, "m 638738", "M638738"),
        (Kind.IDENTIFIER, "unknown", None),
        (Kind.LIST, "NKDA", ()),
        (Kind.LIST, "Latex, Aspirin and Codeine", ("Latex", "Aspirin", "Codeine")),
        (Kind.ADDRESS, "418Larkspur Lane, Cedar Falls, IA", "418 Larkspur Lane, Cedar Falls, IA"),
        (Kind.CHOICE, "DNR/DNI", "DNR/DNI"),
        (Kind.CHOICE, "Ful code", "Full code"),
        (Kind.CHOICE, "see chart", None),
        (Kind.TEXT, "____", None),
    ],
)
def test_normal_forms(kind: Kind, text: str, value: Value | None) -> None:
    found = normalise(text, kind, CODE_STATUS)

    assert (found.value if found else None) == value


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_any_text_is_taken_or_refused_but_never_breaks(kind: Kind, text: str) -> None:
    found = normalise(text, kind, CODE_STATUS)

    assert found is None or 0 < found.plausibility <= 1


def test_a_mended_code_is_less_sure() -> None:
    read, mended = normalise("I50.9", Kind.ICD10), normalise("150.9", Kind.ICD10)

    assert read is not None
    assert mended is not None
    assert mended.plausibility < read.plausibility


def test_a_wrong_check_digit_is_kept_with_little_trust() -> None:
    found = normalise("1525309311", Kind.NPI)

    assert found is not None
    assert found.plausibility < 0.5


def test_a_code_is_taken_out_of_its_diagnosis() -> None:
    described, printed, code = split_trailing_icd10("Heart failure, unspecified (I50.9)")

    assert described == "Heart failure, unspecified"
    assert "I50.9" in printed
    assert code is not None
    assert code.value == "I50.9"
