"""Invented contents of a document: the canonical value of every field and the rows of every table. Nobody exists."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.samples.people import medicare_number, npi_of

Row = dict[str, str | None]
Value = str | bool | list[str] | None

WORDS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text())

CODE_STATUS = ("Full code", "DNR", "DNR/DNI", "Comfort care only")
MARITAL = ("Single", "Married", "Widowed", "Divorced", "Separated")
LEVELS = ("Routine home care", "Continuous home care", "General inpatient", "Inpatient respite")
URGENCY = ("Routine", "Urgent", "Emergent")
COVERAGE = ("Medicare", "Medicaid", "Tricare", "Group health plan", "Other")
RELATION = ("Self", "Spouse", "Child", "Other")
STATUS = ("Final", "Preliminary", "Corrected", "Partial")


@dataclass(frozen=True, slots=True)
class Record:
    """What a document is to say: dates ISO 8601, phones E.164, names "First M. Last"."""

    values: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]]


def invent(draw: Random) -> Record:
    """A patient with everything that any kind of document may ask."""
    w = WORDS
    sex = draw.choice("FM")
    last = draw.choice(w["last"])
    visit = date(2023, 1, 2) + timedelta(days=draw.randrange(1200))
    born = visit - timedelta(days=draw.randrange(19 * 365, 99 * 365))
    stay = draw.randrange(1, 21)
    start = visit + timedelta(days=draw.randrange(3))
    days = draw.choice((59, 89))
    doctors = [doctor(draw) for _ in range(4)]
    diagnosis, code = draw.choice(w["diagnoses"])
    coded = draw.sample(w["comorbid"], draw.randint(2, 6))
    claims = _claim_lines(draw, visit, 1 + len(coded))
    total = sum(float(str(row["charges"])) for row in claims)
    dates = {
        "date_of_birth": born,
        "admission_date": visit,
        "election_date": start,
        "discharge_date": visit + timedelta(days=stay),
        "certification_start": start,
        "certification_end": start + timedelta(days=days),
        "collected_date": visit,
        "received_date": visit + timedelta(days=draw.randrange(2)),
        "reported_date": visit + timedelta(days=draw.randrange(1, 4)),
        "document_date": visit,
        "signature_date": visit + timedelta(days=draw.randrange(4)),
        "referral_date": visit,
        "requested_start_date": visit + timedelta(days=draw.randrange(1, 15)),
        "onset_date": visit - timedelta(days=draw.randrange(3, 300)),
        "service_date": visit,
        "follow_up_date": visit + timedelta(days=stay + draw.randrange(5, 30)),
    }
    return Record(
        {
            **{name: day.isoformat() for name, day in dates.items()},
            "patient_name": person(draw, sex, last),
            "age": str((visit - born).days * 100 // 36525),
            "sex": sex,
            "mrn": _number(
                draw, draw.choice(("######", "########", "M######", "MR-#####", "##-##-##", "A#######", "H####"))
            ),
            "ssn_last4": _number(draw, "####"),
            "address": address(draw),
            "phone": phone(draw),
            "email": f"{re.sub('[^a-z]', '', last.lower())}{draw.randrange(10, 99)}@{draw.choice(w['mail'])}",
            "marital_status": draw.choice(MARITAL),
            "primary_language": draw.choice(w["languages"]),
            "religion": draw.choice(w["religions"]),
            "veteran": draw.random() < 0.4,
            "height": draw.choice(("5'4\"", "5'10\"", "168 cm", "62 in", "71 in", "6'1\"")),
            "weight": draw.choice(
                (f"{draw.randrange(88, 290)} lb", f"{draw.randrange(42, 120)} kg", f"{draw.randrange(90, 250)} lbs")
            ),
            "length_of_stay": str(stay),
            "level_of_care": draw.choice(LEVELS),
            "benefit_period": str(draw.randint(1, 4)),
            "attending_physician": doctors[0],
            "npi": npi_of(draw),
            "referring_physician": doctors[1],
            "referring_npi": npi_of(draw),
            "primary_care_physician": doctors[2],
            "ordering_physician": doctors[3],
            "primary_diagnosis": diagnosis,
            "icd10_code": code,
            "diagnosis_codes": [code, *(found for _, found in coded[:3])],
            "code_status": draw.choice(CODE_STATUS),
            "advance_directive": draw.choice(w["directives"]),
            "allergies": draw.sample(w["allergies"], draw.choice((0, 1, 1, 2, 2, 3))),
            "pharmacy": draw.choice(w["pharmacies"]),
            "payer": draw.choice(w["payers"]),
            "secondary_payer": draw.choice(w["payers"]),
            "plan_name": draw.choice(w["plans"]),
            "insurance_id": _number(
                draw, draw.choice(("W#########", "XGK########", "#########", "H########-00", "YRP###M#####"))
            ),
            "group_number": _number(draw, draw.choice(("#####", "######", "00#####", "AB####", "G-####"))),
            "medicare_number": medicare_number(draw),
            "coverage_type": draw.choice(COVERAGE),
            "subscriber_name": person(draw, draw.choice("FM"), last),
            "subscriber_relationship": draw.choice(RELATION),
            "other_insured": person(draw, draw.choice("FM"), last),
            "emergency_contact_name": person(draw, draw.choice("FM"), draw.choice((last, draw.choice(w["last"])))),
            "emergency_contact_relationship": draw.choice(w["relationships"]),
            "emergency_contact_phone": phone(draw),
            "facility_phone": phone(draw),
            "facility_fax": phone(draw),
            "referring_facility": draw.choice(w["clinics"] + w["hospitals"]),
            "referring_phone": phone(draw),
            "performing_laboratory": draw.choice(w["laboratories"]),
            "accession_number": _number(
                draw, draw.choice(("########", "##-######", "L#######", "A##-#####", "C###-####"))
            ),
            "report_status": draw.choice(STATUS),
            "fasting": draw.choice(("Yes", "No")),
            "comments": draw.choice(w["comments"]),
            "urgency": draw.choice(URGENCY),
            "reason_for_referral": draw.choice(w["referral_reasons"]),
            "reason_for_visit": draw.choice(w["reasons"]),
            "pps_score": f"{draw.randrange(1, 7)}0%",
            "page_count_stated": str(draw.randint(2, 14)),
            "hospitalization_dates": f"{visit.isoformat()}/{dates['discharge_date'].isoformat()}",
            "tax_id": _number(draw, "##-#######"),
            "account_number": _number(draw, draw.choice(("######", "ACC####", "##-####", "P#######"))),
            "total_charge": f"{total:.2f}",
            "amount_paid": draw.choice(("0.00", "20.00", "35.00", f"{total / 2:.2f}")),
            "condition_at_discharge": draw.choice(w["conditions"]),
            "disposition": draw.choice(w["dispositions"]),
            "diet": draw.choice(w["diets"]),
            "signed_by_representative": person(draw, draw.choice("FM"), last),
        },
        {
            "secondary_diagnoses": [{"description": name, "icd10_code": found} for name, found in coded],
            "medications": _medications(draw, visit, doctors),
            "lab_results": _lab_results(draw),
            "claim_lines": claims,
        },
    )


def person(draw: Random, sex: str, last: str) -> str:
    """A name as "First M. Last"."""
    first = draw.choice(WORDS["first_f" if sex == "F" else "first_m"])
    middle = draw.choice(("", f"{draw.choice('ABCDEFGHJKLMNPRSTW')}."))
    suffix = draw.choice(WORDS["suffixes"]) if sex == "M" and draw.random() < 0.06 else ""
    return " ".join(part for part in (first, middle, last, suffix) if part)


def doctor(draw: Random) -> str:
    """A physician's name with what stands behind it."""
    return f"{person(draw, draw.choice('FM'), draw.choice(WORDS['last']))}, {draw.choice(WORDS['credentials'])}"


def address(draw: Random) -> str:
    """A house's address on one line."""
    number = draw.choice((draw.randrange(1, 99), draw.randrange(100, 9999), draw.randrange(10000, 29999)))
    street = draw.choice(WORDS["streets"])
    kind = "" if street[-1].isdigit() else f" {draw.choice(WORDS['street_kinds'])}"
    unit = draw.choice(WORDS["units"])
    return f"{number} {street}{kind}{' ' if unit else ''}{unit}, {draw.choice(WORDS['towns'])}"


def phone(draw: Random) -> str:
    """A number that nobody has (555-01xx and like it), E.164."""
    return f"+1{draw.choice(WORDS['area_codes'])}555{draw.randrange(10_000):04}"


def _number(draw: Random, form: str) -> str:
    return "".join(str(draw.randrange(1, 10)) if sign == "#" else sign for sign in form)


def _medications(draw: Random, visit: date, doctors: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for name, dose, route, frequency in draw.sample(WORDS["drugs"], draw.randint(2, 9)):
        began = visit - timedelta(days=draw.randrange(5, 900))
        stopped = draw.random() < 0.2
        rows.append(
            {
                "name": name,
                "dose": dose,
                "route": route,
                "frequency": frequency,
                "start_date": began.isoformat(),
                "stop_date": (visit + timedelta(days=draw.randrange(30))).isoformat() if stopped else None,
                "status": "Discontinued" if stopped else draw.choice(WORDS["statuses"]),
                "ordered_by": draw.choice(doctors),
            }
        )
    return rows


def _lab_results(draw: Random) -> list[Row]:
    panels = sorted({row[0] for row in WORDS["tests"]})
    chosen = draw.sample(panels, draw.randint(1, 4))
    rows: list[Row] = []
    for panel in chosen:
        for _, test, least, most, decimals, units in (row for row in WORDS["tests"] if row[0] == panel):
            span = most - least
            result = round(max(0, draw.uniform(least - 0.25 * span, most + 0.35 * span)), decimals)
            flag = "L" if result < least else "H" if result > most else None
            shown = [f"{limit:.{decimals}f}" for limit in (least, most)]
            reference = "-".join(shown) if least else f"<{shown[1]}"
            rows.append(
                {
                    "panel": panel,
                    "test": test,
                    "result": f"{result:.{decimals}f}",
                    "flag": flag,
                    "units": units,
                    "reference_range": reference,
                }
            )
    return rows


def _claim_lines(draw: Random, visit: date, diagnoses: int) -> list[Row]:
    rows: list[Row] = []
    for number, (code, _, price) in enumerate(draw.sample(WORDS["procedures"], draw.randint(1, 6))):
        units = draw.choice((1, 1, 1, 2, 3))
        rows.append(
            {
                "service_date": (visit + timedelta(days=number * draw.randrange(3))).isoformat(),
                "place_of_service": draw.choice(("11", "12", "21", "22", "34")),
                "cpt_code": code,
                "diagnosis_pointer": "".join(sorted(draw.sample("ABCD"[: max(1, min(4, diagnoses))], 1))),
                "charges": f"{price * units:.2f}",
                "units": str(units),
            }
        )
    return rows
