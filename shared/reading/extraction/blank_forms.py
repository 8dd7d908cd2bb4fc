"""Telling a form that nobody filled in: it has no values, neither its sender's name nor what may be a tick."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from shared.documents import Row
from shared.reading.extraction.confidence import Finding
from shared.templates import Kind, Template
from shared.templates.phrases import plain

_ASKS = 6  # fields that a form asks for, or more; cards and letters, on which nothing is filled in, have fewer labels
_SURELY = 0.55  # strength of evidence below which what may be a value does not tell that somebody wrote on the form


def is_blank(
    values: Mapping[str, Finding],
    rows: Mapping[str, Sequence[Row]],
    asked: Collection[str],
    template: Template,
    label_words: Collection[str],
) -> bool:
    """Whether the document is a form, by the fields that are `asked`, on which nothing was surely written.

    What letterheads print does not tell that anybody wrote on it, nor does a line on which nobody signed, nor words
    that labels are made of (`label_words`): the form asks with them what no template knows.
    """
    printed = {item.name for item in template.fields if item.letterhead}
    texts = {item.name for item in template.fields if item.kind is Kind.TEXT}
    written = [
        value
        for name, value in values.items()
        if name not in printed
        and value.value is not False
        and not (name in texts and all(word in label_words for word in plain(value.text).split()))
    ]
    return len(asked) >= _ASKS and all(value.confidence < _SURELY for value in (*written, *_cells(rows.values())))


def _cells(tables: Iterable[Sequence[Row]]) -> Iterable[Finding]:
    return (cell for rows in tables for row in rows for cell in row.values() if isinstance(cell, Finding))
