"""Who said what of a value, and why one is to look at it: in people's words."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from desktop.ui.screens.review.record import Entry
from desktop.ui.wording import moment, shown_value
from shared.documents.corrections import Correction
from shared.documents.reading import PERSON

translate = QCoreApplication.translate


def is_by_a_person(entry: Entry) -> bool:
    """Whether what is shown is a person's word and nobody says otherwise."""
    return entry.cell is not None and entry.cell.source == PERSON and not entry.is_contested


def said_words(entry: Entry) -> str:
    """One or two words for how a person's word stands."""
    if entry.is_drafted:
        return translate("Said", "Yours")
    return (entry.standing.current.person if entry.standing else "") or translate("Said", "Confirmed")


def explanation(entry: Entry) -> str:
    """Everything that is known of the value in hand, a sentence a line."""
    return "\n".join(_sentences(entry))


def _sentences(entry: Entry) -> Iterator[str]:
    if entry.spot is None and not (entry.standing or entry.found):
        yield translate("Said", "{0} was not found on any page.").format(entry.label)
    elif entry.spot is not None and entry.printed:
        yield translate("Said", "On page {0}, as printed: {1}").format(entry.spot.page, entry.printed)
    elif entry.spot is not None:
        yield translate("Said", "Seen on page {0}.").format(entry.spot.page)
    if entry.is_contested:
        yield translate("Said", "People say otherwise of it. Take what is right; it is settled when you approve.")
    elif entry.standing is not None:
        yield _who(entry, entry.standing.current)
    elif entry.cell is not None and entry.needs_review:
        from desktop.ui.screens.review.typed import doubts  # its grammars take long to load: the screen has by now

        yield from doubts(entry.name, entry.cell, entry.asked)


def _who(entry: Entry, said: Correction) -> str:
    who, when = said.person or translate("Said", "somebody at this device"), moment(said.made_at)
    if said.value == said.read:
        return translate("Said", "Confirmed by {0}, {1}.").format(who, when)
    if said.read is None:
        return translate("Said", "Given by {0}, {1}; nothing was read.").format(who, when)
    words = translate("Said", "Corrected by {0}, {1}; it was read as {2}.")
    return words.format(who, when, shown_value(entry.name, said.read))
