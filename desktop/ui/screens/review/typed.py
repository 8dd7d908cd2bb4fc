"""What a person types as a value: read by the grammar of its kind, as print on a page is. Pure: no widget."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.ui.screens.review.record import Record
from desktop.ui.wording import otherwise, percent, shown, shown_value
from shared.documents import Cell, FieldValue, Value
from shared.documents.reading import PERSON
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.normalised import AMBIGUOUS, Normalised
from shared.templates import Column, Field, Kind
from shared.templates.review import review_below
from shared.templates.schema import allows

translate = QCoreApplication.translate
Asked = Field | Column | None
_LOADING = ((Kind.PERSON, "Anna B. Lee, MD"), (Kind.PHONE, "(518) 555-0100"), (Kind.ICD10, "I10"))


@dataclass(frozen=True, slots=True)
class Typed:
    """The value that a text is (None: nothing stands there). With a `fault` it cannot be kept; a `doubt` is told."""

    value: Value | None
    fault: str = ""
    doubt: str = ""


def typed(text: str, name: str, asked: Asked, before: Cell) -> Typed:
    """`text` as the value of the field `name`, where `before` is shown; `asked` is what its template says of it."""
    text = text.strip()
    if not text:
        return Typed(None)
    if before is not None and text == shown(name, before):
        return Typed(before.value)
    if asked is None:
        return Typed(text)
    return _answer(text) if asked.kind is Kind.PRESENCE else _by_grammar(text, name, asked)


def warm_up(record: Record) -> None:
    """Nothing that `record` is checked by has to be loaded any more, which takes up to a second: not for the window."""
    for kind, example in _LOADING:
        normalise(example, kind)
    for entry in record.entries():
        if entry.place is not None and entry.cell is not None:
            typed(entry.cell.text, entry.place.name, entry.asked, None)
            tuple(doubts(entry.place.name, entry.cell, entry.asked))


def doubts(name: str, cell: FieldValue, asked: Asked) -> Iterator[str]:
    """Why a person is to look at what was read, a sentence each."""
    if cell.source == PERSON or asked is None:
        return
    if cell.text and (found := _again(cell, asked)) and found.repaired and found.value == cell.value:
        yield translate("Typed", "A misread character was mended.")
    if cell.alternatives:
        yield translate("Typed", "It may as well be {0}.").format(otherwise(name, cell))
    if cell.confidence < review_below(asked):
        words = translate("Typed", "{0} sure; such a value is believed from {1}.")
        yield words.format(percent(cell.confidence), percent(review_below(asked)))
    if not allows(asked, cell.value):
        yield translate("Typed", "It is not what the template allows here.")


def _by_grammar(text: str, name: str, asked: Field | Column) -> Typed:
    found = normalise(text, asked.kind, asked.choices if isinstance(asked, Field) else (), free_text=True)
    if found is not None and allows(asked, found.value):
        return Typed(found.value, doubt=_doubt(name, found))
    if allows(asked, text):
        return Typed(text, doubt=translate("Typed", "Unusual here. It is kept as you wrote it."))
    return Typed(None, fault=_expected(asked))


def _again(cell: FieldValue, asked: Field | Column) -> Normalised | None:
    return normalise(cell.text, asked.kind, asked.choices if isinstance(asked, Field) else (), free_text=True)


def _answer(text: str) -> Typed:
    words = {
        translate("Wording", "Yes").casefold(): True,
        translate("Wording", "No").casefold(): False,
    }
    for word, value in words.items():
        if word.startswith(text.casefold()):
            return Typed(value)
    return Typed(None, fault=translate("Typed", "Write yes or no."))


def _doubt(name: str, found: Normalised) -> str:
    if found.ambiguous and found.alternatives:
        others = translate("Wording", " or ").join(shown_value(name, value) for value in found.alternatives)
        return translate("Typed", "It may as well be {0}.").format(others)
    if found.plausibility <= AMBIGUOUS:
        return translate(
            "Typed", "Its check digit, code or form does not fit. Look once more; it is kept all the same."
        )
    return ""


def _expected(asked: Field | Column) -> str:
    if asked.kind is Kind.CHOICE and isinstance(asked, Field):
        words = ", ".join(shown_value(asked.name, choice.value) for choice in asked.choices)
        return translate("Typed", "It is one of: {0}.").format(words)
    date = translate("Typed", "This is no date. Write it like 03/14/2026.")
    usual = {
        Kind.DATE: date,
        Kind.BIRTH_DATE: date,
        Kind.DATE_RANGE: translate("Typed", "These are no two dates. Write them like 03/14/2026 - 03/20/2026."),
        Kind.PHONE: translate("Typed", "This is no telephone number. Write it like (602) 555-0148."),
        Kind.MONEY: translate("Typed", "This is no amount. Write it like 120.50."),
        Kind.NPI: translate("Typed", "An NPI has ten digits."),
    }
    return usual.get(asked.kind, translate("Typed", "The template does not allow this here."))
