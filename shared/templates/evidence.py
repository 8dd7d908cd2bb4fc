"""What on a document's first pages may tell its kind: labels, the heads of tables, what begins a page, all words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.documents import Page, TextLine, bounds
from shared.templates.phrases import Texts, plain

_FIRST_PAGES = 3  # a fax has a cover before its form
_TOP = 0.25  # of a page's height: where a document says what it is
_LONGEST_LABEL = 9  # words
_NUMBERING = re.compile(r"^\s*\(?(?:\d{1,2}[a-z]?[.)]?\s|(?:\d{1,2}[a-z]?|[a-z])[.)])\s*", re.IGNORECASE)  # "2 ", "1a."
_END_OF_LABEL = re.compile(r":|(?:\s*\.){3,}|_{3,}")
_REMARK = re.compile(r"\([^)]*\)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Texts as `plain` gives them.

    `labels` may be labels as they stand, `whole` are those of them that make up all that stands there, `rows` are lines
    across the page, `top` begins a page, `words` is everything without spaces. `lines` counts what stands there."""

    labels: frozenset[str]
    whole: frozenset[str]
    rows: tuple[str, ...]
    top: Texts
    words: str
    lines: int


def evidence(pages: Sequence[Page]) -> Evidence:
    """What the first of `pages` bear."""
    first = pages[:_FIRST_PAGES]
    lines = [line for page in first for line in page.lines]
    return Evidence(
        labels=frozenset(label for line in lines for label in _labels(line.text)),
        whole=frozenset(label for line in lines for label in _whole(line.text)),
        rows=tuple(plain(" ".join(line.text for line in row)) for page in first for row in _rows(page)),
        top=Texts(plain(line.text) for page in first for line in page.lines if _at_top(line, page)),
        words="".join(plain(line.text) for line in lines).replace(" ", ""),
        lines=len(lines),
    )


def _at_top(line: TextLine, page: Page) -> bool:
    return bounds(line.polygon).top < _TOP * page.height


def _whole(text: str) -> Iterator[str]:
    """What is a label if the line, or a part of it that ends as labels do, is nothing else."""
    for part in _END_OF_LABEL.split(_NUMBERING.sub("", text)):
        yield plain(_REMARK.sub(" ", part))


def _labels(text: str) -> Iterator[str]:
    """What may be a label in a line: all of it, what precedes a colon or dots, and its first words."""
    *ended, last = _END_OF_LABEL.split(_NUMBERING.sub("", text))
    for part in ended:
        words = plain(_REMARK.sub(" ", part)).split()
        for count in range(1, min(_LONGEST_LABEL, len(words)) + 1):
            yield " ".join(words[-count:])
    yield plain(last)
    words = plain(_REMARK.sub(" ", last)).split()
    yield " ".join(words)
    for count in range(2, min(_LONGEST_LABEL, len(words)) + 1):  # one word alone may begin a sentence
        yield " ".join(words[:count])


def _rows(page: Page) -> Iterator[list[TextLine]]:
    """Lines that stand beside each other, from left to right."""
    boxed = sorted(((bounds(line.polygon), line) for line in page.lines), key=lambda pair: pair[0].centre[1])
    row: list[tuple[float, TextLine]] = []
    middle = reach = 0.0
    for box, line in boxed:
        if row and box.centre[1] - middle > reach:
            yield [line for _, line in sorted(row, key=lambda pair: pair[0])]
            row = []
        if not row:
            middle, reach = box.centre[1], box.height / 2
        row.append((box.left, line))
    if row:
        yield [line for _, line in sorted(row, key=lambda pair: pair[0])]
