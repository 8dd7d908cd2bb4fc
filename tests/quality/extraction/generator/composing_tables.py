"""The tables of a document: which columns they have, what these are called, and what stands in their cells."""

from collections.abc import Mapping, Sequence
from random import Random

from tests.quality.extraction.generator import printing
from tests.quality.extraction.generator.content import Section, Table
from tests.quality.extraction.generator.invention import Record, Row
from tests.quality.extraction.generator.kinds import KINDS, TABLES
from tests.quality.extraction.generator.style import Style
from tests.quality.extraction.generator.wording import cased, label_of

_TITLES: Mapping[str, Sequence[str]] = {
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
    "claim_lines.units": ("Units", "Days or Units", "Qty", "Days/Units"),
    "reference_range": ("Reference Range", "Ref Range", "Normal Range", "Reference Interval", "Expected", "Limits"),
    "service_date": ("Date of Service", "DOS", "Date", "Service Date", "Dates of Service"),
    "place_of_service": ("POS", "Place of Service", "Place"),
    "cpt_code": ("CPT/HCPCS", "CPT", "Procedure Code", "Proc. Code", "CPT / HCPCS Code"),
    "diagnosis_pointer": ("Dx Ptr", "Diagnosis Pointer", "Dx", "Diag Ptr", "Pointer"),
    "charges": ("Charges", "$ Charges", "Charge", "Amount", "Fee"),
    "#": ("#", "No.", "Line"),
}
_TOGETHER: Mapping[str, Sequence[tuple[str, str, Sequence[str]]]] = {
    "medications": (
        (
            "name dose",
            "{name}| {dose}",
            ("Medication", "Medication and Dose", "Drug / Strength", "Medication & Strength"),
        ),
        ("dose route frequency", "{dose}| {route}| {frequency}", ("Sig", "Directions", "Instructions", "How to Take")),
        ("route frequency", "{route}| {frequency}", ("Sig", "Directions", "Route / Frequency", "How Taken")),
        ("dose route", "{dose}| {route}", ("Dose / Route", "Dose & Route", "Dosage")),
    ),
    "lab_results": (
        ("result flag", "{result}| {flag}", ("Result", "Results", "Value")),
        ("result flag", "{flag} |{result}", ("Result", "Value")),
        ("result units", "{result}| {units}", ("Result", "Result / Units", "Observed")),
        ("reference_range units", "{reference_range}| {units}", ("Reference Range", "Normal", "Reference")),
        ("reference_range", "[{reference_range}]", ("Reference Range", "Ref. Range")),
        ("reference_range", "({reference_range})", ("Normal Range", "Expected")),
    ),
    "secondary_diagnoses": (),
    "claim_lines": (),
}
"""What some tables print in one cell: the columns, the cell's form, and its titles."""

_BESIDE: Mapping[str, Sequence[tuple[str, str, Sequence[str]]]] = {
    "medications": (
        ("~last", "Last Taken", ("8 AM", "yesterday", "this morning", "6/2")),
        ("~qty", "Qty", ("30", "60", "90")),
        ("~refills", "Refills", ("0", "1", "3")),
        ("~why", "For", ("pain", "BP", "sleep", "heart", "mood")),
    ),
    "lab_results": (
        ("~site", "Lab", ("01", "02", "A")),
        ("~before", "Previous", ("", "5.1", "140", "0.9")),
    ),
    "claim_lines": (
        ("~modifier", "Mod", ("", "25", "59", "GV")),
        ("~said", "Description", ("Office visit", "Laboratory", "Injection", "Nursing visit")),
    ),
    "secondary_diagnoses": (("~since", "Onset", ("2019", "2021", "", "8/2023")),),
}
"""Columns that nobody asks for."""

_LINES: Mapping[str, Sequence[str]] = {
    "medications": (
        "{name}| {dose}| {route}| {frequency}|, from {start_date}|, stopped {stop_date}|, {status}|, per {ordered_by}",
        "{name}|, {dose}|, {route}|, {frequency}| - {status}| (since {start_date})| (to {stop_date})| - {ordered_by}",
        "{name}| {dose}|: {route}| {frequency}|; {status}|; {start_date}| to {stop_date}|; {ordered_by}",
    ),
    "secondary_diagnoses": (
        "{description}| ({icd10_code})",
        "{icd10_code}| {description}",
        "{description}| - {icd10_code}",
        "{description}|  {icd10_code}",
        "{icd10_code}| - {description}",
        "{description}| [{icd10_code}]",
        "{description}|, {icd10_code}",
    ),
    "lab_results": (
        "{test}| {result}| {flag}| {units}| ({reference_range})",
        "{test}|: {result}| {units}| {flag}| [{reference_range}]",
    ),
    "claim_lines": (
        "{service_date}|  {cpt_code}|  POS {place_of_service}|  Dx {diagnosis_pointer}|  {charges}|  x {units}",
    ),
}
_MOST_LISTED = 6  # laboratory results in a summary of something else


def table_section(  # what the parts of a document share
    draw: Random, name: str, kind: str, style: Style, record: Record, tables: dict[str, Sequence[Row]]
) -> Section:
    """A section with the table `name` alone; its truth is put into `tables`."""
    title = label_of(draw, KINDS[kind].labels.get(name, name), style, within=False)
    columns = list(_columns(draw, name))
    blank = draw.random() < style.blank
    rows = [] if blank else [{column: row.get(column) for column in columns} for row in record.tables[name]]
    if name == "lab_results" and kind == "discharge_summary":
        rows = rows[:_MOST_LISTED]
    tables[name] = rows
    forms = _forms(draw, name, [column for column in columns if column != "panel"], style)
    beside = draw.choice(_BESIDE[name]) if draw.random() < 0.25 and not style.prose else None
    if beside:
        forms.insert(draw.randint(1, len(forms)), (f"{{{beside[0]}}}", cased(beside[1], style)))
    shown = []
    for row in rows:
        cells = {key: printing.printed(key, value, style) for key, value in row.items()}
        shown.append({**cells, beside[0]: draw.choice(beside[2])} if beside else cells)
    listed = draw.random() < {"secondary_diagnoses": 0.5, "medications": 0.15}.get(name, 0)
    line = draw.choice(_LINES[name]) if (listed and not beside) or style.prose else ""
    if line:  # a list has no place for a panel's name
        tables[name] = [{column: text for column, text in row.items() if f"{{{column}}}" in line} for row in rows]
    return Section("", table=Table(name, title, tuple(forms), tuple(shown), line))


def _forms(draw: Random, name: str, columns: Sequence[str], style: Style) -> list[tuple[str, str]]:
    """The columns' forms with their titles, some of them printed together in one cell, the rows numbered at times."""
    joined = draw.choice(_TOGETHER[name]) if _TOGETHER[name] and draw.random() < 0.45 else None
    if joined and not set(joined[0].split()) <= set(columns):
        joined = None
    forms: list[tuple[str, str]] = []
    for column in columns:
        if joined and column in joined[0].split():
            if column == joined[0].split()[0]:
                forms.append((joined[1], cased(draw.choice(joined[2]), style)))
            continue
        titles = _TITLES.get(f"{name}.{column}", _TITLES[column])
        forms.append((f"{{{column}}}", cased(draw.choice(titles), style)))
    if draw.random() < 0.12:
        forms.insert(0, ("{#}", draw.choice(_TITLES["#"])))
    return forms


def _columns(draw: Random, name: str) -> Sequence[str]:
    match name:
        case "medications":
            columns = ["dose", "route", "frequency"]
            if draw.random() < 0.2:
                draw.shuffle(columns)
            more = [column for column in ("start_date", "stop_date", "status", "ordered_by") if draw.random() < 0.25]
            if draw.random() < 0.3:
                more = more[:1]
                columns = [*more, *columns]
                more = []
            return ["name", *columns, *more] if draw.random() < 0.9 else ["name", "dose", "frequency"]
        case "lab_results":
            tail = ["units", "reference_range"]
            if draw.random() < 0.3:
                tail.reverse()
            flag = ["flag"] if draw.random() < 0.85 else []
            panel = ["panel"] if draw.random() < 0.7 else []
            if draw.random() < 0.12:
                return ["test", *flag, "result", *tail, *panel]
            return ["test", "result", *(flag + tail if draw.random() < 0.7 else tail + flag), *panel]
        case "claim_lines":
            columns = list(TABLES[name])
            if draw.random() < 0.25:
                columns[3:] = ["charges", "units", "diagnosis_pointer"]
            if draw.random() < 0.2:
                columns[:3] = ["cpt_code", "service_date", "place_of_service"]
            return columns if draw.random() < 0.7 else [c for c in columns if c != "diagnosis_pointer"]
        case _:
            return ["icd10_code", "description"] if draw.random() < 0.3 else ["description", "icd10_code"]
