"""Field by field: what was found against what stands there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from shared.documents import Cell, FieldValue, Row
from shared.reading.extraction import Record
from shared.templates import Kind, load_builtin
from tests.quality.extraction.comparing import likeness, same
from tests.quality.extraction.corpus import Document

_LIKE_ENOUGH = 0.5  # mean likeness of a row's cells, from which two rows are the same one


class Outcome(StrEnum):
    """What became of one value."""

    RIGHT = "right"
    WRONG = "wrong"  # another value stands there: it is both made up and missed
    MADE_UP = "made up"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One value that stands on a document or was found on it. `field` is a field's name or "table.column"."""

    document: Document
    field: str
    kind: str
    outcome: Outcome
    canonical: Any
    printed: Any
    found: Cell
    row: int | None = None

    @property
    def confidence(self) -> float:
        """Of the value found, 0 where there is none."""
        return self.found.confidence if self.found else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of outcomes."""

    right: int = 0
    wrong: int = 0
    made_up: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the values found that are right; 1 when none were found."""
        found = self.right + self.wrong + self.made_up
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of the values that stand there that were found; 1 when none do."""
        there = self.right + self.wrong + self.missed
        return self.right / there if there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        counted = 2 * self.right + 2 * self.wrong + self.made_up + self.missed
        return 2 * self.right / counted if counted else 1.0


def score(judgements: Iterable[Judgement]) -> Score:
    """The outcomes counted."""
    outcomes = [judgement.outcome for judgement in judgements]
    return Score(*(outcomes.count(outcome) for outcome in Outcome))


def judge(document: Document, record: Record) -> list[Judgement]:
    """Every value that stands on the document or was found on it, judged; nothing where nothing is right."""
    return [*_judge_fields(document, record), *_judge_tables(document, record)]


def _judge_fields(document: Document, record: Record) -> Iterator[Judgement]:
    truth = document.truth
    names = [*truth.fields, *(name for name in record.fields if name not in truth.fields)]
    for name in names:
        if name in truth.tables or (name in record.tables and name not in truth.fields):
            continue  # judged as a table
        kind = kind_of(name)
        canonical, printed, found = truth.fields.get(name), truth.printed.get(name), record.fields.get(name)
        outcome = _outcome(found, canonical, printed, kind)
        if outcome:
            yield Judgement(document, name, kind, outcome, canonical, printed, found)


def _outcome(found: Cell, canonical: Any, printed: Any, kind: str) -> Outcome | None:
    """None where nothing stands and nothing was found; that nobody signed is nothing where no answer is known."""
    if found is None:
        return None if canonical is None else Outcome.MISSED
    if canonical is None:
        return None if kind == Kind.PRESENCE and found.value is False else Outcome.MADE_UP
    return Outcome.RIGHT if same(found.value, canonical, printed, kind) else Outcome.WRONG


def _judge_tables(document: Document, record: Record) -> Iterator[Judgement]:
    names = [*document.truth.tables, *(name for name in record.tables if name not in document.truth.tables)]
    for table in names:
        truth_rows = document.truth.tables.get(table, ())
        found_rows = record.tables.get(table, ())
        for number, (there, found) in enumerate(aligned(table, truth_rows, found_rows)):
            columns = [*there, *(column for column in found if column not in there)]
            for column in columns:
                kind = kind_of(f"{table}.{column}")
                cell = found.get(column)
                outcome = _outcome(cell, there.get(column), None, kind)
                if outcome:
                    yield Judgement(document, f"{table}.{column}", kind, outcome, there.get(column), None, cell, number)


def aligned(
    table: str, truth: Sequence[Mapping[str, Any]], found: Sequence[Row]
) -> list[tuple[Mapping[str, Any], Row]]:
    """Each row of the truth with the row found that is most like it, the likest first taken; rows alone at the end."""
    pairs = sorted(
        (
            (-_row_likeness(table, there, row), abs(i - j), i, j)
            for i, there in enumerate(truth)
            for j, row in enumerate(found)
        ),
    )
    match: dict[int, int] = {}
    for unlike, _, i, j in pairs:
        if -unlike >= _LIKE_ENOUGH and i not in match and j not in match.values():
            match[i] = j
    alone = [row for j, row in enumerate(found) if j not in match.values()]
    return [
        *((there, found[match[i]] if i in match else {}) for i, there in enumerate(truth)),
        *(({}, row) for row in alone),
    ]


def _row_likeness(table: str, there: Mapping[str, Any], row: Row) -> float:
    """The mean likeness of the cells that either has, the first column's counting twice."""
    likenesses: list[float] = []
    for number, column in enumerate(there):
        canonical, cell = there[column], row.get(column)
        if canonical is None and cell is None:
            continue
        alike = likeness(cell.value, canonical, kind_of(f"{table}.{column}")) if canonical is not None and cell else 0.0
        likenesses.extend([alike] * (2 if number == 0 else 1))
    return sum(likenesses) / len(likenesses) if likenesses else 0.0


def values_of(record: Record) -> list[FieldValue]:
    """All values found: a signature that is not there is none."""
    cells = [
        *record.fields.values(),
        *(cell for rows in record.tables.values() for row in rows for cell in row.values()),
    ]
    return [cell for cell in cells if cell is not None and cell.value is not False]


def kind_of(name: str) -> str:
    """The kind of a field, or of a "table.column", in the first template that has it; "text" where none has."""
    return _kinds().get(name, Kind.TEXT)


@cache
def _kinds() -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    for template in load_builtin():
        for field in template.fields:
            kinds.setdefault(field.name, field.kind)
        for table in template.tables:
            for column in table.columns:
                kinds.setdefault(f"{table.name}.{column.name}", column.kind)
    return kinds
