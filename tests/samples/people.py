"""Invented patients: nobody here exists. The same seed makes the same person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

Value = str | bool | list[str] | None
Row = dict[str, str | None]

_FIRST = {
    "F": ["Margaret", "Dorothy", "Lucille", "Consuelo", "Beatrice", "Ingrid", "Wilhelmina", "Yvonne"],
    "M": ["Harold", "Ernesto", "Clarence", "Thaddeus", "Walter", "Alphonse", "Desmond", "Virgil"],
}
_LAST = ["Okafor", "Lindgren", "Castellanos", "Whitcomb", "Abernathy", "Petrosyan", "Dunleavy", "Vasquez", "Thornbury"]
_STREETS = [
    "418 Larkspur Lane",
    "77 Old Mill Road",
    "1206 Juniper Court",
    "9 Harbor Street Apt 4B",
    "350 Meadowlark Drive",
]
_TOWNS = ["Millbrook, OH 44017", "Cedar Falls, IA 50613", "Asheford, NC 28704", "Granite Bay, CA 95746"]
_DOCTORS = ["Priya Raghavan, MD", "Samuel T. Oyelaran, DO", "Helen Marchetti, MD", "Kofi Mensah, MD"]
_HOSPICES = [
    "Cedar Hollow Hospice",
    "Lantern Bay Hospice Care",
    "Prairie Light Hospice",
    "Willow Creek Hospice Services",
]
_DIAGNOSES = [
    ("Malignant neoplasm of upper lobe, left lung", "C34.12"),
    ("Heart failure, unspecified", "I50.9"),
    ("Alzheimer's disease with late onset", "G30.1"),
    ("Chronic obstructive pulmonary disease", "J44.9"),
    ("Malignant neoplasm of pancreas", "C25.9"),
]
_COMORBID = [
    ("Essential hypertension", "I10"),
    ("Type 2 diabetes mellitus", "E11.9"),
    ("Atrial fibrillation", "I48.91"),
    ("Chronic kidney disease, stage 3", "N18.30"),
    ("Hypothyroidism", "E03.9"),
    ("Dysphagia, oropharyngeal phase", "R13.12"),
]
_MEDICATIONS = [
    ("Morphine sulfate", "5 mg", "PO", "every 4 hours as needed"),
    ("Lorazepam", "0.5 mg", "SL", "every 6 hours as needed"),
    ("Furosemide", "40 mg", "PO", "daily"),
    ("Senna", "8.6 mg", "PO", "twice daily"),
    ("Acetaminophen", "650 mg", "PR", "every 6 hours"),
    ("Metoprolol", "25 mg", "PO", "twice daily"),
]


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: `printed` as the form shows each field, `fields` as the record has it, and the tables."""

    printed: Mapping[str, str]
    fields: Mapping[str, Value]
    tables: Mapping[str, list[Row]]


def invent(seed: int, *, last_name_first: bool = False) -> Patient:
    """The patient of `seed`; `last_name_first` prints names as "LAST, FIRST M"."""
    draw = Random(seed)  # noqa: S311  # nothing secret
    sex = draw.choice("FM")
    first, middle, last = draw.choice(_FIRST[sex]), draw.choice("ABCDEGHJLMR"), draw.choice(_LAST)
    diagnosis, code = draw.choice(_DIAGNOSES)
    doctor, referrer = draw.sample(_DOCTORS, 2)
    admission = date(2025, 1, 6) + timedelta(days=draw.randrange(400))
    birth = date(1931, 3, 1) + timedelta(days=draw.randrange(9000))
    medicare, npi, phones = medicare_number(draw), npi_of(draw), [_phone(draw) for _ in range(4)]
    contact = f"{draw.choice(_FIRST[draw.choice('FM')])} {last}"
    allergies = draw.choice([["Penicillin", "Sulfa drugs"], ["Codeine"], [], ["Latex", "Aspirin"]])
    chosen: dict[str, Value] = {
        "marital_status": draw.choice(["Married", "Widowed", "Single"]),
        "code_status": draw.choice(["DNR", "Full code", "DNR/DNI"]),
        "level_of_care": draw.choice(["Routine home care", "General inpatient", "Inpatient respite"]),
        "veteran": draw.choice([True, False]),
    }
    same: dict[str, str] = {  # printed as the record has it
        "mrn": f"M{draw.randrange(100000, 999999)}",
        "ssn_last4": f"{draw.randrange(1000, 9999)}",
        "age": str((admission - birth).days * 4 // 1461),
        "address": f"{draw.choice(_STREETS)}, {draw.choice(_TOWNS)}",
        "primary_language": draw.choice(["English", "Spanish", "Armenian"]),
        "religion": draw.choice(["Catholic", "Lutheran", "Jewish", "None stated"]),
        "benefit_period": draw.choice(["1", "2", "3"]),
        "npi": npi,
        "primary_diagnosis": diagnosis,
        "icd10_code": code,
        "payer": draw.choice(["Medicare Part A", "Humana Gold Plus", "Blue Cross Blue Shield"]),
        "secondary_payer": draw.choice(["Ohio Medicaid", "Aetna Supplement", "AARP Medigap"]),
        "insurance_id": f"W{draw.randrange(10**8, 10**9)}",
        "group_number": f"{draw.randrange(10000, 99999)}",
        "advance_directive": draw.choice(["Living will on file", "Healthcare proxy", "None"]),
        "pharmacy": draw.choice(["Corner Drug, Millbrook", "Riverside Pharmacy", "Enclara Hospice Pharmacy"]),
        "emergency_contact_relationship": draw.choice(["Daughter", "Son", "Spouse", "Niece"]),
        "facility_name": draw.choice(_HOSPICES),
    }
    dates = {"date_of_birth": birth, "admission_date": admission, "election_date": admission}
    dates["signature_date"] = admission + timedelta(days=1)
    calls = dict(zip(("phone", "emergency_contact_phone", "facility_phone", "facility_fax"), phones, strict=True))
    secondary: list[Row] = [{"description": name, "icd10_code": code} for name, code in draw.sample(_COMORBID, 3)]
    medications: list[Row] = [
        dict(zip(("name", "dose", "route", "frequency"), row, strict=True)) for row in draw.sample(_MEDICATIONS, 4)
    ]
    name = f"{first} {middle}. {last}"
    fields: dict[str, Value] = {
        **same,
        **chosen,
        **{field: day.isoformat() for field, day in dates.items()},
        **{field: "+1" + number for field, number in calls.items()},
        "patient_name": name,
        "sex": sex,
        "medicare_number": medicare,
        "attending_physician": doctor,
        "referring_physician": referrer,
        "emergency_contact_name": contact,
        "allergies": allergies,
        "patient_signature_present": True,
        "secondary_diagnoses": [f"{row['description']} ({row['icd10_code']})" for row in secondary],
    }
    printed = {
        **same,
        **{field: str(value) for field, value in chosen.items()},
        **{field: f"{day.month:02}/{day.day:02}/{day.year}" for field, day in dates.items()},
        **{field: f"({number[:3]}) {number[3:6]}-{number[6:]}" for field, number in calls.items()},
        "patient_name": f"{last.upper()}, {first.upper()} {middle}" if last_name_first else name,
        "ssn_last4": f"xxx-xx-{same['ssn_last4']}",
        "sex": {"M": "Male", "F": "Female"}[sex],
        "veteran": "Yes" if chosen["veteran"] else "No",
        "medicare_number": f"{medicare[:4]}-{medicare[4:7]}-{medicare[7:]}",
        "attending_physician": doctor,
        "referring_physician": referrer,
        "emergency_contact_name": contact,
        "allergies": ", ".join(allergies) or "NKDA",
    }
    return Patient(printed, fields, {"secondary_diagnoses": secondary, "medications": medications})


def _phone(draw: Random) -> str:
    return f"{draw.choice(['216', '319', '828', '916'])}555{draw.randrange(1000, 9999)}"


def npi_of(draw: Random) -> str:
    """Ten digits with NPPES's check digit: Luhn over 80840 and the first nine."""
    nine = "1" + "".join(str(draw.randrange(10)) for _ in range(8))
    total = 0
    for place, digit in enumerate(reversed("80840" + nine)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return nine + str(-total % 10)


def medicare_number(draw: Random) -> str:
    """A Medicare Beneficiary Identifier in CMS's form: C A AN N A AN N A A N N."""
    letters = "ACDEFGHJKMNPQRTUVWXY"
    form = "CAXNAXNAANN"
    pick = {"C": "123456789", "A": letters, "N": "0123456789", "X": letters + "0123456789"}
    return "".join(draw.choice(pick[place]) for place in form)
