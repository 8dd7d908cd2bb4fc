"""What a document asks and says, in sections, before anything is laid out."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.quality.extraction.generator import invention, printing
from tests.quality.extraction.generator.invention import Record, Row, Value
from tests.quality.extraction.generator.kinds import KINDS, TABLES, Topic
from tests.quality.extraction.generator.style import Style

_LABELS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text())
_CHOICES: Mapping[str, Sequence[tuple[str, ...]]] = {
    "sex": (("Male", "Female"), ("M", "F"), ("Female", "Male"), ("Male", "Female", "Other")),
    "marital_status": (invention.MARITAL, invention.MARITAL[:4]),
    "veteran": (("Yes", "No"),),
    "code_status": (invention.CODE_STATUS,),
    "level_of_care": (invention.LEVELS,),
    "urgency": (invention.URGENCY,),
    "coverage_type": (invention.COVERAGE,),
    "subscriber_relationship": (invention.RELATION,),
    "report_status": (invention.STATUS,),
    "fasting": (("Yes", "No"),),
    "benefit_period": (("1", "2", "3", "4"), ("1", "2", "3", "4", "5")),
    "patient_signature_on_file": (("Signature on file",),),
}
_SEX = {"M": ("Male", "M"), "F": ("Female", "F")}
_SPLIT_NAMES = (
    ("Last Name", "First Name", "MI"),
    ("Last", "First", "Middle"),
    ("First Name", "M.I.", "Last Name"),
    ("Last Name", "First Name", "Middle Initial"),
)
_TABLE_LABELS: Mapping[str, Sequence[str]] = {
    "description": ("Description", "Diagnosis", "Condition", "Problem"),
    "icd10_code": ("ICD-10", "Code", "ICD-10 Code", "ICD-10-CM", "Dx Code"),
    "name": ("Medication", "Drug", "Medication Name", "Drug Name", "Medicine", "Rx"),
    "dose": ("Dose", "Strength", "Dosage", "Amount", "Dose / Strength"),
    "route": ("Route", "Rte", "How Taken", "RTE"),
    "frequency": ("Frequency", "How Often", "Freq", "Directions", "Schedule", "Sig"),
    "start_date": ("Start", "Start Date", "Began", "Date Started"),
    "stop_date": ("Stop", "Stop Date", "End Date", "D/C Date"),
    "status": ("Status", "Current Status"),
    "ordered_by": ("Prescriber", "Ordered By", "Provider", "Prescribed By"),
    "test": ("Test", "Test Name", "Analyte", "Component", "Procedure"),
    "result": ("Result", "Value", "Your Value", "Results", "Observed"),
    "flag": ("Flag", "Abn", "H/L", "Flg", "Alert"),
    "units": ("Units", "Unit", "UOM"),
    "reference_range": ("Reference Range", "Ref Range", "Normal Range", "Reference Interval", "Expected", "Limits"),
    "service_date": ("Date of Service", "DOS", "Date", "Service Date", "Dates of Service"),
    "place_of_service": ("POS", "Place of Service", "Place"),
    "cpt_code": ("CPT/HCPCS", "CPT", "Procedure Code", "Proc. Code", "CPT / HCPCS Code"),
    "diagnosis_pointer": ("Dx Ptr", "Diagnosis Pointer", "Dx", "Diag Ptr", "Pointer"),
    "charges": ("Charges", "$ Charges", "Charge", "Amount", "Fee"),
    "label": ("Item",),
    "value": ("Value",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing asked. `runs` are texts with the key of the field that each is, "" for none; all empty: left blank."""

    label: str
    runs: tuple[tuple[str, str], ...]
    options: tuple[str, ...] = ()
    chosen: int | None = None
    parts: tuple[tuple[str, str], ...] = ()  # label and text of the boxes that a name stands in

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields it asks for."""
        return tuple(key for _, key in self.runs if key)

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as printed under titled columns; a cell's key is `name.row.column`."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a heading, or a table."""

    heading: str
    entries: tuple[Entry, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All of a document: `truth` has the canonical value of each key that is asked, None where blank."""

    kind: str
    title: str
    issuer: str
    sections: tuple[Section, ...]
    values: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]]
    signature: str = ""  # the field that says whether somebody signed
    signature_label: str = ""
    signer: str = ""
    signed: bool = False
    letterhead: tuple[tuple[str, str, str], ...] = ()  # label, printed, key


def label_of(draw: Random, key: str, style: Style, *, within: bool) -> str:
    """A form's words for the field, in the style's case."""
    words = _LABELS[key]
    held = words.get("held", ())
    if style.held and held and draw.random() < 0.4:
        text = draw.choice(held)
    elif within and "within" in words and draw.random() < 0.75:
        text = draw.choice(words["within"])
    else:
        text = draw.choice(words["plain"])
    return cased(text, style)


def cased(text: str, style: Style) -> str:
    """`text` in the case in which the style has labels."""
    match style.label_case:
        case "upper":
            return text.upper()
        case "lower first":
            return " ".join(
                word if n == 0 or word.isupper() or not word[1:].islower() else word.lower()
                for n, word in enumerate(text.split())
            )
        case _:
            return text


def compose(draw: Random, kind: str, style: Style, record: Record) -> Content:
    """The document's content, some of it left blank by the style's share."""
    one = KINDS[kind]
    values: dict[str, Value] = {}
    tables: dict[str, Sequence[Row]] = {}
    sections: list[Section] = []
    first = [topic for topic in one.topics if topic.first]
    rest = [topic for topic in one.topics if not topic.first]
    if draw.random() < 0.7:
        draw.shuffle(rest)
    if first and draw.random() < 0.15:
        rest.insert(1, first.pop())
    for topic in first + rest:
        section = _section(draw, topic, kind, style, record, values, tables)
        if section:
            sections.append(section)
    issuer = str(record.values["payer"]) if one.issuer_field == "payer" else draw.choice(invention.WORDS[one.issuers])
    if one.issuer_field == "performing_laboratory":
        issuer = str(record.values["performing_laboratory"])
    values[one.issuer_field] = issuer
    signed = bool(one.signature) and style.blank < 1 and draw.random() < 0.8
    signer_key = "patient_name" if one.signature.startswith("patient") else "attending_physician"
    content = Content(
        kind,
        draw.choice(one.titles),
        issuer,
        tuple(sections),
        values,
        tables,
        one.signature,
        label_of(draw, one.signature, style, within=False) if one.signature else "",
        str(record.values[signer_key]),
        signed,
        _letterhead(draw, kind, style, record),
    )
    if one.signature:
        values[one.signature] = signed if style.blank < 1 else None
        if kind != "patient_registration":
            values["signature_date"] = record.values["signature_date"] if signed and draw.random() < 0.8 else None
    return content


def _letterhead(draw: Random, kind: str, style: Style, record: Record) -> tuple[tuple[str, str, str], ...]:
    """Phone and fax of who prints the form; fields in an admission, elsewhere beside the point."""
    found = []
    for key in ("facility_phone", "facility_fax"):
        if draw.random() < 0.7:
            text = printing.printed(key, record.values[key], style)
            found.append((draw.choice(_LABELS[key]["plain"]), text, key if kind == "hospice_admission" else ""))
    return tuple(found)


def _section(  # what the parts of a document share
    draw: Random,
    topic: Topic,
    kind: str,
    style: Style,
    record: Record,
    values: dict[str, Value],
    tables: dict[str, Sequence[Row]],
) -> Section | None:
    heading = draw.choice(topic.headings) if topic.headings else ""
    names = [*topic.always, *(name for name in topic.perhaps if draw.random() < 0.6)]
    if len(names) > 3 and draw.random() < 0.5:
        head, tail = names[:1], names[1:]
        draw.shuffle(tail)
        names = head + tail
    if any(name in TABLES for name in names):
        if kind in {"patient_registration", "referral", "discharge_summary"} and draw.random() < 0.35:
            return None
        return _table_section(draw, names[0], kind, style, record, tables)
    within = style.within and bool(heading)
    entries: list[Entry] = []
    for name in names:
        if name == "icd10_code" and "primary_diagnosis" in names and entries and draw.random() < 0.35:
            merged = _with_code(draw, entries, name, values, record)
            if merged:
                continue
        value = None if draw.random() < style.blank else record.values.get(name)
        if name == "patient_signature_on_file":
            value = None if draw.random() < style.blank else True
        values[name] = value
        entries.append(_entry(draw, name, value, kind, style, within=within))
    return Section(heading, tuple(entries)) if entries else None


def _with_code(draw: Random, entries: list[Entry], name: str, values: dict[str, Value], record: Record) -> bool:
    """Whether the code could be printed behind the diagnosis that it belongs to."""
    for place, entry in enumerate(entries):
        if entry.keys == ("primary_diagnosis",) and entry.text:
            values[name] = record.values[name]
            code = str(record.values[name])
            before, after = draw.choice(((" (", ")"), (" - ", ""), ("  ", ""), (" [", "]"), (", ", "")))
            entries[place] = Entry(
                entry.label + draw.choice(("", " (ICD-10)", " / ICD-10")),
                (*entry.runs, (before, ""), (code, name), (after, "")),
            )
            return True
    return False


def _entry(  # what the parts of a document share
    draw: Random, name: str, value: Value, kind: str, style: Style, *, within: bool
) -> Entry:
    words = KINDS[kind].labels.get(name, name)
    label = label_of(draw, words, style, within=within)
    sets: Sequence[tuple[str, ...]] = _CHOICES.get(name, ()) if draw.random() < 0.55 else ()
    options: tuple[str, ...] = draw.choice(sets) if sets else ()
    if name == "patient_signature_on_file":
        options = _CHOICES[name][0]
    if options:
        shown = {True: "Yes", False: "No"}.get(value, value) if isinstance(value, bool) else value
        fitting: tuple[str, ...] = _SEX.get(str(value), (str(shown),)) if name == "sex" else (str(shown),)
        if name == "patient_signature_on_file":
            fitting = options
        places = [n for n, option in enumerate(options) if option in fitting]
        if value is None or places:
            return Entry(label, (("", name),), options, places[0] if value is not None else None)
    text = printing.printed(name, value, style, draw.choice(invention.WORDS["no_allergies"]))
    if name == "sex" and value and draw.random() < 0.5:
        text = _SEX[str(value)][0]
    if name == "patient_name" and kind != "lab_report" and draw.random() < 0.25:
        return Entry(label, ((text, name),), parts=_name_boxes(draw, str(value) if value else ""))
    return Entry(label, ((text, name),))


def _name_boxes(draw: Random, name: str) -> tuple[tuple[str, str], ...]:
    titles = draw.choice(_SPLIT_NAMES)
    first, middle, last = printing.name_parts(name) if name else ("", "", "")
    by_title = {"L": last, "F": first, "M": middle}
    return tuple((title, by_title[title[0]]) for title in titles)


def _table_section(  # what the parts of a document share
    draw: Random, name: str, kind: str, style: Style, record: Record, tables: dict[str, Sequence[Row]]
) -> Section:
    title = label_of(draw, KINDS[kind].labels.get(name, name), style, within=False)
    columns = list(_columns(draw, name))
    blank = draw.random() < style.blank
    rows = [] if blank else [{column: row.get(column) for column in columns} for row in record.tables[name]]
    if name == "lab_results" and kind == "discharge_summary":
        rows = rows[:6]
    tables[name] = rows
    shown = tuple({key: printing.printed(key, value, style) for key, value in row.items()} for row in rows)
    titled = tuple(
        (column, cased(draw.choice(_TABLE_LABELS[column]), style)) for column in columns if column != "panel"
    )
    return Section("", table=Table(name, title, titled, shown))


def _columns(draw: Random, name: str) -> Sequence[str]:
    match name:
        case "medications":
            columns = ["dose", "route", "frequency"]
            if draw.random() < 0.2:
                draw.shuffle(columns)
            more = [column for column in ("start_date", "stop_date", "status", "ordered_by") if draw.random() < 0.25]
            return ["name", *columns, *more] if draw.random() < 0.9 else ["name", "dose", "frequency"]
        case "lab_results":
            tail = ["units", "reference_range"]
            if draw.random() < 0.3:
                tail.reverse()
            flag = ["flag"] if draw.random() < 0.85 else []
            panel = ["panel"] if draw.random() < 0.7 else []
            return ["test", "result", *(flag + tail if draw.random() < 0.7 else tail + flag), *panel]
        case "claim_lines":
            columns = list(TABLES[name])
            return columns if draw.random() < 0.7 else [c for c in columns if c != "diagnosis_pointer"]
        case _:
            return ["icd10_code", "description"] if draw.random() < 0.3 else ["description", "icd10_code"]
