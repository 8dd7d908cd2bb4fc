"""Telling a form that nobody filled in: it has no values, neither its sender's name nor what may be a tick."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from shared.documents import Row
from shared.reading.extraction.confidence import Finding, Origin
from shared.reading.extraction.own_print import HEADS
from shared.templates import Kind, Template
from shared.templates.phrases import plain

_ASKS = 6  # fields that a form asks for, or more; cards and letters, on which nothing is filled in, have fewer labels
_SURELY = 0.55  # strength of evidence below which what may be a value does not tell that somebody wrote on the form
_LOOSE = frozenset({Kind.TEXT, Kind.LIST, Kind.DIAGNOSIS, Kind.IDENTIFIER, Kind.CHOICE})
"""Kinds that print of the form's own may look like; a choice that was ticked is none of them."""
_ASKED_FOR_EACH = 6  # fields that a form asks for where one such value alone does not tell that somebody wrote


def is_blank(
    values: Mapping[str, Finding],
    rows: Mapping[str, Sequence[Row]],
    asked: Collection[str],
    template: Template,
    label_words: frozenset[str],
) -> bool:
    """Whether the document is a form, by the fields that are `asked`, on which nothing was surely written.

    What letterheads print does not tell that anybody wrote on it, nor does ink where one signs (stains are ink), nor
    words that labels are made of (`label_words`), with which the form asks what no template knows. A few words alone
    on a form that asks much, without any name, date, number or tick, are print that was not known for such.
    """
    if len(asked) < _ASKS:
        return False
    asks = label_words | HEADS
    written = [
        (kind, value)
        for kind, value in (*_fields(values, template), *_cells(rows, template))
        if value.confidence >= _SURELY and not (kind in _LOOSE and asks.issuperset(plain(value.text).split()))
    ]
    loose = sum(kind in _LOOSE and value.evidence.origin is not Origin.TICK for kind, value in written)
    return loose == len(written) and loose * _ASKED_FOR_EACH <= len(asked)


def _fields(values: Mapping[str, Finding], template: Template) -> Iterator[tuple[Kind, Finding]]:
    for item in template.fields:
        if item.name in values and not item.letterhead and item.kind is not Kind.PRESENCE:
            yield item.kind, values[item.name]


def _cells(rows: Mapping[str, Sequence[Row]], template: Template) -> Iterator[tuple[Kind, Finding]]:
    for table in template.tables:
        kinds = {column.name: column.kind for column in table.columns}
        for row in rows.get(table.name, ()):
            yield from ((kinds[name], cell) for name, cell in row.items() if isinstance(cell, Finding))
