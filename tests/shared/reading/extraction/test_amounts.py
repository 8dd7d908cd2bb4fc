"""Amounts, results, doses, contacts and addresses in their normal forms."""

import pytest

from shared.documents import Value
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.results import split_flag, unit
from shared.templates import Kind


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.MONEY, "$1,234.00", "1234.00"),
        (Kind.MONEY, "1234 00", "1234.00"),
        (Kind.MONEY, "$ 405 00", "405.00"),
        (Kind.MONEY, "4O5.0O", "405.00"),
        (Kind.MONEY, "$405,00", "405.00"),
        (Kind.MONEY, "$0.00", "0.00"),
        (Kind.MONEY, "405", "405.00"),
        (Kind.MONEY, "405.00 USD", "405.00"),
        (Kind.MONEY, "$1OO.OO", "100.00"),
        (Kind.MONEY, "none", None),
        (Kind.MONEY, "03/11/2025", None),
        (Kind.PERCENT, "30%", "30%"),
        (Kind.PERCENT, "PPS 40 %", "40%"),
        (Kind.PERCENT, "3O%", "30%"),
        (Kind.PERCENT, "30-40%", "30-40%"),
        (Kind.PERCENT, "50", "50%"),
        (Kind.PERCENT, "PPS: 40", "40%"),
        (Kind.PERCENT, "PPS 40", "40%"),
        (Kind.PERCENT, "300%", None),
        (Kind.PERCENT, "poor", None),
        (Kind.COUNT, "4", "4"),
        (Kind.COUNT, "4 pages", "4"),
        (Kind.COUNT, "first", "1"),
        (Kind.COUNT, "2nd", "2"),
        (Kind.COUNT, "O4", "4"),
        (Kind.COUNT, "03/11/2025", None),
        (Kind.COUNT, "Pages: 4", "4"),
        (Kind.COUNT, "Page 1 of 4", "4"),
        (Kind.COUNT, "several", None),
        (Kind.MEASURE, "5'4\"", "5'4\""),
        (Kind.MEASURE, "5 ft 4 in", "5'4\""),
        (Kind.MEASURE, "64in", "64 in"),
        (Kind.MEASURE, "150 lbs", "150 lb"),
        (Kind.MEASURE, "l50 lb", "150 lb"),
        (Kind.MEASURE, "68.5kg", "68.5 kg"),
        (Kind.MEASURE, "150 lb (68 kg)", "150 lb"),
        (Kind.MEASURE, "5’4”", "5'4\""),
        (Kind.MEASURE, "120 / 80", None),
        (Kind.MEASURE, "tall", None),
        (Kind.QUANTITY, "12.3", "12.3"),
        (Kind.QUANTITY, "12.3H", "12.3"),
        (Kind.QUANTITY, "< 0.5", "<0.5"),
        (Kind.QUANTITY, "l2.3", "12.3"),
        (Kind.QUANTITY, "12,3", "12.3"),
        (Kind.QUANTITY, "1,234", "1,234"),
        (Kind.QUANTITY, "-2.1", "-2.1"),
        (Kind.QUANTITY, "H 12.3", "12.3"),
        (Kind.QUANTITY, "12.3 mg/dL", "12.3"),
        (Kind.QUANTITY, "12.3 mg/dL (H)", "12.3"),
        (Kind.QUANTITY, "8.1 10^3/uL", "8.1"),
        (Kind.QUANTITY, "Negative", "Negative"),
        (Kind.REFERENCE_RANGE, "4.0 - 11.0", "4.0-11.0"),
        (Kind.REFERENCE_RANGE, "(4.O–11.0)", "4.0-11.0"),
        (Kind.REFERENCE_RANGE, "3.5 to 5.1 mmol/L", "3.5-5.1"),
        (Kind.REFERENCE_RANGE, "> 60", ">60"),
        (Kind.REFERENCE_RANGE, "<5.7", "<5.7"),
        (Kind.REFERENCE_RANGE, "< or = 5.6", "<=5.6"),
        (Kind.REFERENCE_RANGE, "-2.0 - 3.0", "-2.0-3.0"),
        (Kind.REFERENCE_RANGE, "150,000-400,000", "150,000-400,000"),
        (Kind.REFERENCE_RANGE, "M: 13.5-17.5", "M: 13.5-17.5"),
        (Kind.DOSE, "500mg", "500 mg"),
        (Kind.DOSE, "5OO mg", "500 mg"),
        (Kind.DOSE, "0,4 mg", "0.4 mg"),
        (Kind.DOSE, "25-100 mg", "25-100 mg"),
        (Kind.DOSE, "5mg/mL", "5 mg/mL"),
        (Kind.DOSE, "18 units", "18 units"),
        (Kind.DOSE, "6.25 mg1", "6.25 mg"),
        (Kind.DOSE, "5 mg|", "5 mg"),
        (Kind.DOSE, "20 mEq", "20 mEq"),
        (Kind.DOSE, "10 rng", "10 mg"),
        (Kind.DOSE, "2 puffs", "2 puffs"),
        (Kind.DOSE, "12.5 rncg/hr", "12.5 mcg/hr"),
        (Kind.DOSE, "18 MGG", "18 mcg"),
        (Kind.DOSE, "1-2 tabs", "1-2 tabs"),
        (Kind.DOSE, "1,000 mg", "1,000 mg"),
        (Kind.DOSE, "2.5mg/3mL", "2.5 mg/3mL"),
        (Kind.ROUTE, "sublingua1", "sublingual"),
        (Kind.ROUTE, "P0", "PO"),
        (Kind.ROUTE, "1V", "IV"),
        (Kind.ROUTE, "by mouth", "by mouth"),
        (Kind.FREQUENCY, "B1D", "BID"),
        (Kind.FREQUENCY, "g4h prn", "q4h prn"),
        (Kind.FREQUENCY, "QI2H", "Q12H"),
        (Kind.FREQUENCY, "twlce dai1y", "twice daily"),
        (Kind.FREQUENCY, "TWIGE DAILY", "TWICE DAILY"),
        (Kind.FREQUENCY, "every 8 hours", "every 8 hours"),
        (Kind.PHONE, "555) 267-1659", "+15552671659"),
        (Kind.PHONE, "(508)555-0216", "+15085550216"),
        (Kind.PHONE, "508 555 0216 ext. 12", "+15085550216"),
        (Kind.PHONE, "5O8-555-02l6", "+15085550216"),
        (Kind.PHONE, "1-508-555-0216", "+15085550216"),
        (Kind.PHONE, "+44 20 7946 0958", "+442079460958"),
        (Kind.PHONE, "1(508)555-0216", "+15085550216"),
        (Kind.PHONE, "15085550216", "+15085550216"),
        (Kind.PHONE, "508-555-0216 / 617-555-1234", "+15085550216"),
        (Kind.PHONE, "555-0216", None),
        (Kind.PHONE, "- 1525309310", None),
        (Kind.PHONE, "1525309310", None),
        (Kind.EMAIL, "Ann.Lee@example.org", "ann.lee@example.org"),
        (Kind.EMAIL, "ann.lee @ example,org", "ann.lee@example.org"),
        (Kind.EMAIL, "ann.lee@example org", "ann.lee@example.org"),
        (Kind.EMAIL, "none", None),
        (
            Kind.ADDRESS,
            "885 Mills Way Suite 57 New Bedford, MA 02740",
            "885 Mills Way Suite 57, New Bedford, MA 02740",
        ),
        (Kind.ADDRESS, "381 Mitchell Mission, Mashpee MA O2649", "381 Mitchell Mission, Mashpee, MA 02649"),
        (Kind.ADDRESS, "PO Box 12, Lynn, MA, 01901", "PO Box 12, Lynn, MA 01901"),
        (Kind.ADDRESS, "PO Box 12 Lynn Massachusetts 01901", "PO Box 12, Lynn, MA 01901"),
        (Kind.ADDRESS, "1 Main St #4\nSalem, MA 01970-1234", "1 Main St #4, Salem, MA 01970-1234"),
        (Kind.ADDRESS, "1 Main St. Salem MAO1970", "1 Main St., Salem, MA 01970"),
        (Kind.ADDRESS, "5 Elm St, Providence, R.I. 02903 USA", "5 Elm St, Providence, RI 02903"),
        (Kind.ADDRESS, "103 0NDRICKA PLAZA SUITE I6, LYNN, MA 0Z261", "103 ONDRICKA PLAZA SUITE 16, LYNN, MA 02261"),
        (Kind.ADDRESS, "12 Oak St, Lynn, MA 01901 (508) 555-0216", "12 Oak St, Lynn, MA 01901"),
        (Kind.LIST, "1. Latex 2. Aspirin", ("Latex", "Aspirin")),
        (Kind.LIST, "Penicillin (rash, hives), Latex", ("Penicillin (rash, hives)", "Latex")),
        (Kind.LIST, "1) Latex 2) PCN", ("Latex", "PCN")),
        (Kind.LIST, "NKDA; Latex", ("Latex",)),
        (Kind.LIST, "Allergies: NK0A", ()),
        (Kind.LIST, "NKA/NKDA", ()),
        (Kind.LIST, "No Known Alergies", ()),
        (Kind.LIST, "(NKDA)", ()),
        (Kind.LIST, "No known drug allergies (NKDA)", ()),
        (Kind.TEXT, ": Prairie Home Hospice ____", "Prairie Home Hospice"),
        (Kind.TEXT, "knee pain,worse at night", "knee pain, worse at night"),
        (Kind.TEXT, "Payer ....... Aetna", "Payer Aetna"),
    ],
)
def test_values(kind: Kind, text: str, value: Value | None) -> None:
    found = normalise(text, kind)

    assert (found.value if found else None) == value


@pytest.mark.parametrize("text", ["S405.00", "04 mg"])
def test_a_sign_or_a_point_that_may_be_lost_sends_an_amount_to_review(text: str) -> None:
    found = normalise(text, Kind.DOSE if text.endswith("mg") else Kind.MONEY)

    assert found is not None
    assert found.ambiguous
    assert found.plausibility < 0.5
    assert found.alternatives


def test_a_flag_is_parted_from_its_result() -> None:
    assert split_flag("12.3H") == ("12.3", "H")
    assert split_flag("12.3 (L)") == ("12.3", "L")
    assert split_flag("Negative") == ("Negative", "")


def test_words_are_kept_for_a_choice_only_where_that_is_asked() -> None:
    assert normalise("see chart", Kind.CHOICE) is None
    kept = normalise("see chart", Kind.CHOICE, free_text=True)

    assert kept is not None
    assert kept.value == "see chart"
    assert kept.plausibility <= 0.5


def test_a_zip_code_of_another_state_is_hardly_right() -> None:
    right, wrong = (normalise(f"381 Mitchell Mission, Mashpee, MA {code}", Kind.ADDRESS) for code in ("02649", "92649"))

    assert right is not None
    assert right.plausibility > 0.9
    assert wrong is not None
    assert wrong.plausibility <= 0.5


def test_words_that_are_no_address_are_hardly_one() -> None:
    found = normalise("see above", Kind.ADDRESS)

    assert found is not None
    assert found.plausibility < 0.5


def test_half_a_range_is_hardly_one() -> None:
    found = normalise("5 -", Kind.REFERENCE_RANGE)

    assert found is not None
    assert found.plausibility < 0.5


def test_units_that_a_misread_one_may_be_come_in_one_order() -> None:
    misread = unit("IL")

    assert misread is not None
    assert (misread.ambiguous, misread.alternatives) == (True, ("fL", "mL"))


@pytest.mark.parametrize("read", ["qóh PRN", "qnh", "Q.Oh"])
def test_hours_that_were_not_read_are_for_a_person(read: str) -> None:
    found = normalise(read, Kind.FREQUENCY)

    assert found is not None
    assert found.ambiguous
