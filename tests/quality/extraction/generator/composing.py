"""Composes what a document of some kind asks and says: which fields, under which labels, what is left blank."""

from collections.abc import Mapping, Sequence
from random import Random

from tests.quality.extraction.generator import invention, printing
from tests.quality.extraction.generator.composing_tables import table_section
from tests.quality.extraction.generator.content import Content, Entry, Part, Section
from tests.quality.extraction.generator.invention import Record, Row, Value
from tests.quality.extraction.generator.kinds import KINDS, TABLES, Topic
from tests.quality.extraction.generator.style import Style
from tests.quality.extraction.generator.wording import LABELS, label_of

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
_SPLIT_ADDRESSES = (
    ("Street", "City", "State", "ZIP"),
    ("Street Address", "City", "State", "Zip Code"),
    ("No., Street", "City", "St", "Zip"),
)
_ON_FILE = ("Signature on file", "SIGNATURE ON FILE", "SOF")


def compose(draw: Random, kind: str, style: Style, record: Record, *, whole: bool = False) -> Content:
    """The document's content, some of it left blank by the style's share; `whole`: all that such documents ask."""
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
        section = _section(draw, topic, kind, style, record, values, tables, whole=whole)
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
    values.update({key: record.values[key] for _, _, key in content.letterhead if key})
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
            found.append((draw.choice(LABELS[key]["plain"]), text, key if kind == "hospice_admission" else ""))
    return tuple(found)


def _section(  # what the parts of a document share
    draw: Random,
    topic: Topic,
    kind: str,
    style: Style,
    record: Record,
    values: dict[str, Value],
    tables: dict[str, Sequence[Row]],
    *,
    whole: bool,
) -> Section | None:
    heading = draw.choice(topic.headings) if topic.headings else ""
    names = [*topic.always, *(name for name in topic.perhaps if whole or draw.random() < 0.6)]
    if "referring_npi" in names and "referring_physician" not in names:
        names.remove("referring_npi")  # whose it is would not be told
    if len(names) > 3 and draw.random() < 0.5:
        head, tail = names[:1], names[1:]
        draw.shuffle(tail)
        names = head + tail
    if any(name in TABLES for name in names):
        if kind in {"patient_registration", "referral", "discharge_summary"} and draw.random() < 0.35:
            return None
        return table_section(draw, names[0], kind, style, record, tables)
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
        if style.prose and value is None:
            continue
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
    sets: Sequence[tuple[str, ...]] = _CHOICES.get(name, ()) if draw.random() < 0.55 and not style.prose else ()
    options: tuple[str, ...] = draw.choice(sets) if sets else ()
    if name == "patient_signature_on_file":
        if style.prose or style.box == "words":
            return Entry(label, ((draw.choice(_ON_FILE) if value else "", name),))
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
    if name == "address":
        return _address(draw, label, text, style)
    return Entry(label, ((text, name),))


def _name_boxes(draw: Random, name: str) -> tuple[Part, ...]:
    titles = draw.choice(_SPLIT_NAMES)
    first, middle, last = printing.name_parts(name) if name else ("", "", "")
    by_title = {"L": last, "F": first, "M": middle}
    return tuple(Part(title, by_title[title[0]], 0.16 if title[0] == "M" else 0.42) for title in titles)


def _address(draw: Random, label: str, text: str, style: Style) -> Entry:
    """On one line, on two, or with the town in boxes of its own where a layout has such."""
    key, way = "address", draw.random()
    if style.prose or way < 0.55:
        return Entry(label, ((text, key),))
    street, town, state = text.rsplit(", ", 2) if text else ("", "", " ")
    if way < 0.75 and text:
        return Entry(label, ((street, key), ("\n", ""), (f"{town}, {state}", key)))
    texts = (street, town, *state.split(" ", 1))
    pieces = zip(draw.choice(_SPLIT_ADDRESSES), texts, (0.46, 0.26, 0.1, 0.18), strict=True)
    return Entry(label, ((text, key),), parts=tuple(Part(*piece) for piece in pieces))
