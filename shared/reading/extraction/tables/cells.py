"""From the words of a row's cells to its values, what one cell says of another column taken from it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.documents.reading import Cell, Row
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.dates import AMERICAN, ANY_ORDER, Conventions
from shared.reading.extraction.diagnoses import resolve_icd10, split_trailing_icd10
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Token, around, text_of
from shared.reading.extraction.normalised import AMBIGUOUS, Normalised
from shared.reading.extraction.orders import is_strength, parse_order
from shared.reading.extraction.results import split_flag
from shared.templates import Column, Kind, Table

Words = Mapping[str, tuple[Token, ...]]
"""A row's words by the name of their column."""

_NUMBER = re.compile(r"^[*]?[<>≤≥]?=?\d[\d,]*(?:\.\d+)?[*]?$")
_SIGN = re.compile(r"^(?:[<>]=?|[≤≥])$")
_FLAG = re.compile(r"^[(\[]?(?:HH|LL|H|L|A|AA|HIGH|LOW|ABN|ABNORMAL|CRIT|CRITICAL|C|\*{1,3}|↑|↓)[)\]]?$", re.IGNORECASE)
_UNIT = re.compile(
    r"^(?:%|[a-zµ%][\w%µ^.²³]*(?:/[\w.^²³µ]+)+|[x×]?10[\^*eE]?\d.*|[mµunpf]?g|m?[iI]?[uU]|fl|pg|sec(?:onds|s)?|mm/hr|ratio|units?)$",
    re.IGNORECASE,
)


_CENTS = re.compile(r"[.,\s]\s?\d{2}\D*$")
_POINTLESS = 3  # digits of an amount whose point may have gone unread


@dataclass(frozen=True, slots=True)
class Printed:
    """How a table is printed: on which page, how like each column's heading is to a label of it, how its dates are."""

    page: int
    headings: Mapping[str, float]
    origin: Origin = Origin.TABLE
    dates: Conventions = AMERICAN


def row_of(table: Table, words: Words, printed: Printed, columns: Collection[str]) -> Row:
    """The row's values: None where a cell is empty; optional columns only where they are among `columns`."""
    words = _shared_out(table, words, printed)
    row = {
        column.name: _cell(column, words.get(column.name, ()), printed)
        for column in table.columns
        if not column.optional or column.name in columns
    }
    described = next((words.get(column.name, ()) for column in table.columns if column.kind is Kind.DIAGNOSIS), ())
    for column in table.columns:
        if column.kind is Kind.ICD10 and described:
            row[column.name] = _code(column, words.get(column.name, ()), text_of(described), printed)
    return row


def shows(column: Column) -> bool:
    """Whether values of the column's kind show by themselves what they are."""
    return column.kind in _SHOWN


def fits(column: Column, words: Sequence[Token]) -> bool:
    """Whether the words show by themselves that they are what the column asks for."""
    if column.kind not in _SHOWN or not words:
        return False
    found = _value(column, words, ANY_ORDER)
    if found is not None and found[0].plausibility >= _SHOWN[column.kind]:
        return True
    return column.kind is Kind.FREQUENCY and bool(parse_order(words).dose)  # directions that begin with the dose


_SHOWN = {
    Kind.QUANTITY: 0.81,
    Kind.REFERENCE_RANGE: 0.81,
    Kind.DOSE: 0.75,
    Kind.ROUTE: 0.8,
    Kind.FREQUENCY: 0.8,
    Kind.ICD10: 0.35,
    Kind.CPT: 0.75,
    Kind.MONEY: 0.65,
    Kind.DATE: 0.7,
}
"""From which plausibility a value of a kind shows what it is."""


def _cell(column: Column, words: Sequence[Token], printed: Printed) -> Cell:
    read = _value(column, words, printed.dates)
    if read is None:
        return None
    return _made(column, *read, printed)


def _made(column: Column, found: Normalised, used: Sequence[Token], printed: Printed) -> Finding:
    likeness = printed.headings.get(column.name, 1.0)
    evidence = Evidence(printed.origin, min(word.confidence for word in used), found.plausibility, likeness)
    return finding(found, text_of(used), printed.page, around(used), evidence)


def _code(column: Column, words: Sequence[Token], described: str, printed: Printed) -> Cell:
    """The code, chosen and judged by the diagnosis beside it, which also tells "110" for "I10"."""
    text = text_of(words)
    found = resolve_icd10(text, described) or split_trailing_icd10(f"{described} {text}")[2] if words else None
    return _made(column, found, words, printed) if found else None


def _value(column: Column, words: Sequence[Token], dates: Conventions) -> tuple[Normalised, Sequence[Token]] | None:
    """The value, and the words it stands on: of "06 01 24 06 01 24" the first date's."""
    if not words:
        return None
    if column.kind is Kind.DATE:
        for count in range(1, len(words)):
            found = normalise(text_of(words[:count]), column.kind, conventions=dates)
            if found and found.plausibility >= _SHOWN[Kind.DATE]:
                return found, words[:count]
    found = normalise(text_of(words), column.kind, conventions=dates)
    return (found, words) if found else None


def _shared_out(table: Table, words: Words, printed: Printed) -> Words:
    """What was printed in one cell with another's goes to its own column, where the table has no other for it."""
    kinds = {column.kind: column.name for column in table.columns}
    shared = {name: tuple(found) for name, found in words.items()}
    if Kind.QUANTITY in kinds:
        _share_result(shared, kinds)
    if Kind.DOSE in kinds:
        _share_order(shared, table.columns[0].name, kinds, printed)
    return shared


def _share_result(words: dict[str, tuple[Token, ...]], kinds: Mapping[Kind, str]) -> None:
    """The flag behind a result, and the units behind it or behind its range."""
    result = kinds[Kind.QUANTITY]
    value, rest = _number_first(words.get(result, ()))
    flags = tuple(word for word in rest if _FLAG.match(word.text))
    units = tuple(word for word in rest if word not in flags)
    if flags and not words.get("flag"):
        words["flag"] = flags
        rest = units
    elif len(value) == 1 and not words.get("flag") and split_flag(value[0].text)[1]:
        words["flag"] = value
    if units and not words.get("units") and all(_UNIT.match(word.text) for word in units):
        words["units"], rest = units, ()
    words[result] = (*value, *rest)
    ranged = kinds.get(Kind.REFERENCE_RANGE, "")
    behind = words.get(ranged, ())[-1:]
    if len(words.get(ranged, ())) > 1 and not words.get("units") and _UNIT.match(behind[0].text.strip("()")):
        words["units"], words[ranged] = behind, words[ranged][:-1]


def _number_first(words: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """A result's number with its sign, and what stands behind it; all of it where it is in words."""
    count = 2 if len(words) > 1 and _SIGN.match(words[0].text) else 1
    if words and _NUMBER.match(words[count - 1].text):
        return words[:count], words[count:]
    return words, ()


def _share_order(words: dict[str, tuple[Token, ...]], name: str, kinds: Mapping[Kind, str], printed: Printed) -> None:
    """A dose in the name's cell, a dose or route in that of the directions, where no column is headed for them."""
    frequency = kinds.get(Kind.FREQUENCY, "")
    for cell in _order_of_taking(words, name, kinds[Kind.DOSE], frequency):
        missing = [
            column
            for kind in (Kind.DOSE, Kind.ROUTE, Kind.FREQUENCY)
            if (column := kinds.get(kind, "")) not in printed.headings and not words.get(column)
        ]
        if not missing or not words.get(cell):
            continue
        order = parse_order(words[cell])
        dose = order.dose or (order.name if cell == frequency else ())  # "thin layer topical twice daily"
        parts = {kinds[Kind.DOSE]: dose, kinds.get(Kind.ROUTE, ""): order.route, frequency: order.frequency}
        taken = {column: parts[column] for column in missing if column != cell and parts[column]}
        own = order.name if cell == name else parts[cell]
        if taken and own:
            words.update({**taken, cell: own})


def _order_of_taking(words: Words, name: str, dose: str, frequency: str) -> tuple[str, ...]:
    """The cells of an order as they are taken from: where "20 mg/mL" stands with the name, the dose of the directions
    comes first, since how strong a liquid is says not how much of it is given."""
    strength = text_of(parse_order(words.get(name, ())).dose)
    if is_strength(strength) and parse_order(words.get(frequency, ())).dose:
        return frequency, dose, name
    return name, dose, frequency


def with_cents(table: Table, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, an amount without cents told as unsure where its column prints them: the point may have gone unread."""
    amounts = [column.name for column in table.columns if column.kind is Kind.MONEY]
    for name in amounts:
        printed = [cell.text for row in rows if (cell := row.get(name))]
        if 2 * sum(map(_has_cents, printed)) > len(printed) > 1:
            rows = [{**row, name: _pointed(row.get(name))} for row in rows]
    return tuple(rows)


def _has_cents(amount: str) -> bool:
    return _CENTS.search(amount) is not None


def _pointed(cell: Cell) -> Cell:
    """Of "$1200" among amounts with cents: 12.00, or 1200.00 after all."""
    if not isinstance(cell, Finding) or _has_cents(cell.text) or not str(cell.value).endswith(".00"):
        return cell
    whole = str(cell.value)[: -len(".00")]
    if len(whole) < _POINTLESS:
        return cell
    found = Normalised(
        f"{whole[:-2]}.{whole[-2:]}", AMBIGUOUS, repaired=True, ambiguous=True, alternatives=(str(cell.value),)
    )
    return finding(found, cell.text, cell.page, cell.polygon, replace(cell.evidence, plausibility=AMBIGUOUS))
