"""What a template's fields and tables are on a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shared.documents import Cell, Row, union
from shared.documents.geometry import bounds, box_polygon
from shared.reading.extraction.anchors import Phrasebook, find_anchors, phrasebook_of
from shared.reading.extraction.blank_forms import is_blank
from shared.reading.extraction.checkboxes import unasked_values
from shared.reading.extraction.confidence import Finding, finding, settled
from shared.reading.extraction.context import FieldAnchor, field_anchors, letterhead_bottom
from shared.reading.extraction.dates import conventions_of
from shared.reading.extraction.diagnoses import resolve_icd10
from shared.reading.extraction.headings import with_headings
from shared.reading.extraction.layout import PageLayout, lay_out
from shared.reading.extraction.letterhead import add_sender
from shared.reading.extraction.marks import SeenPage
from shared.reading.extraction.neighbours import Surroundings
from shared.reading.extraction.normalised import AS_PRINTED, Normalised
from shared.reading.extraction.own_print import with_own_print
from shared.reading.extraction.pairs import PAIRS, find_pairs
from shared.reading.extraction.prose import statements
from shared.reading.extraction.signatures import signature_present
from shared.reading.extraction.tables import FoundTable, find_tables
from shared.reading.extraction.values import choose_values
from shared.templates import Field, Kind, Template


@dataclass(frozen=True, slots=True)
class Record:
    """A value or None for every field, and the rows of every table."""

    fields: Mapping[str, Cell] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def extract(pages: Sequence[SeenPage], template: Template, today: date | None = None) -> Record:
    """The record of `template` on `pages`, every confidence calibrated; what a person has to look at says so."""
    return _settled(find_record(pages, template, today), template)


def find_record(pages: Sequence[SeenPage], template: Template, today: date | None = None) -> Record:
    """What was found with its evidence, as `Finding`s: of a field found on several pages, the strongest.

    Nothing where the document is a form that nobody filled in.
    """
    phrasebook, dates = phrasebook_of(template), conventions_of(template, today)
    values: dict[str, Finding] = {}
    rows: dict[str, tuple[Row, ...]] = {table.name: () for table in template.tables}
    tables: tuple[FoundTable, ...] = ()
    asked: set[str] = set()
    for page in pages:
        layout = lay_out(page, dates)
        if PAIRS in rows:
            rows[PAIRS] += find_pairs(layout)
        found, tables, labelled = _extract_page(layout, phrasebook, template, tables)
        asked.update(item.field.name for item in labelled)
        for name, value in found.items():
            if name not in values or value.confidence > values[name].confidence + 0.1 or values[name].value is False:
                values[name] = value
        for table in tables:
            rows[table.name] += table.rows
    if is_blank(values, rows, asked, template, phrasebook.words):
        return Record(dict.fromkeys(item.name for item in template.fields), dict.fromkeys(rows, ()))
    values |= _chosen_codes(values, template)
    values |= _listed(rows, values, template)
    return Record({item.name: values.get(item.name) for item in template.fields}, rows)


def _settled(record: Record, template: Template) -> Record:
    fields = {item.name: item for item in template.fields}
    columns = {table.name: {column.name: column for column in table.columns} for table in template.tables}
    return Record(
        {name: settled(cell, fields[name]) for name, cell in record.fields.items()},
        {
            table: tuple({name: settled(cell, columns[table][name]) for name, cell in row.items()} for row in rows)
            for table, rows in record.tables.items()
        },
    )


def _extract_page(
    layout: PageLayout, phrasebook: Phrasebook, template: Template, before: tuple[FoundTable, ...]
) -> tuple[dict[str, Finding], tuple[FoundTable, ...], tuple[FieldAnchor, ...]]:
    """The page's values, its tables, and the labels of fields that it has."""
    anchors = with_headings(layout, find_anchors(layout, phrasebook), phrasebook)
    anchors = with_own_print(layout, anchors, phrasebook)
    tables = find_tables(layout, anchors, template.tables, before)
    in_tables = frozenset(token for table in tables for token in table.tokens)
    outside = tuple(anchor for anchor in anchors if not in_tables.issuperset(anchor.tokens))
    bottom = letterhead_bottom(outside, template, layout)
    around_labels = Surroundings(layout, outside, in_tables, phrasebook.words)
    labelled = field_anchors(outside, template, bottom)
    values = choose_values(labelled, around_labels, template.fields, statements(layout, phrasebook, template))
    for item in labelled:
        if item.field.kind is Kind.PRESENCE:
            _keep_surer(values, item.field.name, signature_present(item, around_labels))
    values |= unasked_values(template.fields, values, around_labels)
    add_sender(values, layout, outside, template, bottom)
    return values, tables, labelled


def _keep_surer(values: dict[str, Finding], name: str, found: Finding | None) -> None:
    """Of several places to sign, that somebody signed in one of them tells more than that another is empty."""
    known = values.get(name)
    if found is not None and (known is None or (found.value, found.confidence) > (known.value, known.confidence)):
        values[name] = found


def _chosen_codes(values: Mapping[str, Finding], template: Template) -> dict[str, Finding]:
    """Codes that were misread in several ways, of which one stands for the diagnosis printed under its own label."""
    chosen = {}
    for item in template.fields:
        code, described = values.get(item.name), values.get(item.inside or "")
        if item.kind is Kind.ICD10 and code and described and code.needs_review:
            found = resolve_icd10(code.text, str(described.value))
            if found and not found.ambiguous:
                evidence = replace(code.evidence, plausibility=found.plausibility)
                chosen[item.name] = finding(found, code.text, code.page, code.polygon, evidence)
    return chosen


def _listed(
    rows: Mapping[str, tuple[Row, ...]], values: Mapping[str, Finding], template: Template
) -> dict[str, Finding]:
    """Fields that repeat a table as a list of texts: "Hypertension (I10)"."""
    return {
        item.name: made
        for item in template.fields
        if item.kind is Kind.LIST and item.name not in values and (made := _list_of(item, rows)) is not None
    }


def _list_of(item: Field, rows: Mapping[str, tuple[Row, ...]]) -> Finding | None:
    filled = [[cell for cell in row.values() if cell is not None] for row in rows.get(item.name, ())]
    filled = [cells for cells in filled if cells]
    if not filled:
        return None
    cells = [cell for row in filled for cell in row if isinstance(cell, Finding)]
    here = [cell for cell in cells if cell.page == cells[0].page]
    texts = tuple(_in_words([str(cell.value) for cell in row]) for row in filled)
    return finding(
        Normalised(texts, AS_PRINTED, ambiguous=any(cell.needs_review for cell in cells)),
        text="; ".join(" ".join(cell.text for cell in row) for row in filled),
        page=cells[0].page,
        polygon=box_polygon(union(bounds(cell.polygon) for cell in here)),
        evidence=min((cell.evidence for cell in cells), key=lambda evidence: evidence.strength),
    )


def _in_words(texts: Sequence[str]) -> str:
    first, *rest = texts
    return f"{first} ({', '.join(rest)})" if rest else first
