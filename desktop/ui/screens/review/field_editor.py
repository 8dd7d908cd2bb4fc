"""The field in hand: its value to be written or ticked, what stood on the page, and what it may be as well."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QCompleter, QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.screens.review.record import Entry
from desktop.ui.theme import Space
from desktop.ui.widgets import Button, label
from desktop.ui.wording import moment, shown_value
from shared.documents import Value
from shared.templates import Field, Kind

_MOST_OFFERS = 4  # values that a key of their own chooses
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that a person may choose; `who` said so, where somebody did."""

    value: Value | None
    words: str
    who: str = ""


class FieldLine(QLineEdit):
    """A line in which Enter confirms, Tab and the arrows go to other fields, and undo goes beyond what was typed."""

    confirmed = Signal()
    moved = Signal(int)
    """By how many fields: 1 or -1."""
    undo_wanted = Signal()
    redo_wanted = Signal()
    toggled = Signal()
    """Space, where the value is a tick."""

    def __init__(self) -> None:
        super().__init__()
        self.is_tick = False
        self.has_neighbours = (False, False)
        """Whether Tab finds a field backwards and forwards; where it does not, it goes to the next control."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
            if step and self.has_neighbours[step > 0] and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.moved.emit(step)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable():
            self.redo_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~_KEYPAD:
            self.confirmed.emit()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not event.modifiers() & ~_KEYPAD:
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif self.is_tick and event.key() == Qt.Key.Key_Space:
            self.toggled.emit()
        elif event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            event.ignore()  # they turn pages: the screen's business
        else:
            super().keyPressEvent(event)


class FieldEditor(QFrame):
    """Edits one entry at a time; says as one types what will be kept, or why it cannot be."""

    confirmed = Signal()
    moved = Signal(int)
    typed = Signal(str)
    """What stands in the line, as the person changes it."""
    chosen = Signal(object)
    """Offer: the person takes this one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "editor")
        self._entry: Entry | None = None
        self._offers: tuple[Offer, ...] = ()
        self.name = label("", "small")
        self.line = FieldLine()
        self.verdict = label("", "small", wrap=True)
        self.detail = label("", "small", wrap=True)
        self._offer_box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._offer_box.setSpacing(Space.XS)
        self._buttons = [self._offer_button(number) for number in range(_MOST_OFFERS)]
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        column.setSpacing(Space.XS)
        for widget in (self.name, self.line, self.verdict):
            column.addWidget(widget)
        column.addLayout(self._offer_box)
        column.addWidget(self.detail)
        for offer in self._buttons:
            self._offer_box.addWidget(offer, 0, Qt.AlignmentFlag.AlignLeft)
        self._offer_box.addStretch(1)
        self.line.confirmed.connect(self.confirmed)
        self.line.moved.connect(self.moved)
        self.line.toggled.connect(self._toggle)
        self.line.textEdited.connect(self._edited)

    @property
    def entry(self) -> Entry | None:
        """What is in hand."""
        return self._entry

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What can be taken with a key."""
        return self._offers

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.line.text()

    def show_entry(self, entry: Entry | None, explanation: str, may_review: bool, text: str | None = None) -> None:
        """`entry` is in hand, with the `text` that a person wrote there, or else its value."""
        self._entry = entry
        self.detail.setText(explanation)
        self.detail.setVisible(bool(explanation))
        is_editable = entry is not None and entry.place is not None
        for widget in (self.name, self.line):
            widget.setVisible(is_editable)
        self.verdict.hide()
        self._offer(tuple(_offers(entry))[:_MOST_OFFERS] if entry and is_editable and may_review else ())
        if entry is None or not is_editable:
            return
        self.name.setText(entry.label)
        self.line.setAccessibleName(self.tr("{0}, value").format(entry.label))
        self.line.setAccessibleDescription(explanation)
        self.line.setReadOnly(not may_review)
        self.line.is_tick = entry.is_tick
        self.line.setCompleter(self._completer(entry))  # type: ignore[arg-type]  # Qt takes none, the stubs do not
        self.line.setPlaceholderText(self.tr("Nothing stands there"))
        self.line.setText(entry.value if text is None else text)
        self.line.setSelection(len(self.text), -len(self.text))  # all of it, seen from its beginning
        self._judge()

    def write(self, text: str) -> None:
        """`text` stands in the line as if it had been typed."""
        self.line.setText(text)
        self._edited(text)

    def show_fault(self) -> None:
        """The line is in hand, with what is wrong with it."""
        self._judge()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self, text: str) -> None:
        self._judge()
        self.typed.emit(text)

    def _toggle(self) -> None:
        other = self._offers[1 if self.text == self._offers[0].words else 0] if len(self._offers) > 1 else None
        if other is not None:
            self.write(other.words)

    def _judge(self) -> None:
        """Says what will be kept of what stands in the line."""
        from desktop.ui.screens.review.typed import typed  # its grammars take long to load: the screen has by now

        entry = self._entry
        if entry is None or entry.place is None:
            return
        found = typed(self.text, entry.name, entry.asked, entry.cell)
        will_be = "" if found.value is None else shown_value(entry.name, found.value)
        kept = self.tr("Kept as {0}").format(will_be) if will_be and will_be != self.text.strip() else ""
        words = found.fault or "  ·  ".join(part for part in (kept, found.doubt) if part)
        self.verdict.setText(words or (self.tr("Confirmed") if entry.is_drafted else ""))
        self.verdict.setVisible(bool(self.verdict.text()))
        look = "fault-small" if found.fault else "warning-small" if found.doubt else "small"
        if self.verdict.property("look") != look:
            self.verdict.setProperty("look", look)
            self.verdict.style().polish(self.verdict)

    def _completer(self, entry: Entry) -> QCompleter | None:
        if not isinstance(entry.asked, Field) or not entry.asked.choices:
            return None
        words = [shown_value(entry.name, choice.value) for choice in entry.asked.choices]
        completer = QCompleter(words, self.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        return completer

    def _offer(self, offers: tuple[Offer, ...]) -> None:
        self._offers = offers
        said = any(offer.who for offer in offers)  # by whom and when takes a line of its own
        self._offer_box.setDirection(QBoxLayout.Direction.TopToBottom if said else QBoxLayout.Direction.LeftToRight)
        for number, one in enumerate(self._buttons):
            one.setVisible(number < len(offers))
            if number < len(offers):
                offer = offers[number]
                words = self.tr("{0}  ({1})").format(offer.words, offer.who) if offer.who else offer.words
                one.setText(self.tr("{0}   Alt+{1}").format(words.replace("&", "&&"), number + 1))
                one.setAccessibleName(self.tr("Take {0}").format(words))
                one.setToolTip(self.tr("Take this value (Alt+{0})").format(number + 1))

    def _offer_button(self, number: int) -> Button:
        made = Button("", "read", "offer")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda _checked: self._choose(number))
        # Not the button's own shortcut, which takes effect a tenth of a second later, when another field is in hand.
        QShortcut(QKeySequence(f"Alt+{number + 1}"), self).activated.connect(lambda: self._choose(number))
        return made

    def _choose(self, number: int) -> None:
        if number < len(self._offers):
            self.chosen.emit(self._offers[number])


def _offers(entry: Entry) -> Iterator[Offer]:
    """What people said otherwise; or what the reader found otherwise, or the few answers that there are."""
    if entry.standing and entry.standing.others:
        for one in (entry.standing.current, *entry.standing.others):
            yield Offer(one.value, _words(entry, one.value), f"{one.person or one.actor}, {moment(one.made_at)}")
        return
    values: list[Value | None] = list(_answers(entry))
    if not values:
        values = [entry.given, *(entry.cell.alternatives if entry.cell else ())]
        values += [entry.standing.current.read] if entry.standing else []
    different = {repr(value): value for value in values}
    if len(different) > 1:
        for value in different.values():
            yield Offer(value, _words(entry, value))


def _answers(entry: Entry) -> Iterator[Value]:
    if entry.asked is not None and entry.asked.kind is Kind.PRESENCE:
        yield from (True, False)
    elif isinstance(entry.asked, Field) and len(entry.asked.choices) <= _MOST_OFFERS:
        yield from (choice.value for choice in entry.asked.choices)


def _words(entry: Entry, value: Value | None) -> str:
    if value is None:
        return QCoreApplication.translate("FieldEditor", "Nothing")
    return shown_value(entry.name, value)
