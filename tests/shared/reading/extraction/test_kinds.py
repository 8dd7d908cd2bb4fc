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


NORMAL_FORMS = {
    Kind.DATE: st.dates().filter(lambda day: 1900 <= day.year <= 2099).map(str),
    Kind.DATE_RANGE: st.sampled_from(["2025-03-11/2025-06-08", "2024-12-31/2025-01-02"]),
    Kind.PHONE: st.integers(2000000, 9999999).map(lambda number: f"+1508{number}"),
    Kind.MONEY: st.integers(0, 9_999_999).map(lambda cents: f"{cents // 100}.{cents % 100:02}"),
    Kind.PERCENT: st.integers(0, 100).map(lambda share: f"{share}%"),
    Kind.COUNT: st.integers(0, 999).map(str),
    Kind.AGE: st.integers(0, 120).map(str),
    Kind.LAST_FOUR: st.integers(0, 9999).map(lambda number: f"{number:04}"),
    Kind.TAX_ID: st.integers(0, 9_999_999).map(lambda number: f"12-{number:07}"),
    Kind.CPT: st.sampled_from(["99213", "G0299", "0001F", "J3490"]),
    Kind.IDENTIFIER: st.from_regex(r"[A-HJ-NP-Z]{0,3}-?[0-9]{4,9}", fullmatch=True).map(lambda code: code.strip("-")),
    Kind.QUANTITY: st.decimals(0, 1000, places=1).map(str),
    Kind.REFERENCE_RANGE: st.tuples(st.decimals(0, 9, places=1), st.decimals(10, 99, places=1)).map(
        lambda ends: f"{ends[0]}-{ends[1]}"
    ),
    Kind.MEASURE: st.sampled_from(["5'4\"", "64 in", "150 lb", "68.5 kg", "152 cm"]),
    Kind.DOSE: st.tuples(st.integers(1, 999), st.sampled_from(["mg", "mcg", "mL", "tabs", "units", "mg/mL"])).map(
        lambda dose: f"{dose[0]} {dose[1]}"
    ),
    Kind.ROUTE: st.sampled_from(["PO", "IV", "SL", "by mouth", "topical"]),
    Kind.FREQUENCY: st.sampled_from(["BID", "q4h prn", "twice daily", "every 8 hours", "at bedtime"]),
    Kind.ADDRESS: st.sampled_from(["381 Mitchell Mission, Mashpee, MA 02649", "PO Box 12, Lynn, MA 01901-1234"]),
    Kind.EMAIL: st.just("ann.lee@example.org"),
    Kind.CHOICE: st.sampled_from([str(one.value) for one in CODE_STATUS]),
    Kind.TEXT: st.sampled_from(["Prairie Home Hospice", "Blue Cross Blue Shield", "Medicare Part A"]),
}


@given(st.data(), st.sampled_from(sorted(NORMAL_FORMS)))
def test_a_value_in_its_normal_form_stays_as_it_is(data: st.DataObject, kind: Kind) -> None:
    value = data.draw(NORMAL_FORMS[kind])
    found = normalise(value, kind, CODE_STATUS)

    assert found is not None
    assert found.value == value
    assert not found.repaired
    assert not found.ambiguous


PRINTED = st.text("0123456789OQDIl|!ZSGBxX/.,-–:;#%$()[]'\" \nabcmgnpqtyAMNTRE•*", max_size=40)


@given(st.sampled_from(Kind), PRINTED)
def test_whatever_looks_like_a_value_is_taken_or_refused_but_never_breaks(kind: Kind, text: str) -> None:
    found = normalise(text, kind, CODE_STATUS)

    assert found is None or 0 < found.plausibility <= 1


@pytest.mark.parametrize("text", ["M / F", "Male Female", "Yes No", "DNR Full code", "Full code  DNR/DNI"])
def test_a_forms_own_choices_are_no_answer(text: str) -> None:
    sex_or_agreement = (
        Choice(value="M", printed=("Male", "M")),
        Choice(value="F", printed=("Female", "F")),
        Choice(value=True, printed=("Yes",)),
        Choice(value=False, printed=("No",)),
    )

    assert normalise(text, Kind.CHOICE, (*sex_or_agreement, *CODE_STATUS)) is None


def test_a_text_that_is_one_of_the_usual_ones_is_written_like_it() -> None:
    periods = (Choice(value="1", printed=("First 90 days", "1st")), Choice(value="2", printed=("Second 90 days",)))
    usual, other = normalise("FIRST 90 DAYS", Kind.TEXT, periods), normalise("60-day #4", Kind.TEXT, periods)

    assert usual is not None
    assert usual.value == "1"
    assert other is not None
    assert other.value == "60-day #4"


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
