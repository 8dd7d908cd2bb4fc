"""What was read, beside the page: fields, tables and the whole text, each on a tab; below them the one in hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QTabWidget, QVBoxLayout, QWidget

from desktop.journey.review.draft import Said, Typing
from desktop.ui.screens.review.entry_delegate import EntryDelegate
from desktop.ui.screens.review.entry_model import ENTRY, EntryModel
from desktop.ui.screens.review.field_editor import FieldEditor, Offer
from desktop.ui.screens.review.record import Entry, Record, Section, Table
from desktop.ui.screens.review.said import explanation
from desktop.ui.screens.review.sheet_view import SheetView
from desktop.ui.screens.review.table_model import TableModel
from desktop.ui.theme import Space
from desktop.ui.widgets import button
from shared.documents import Value

if TYPE_CHECKING:
    from desktop.ui.screens.review.typed import Typed


@dataclass(frozen=True, slots=True)
class _Tab:
    """What stands on one tab."""

    view: QAbstractItemView
    model: EntryModel | TableModel


class EntryList(QListView):
    """A list that hands what is written to the editor below it."""

    confirmed = Signal()
    written = Signal(str)
    ticked = Signal()
    """The space bar was pressed on a box to tick."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())  # the editor below takes more room for some fields than for others

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.confirmed.emit()
        elif event.key() == Qt.Key.Key_Space and _is_tick(self.currentIndex()):
            self.ticked.emit()
        elif event.text().isprintable() and event.text() and not event.modifiers() & _COMMANDS:
            self.written.emit(event.text())
        else:
            super().keyPressEvent(event)


_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class RecordPanel(QWidget):
    """One entry is in hand at a time, whichever tab it stands on. What a person says of it is told, not kept here."""

    entry_taken = Signal(object)
    """Entry that the person moved to."""
    said = Signal(object)
    """tuple[Said, ...]: a step of the draft."""
    typed = Signal(object, str)
    """Place, and the text that stands in its editor."""
    all_checked = Signal()
    """Nothing is left to look at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("What was read"))
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.editor = FieldEditor()
        self.detail = self.editor.detail
        self.may_review = True
        self._tabs: list[_Tab] = []
        self._taking = False
        self._unkept: dict[str, str] = {}
        """What stands in an editor and is no value: it is there again when one comes back."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.editor)
        self.tabs.currentChanged.connect(self._tell)
        self.editor.confirmed.connect(self.confirm)
        self.editor.moved.connect(self.step)
        self.editor.typed.connect(self._note_typing)
        self.editor.chosen.connect(self._choose)

    def show_record(self, record: Record, may_review: bool = True) -> None:
        """The tabs hold `record`; its first field is in hand."""
        self.may_review = may_review
        self._unkept = {}
        self.editor.show_entry(None, "", may_review)
        with QSignalBlocker(self.tabs):
            self._clear()
            if record.fields:
                self._add_list(self.tr("Fields"), record.fields)
            for table in record.tables:
                self._add_table(table)
            self._add_list(self.tr("All text"), record.lines)
        self._tell()

    def refresh(self, record: Record) -> None:
        """The same record as it is now; what is in hand stays so, with what was typed in it."""
        tables = iter(record.tables)
        for number, tab in enumerate(self._tabs):
            if isinstance(tab.model, TableModel):
                table = next(tables)
                tab.model.refresh(table)
                self.tabs.setTabText(number, _title(table))
            elif number == 0 and record.fields:
                tab.model.refresh(record.fields)
        before = self.editor.entry
        if before is not None and self.editor.text != before.value:
            self._unkept[before.key] = self.editor.text
        self._show()

    def restore(self, typing: Typing) -> None:
        """What stood in an editor when the program ended is there again."""
        for entry in self._reviewable():
            if entry.place == typing.place:
                self._unkept[entry.key] = typing.text
                self.take(entry.key)

    def begin(self) -> None:
        """The first thing to look at is in hand, and the keyboard with it."""
        first = next((entry for entry in self._reviewable() if entry.needs_review), None)
        if first is not None:
            self.take(first.key)
        self._welcome_keyboard()

    def confirm(self) -> None:
        """What is in hand is right as it stands in the editor, and the next doubtful one is in hand."""
        entry = self.editor.entry
        if entry is None or entry.place is None or not self.may_review:
            return
        found = self._typed(entry)
        if found.fault:
            self.editor.show_fault()
            return
        self._say(entry, found.value)
        self.go_on()

    def tick(self, key: str = "") -> None:
        """The box to tick in hand, which is that of `key` where one is meant, is ticked, or is no more."""
        entry = self.editor.entry
        if entry is not None and entry.is_tick and key in {"", entry.key} and self.may_review:
            self._say(entry, not entry.given)

    def go_on(self) -> None:
        """The next thing to look at is in hand; where there is none, that is told."""
        entries = list(self._reviewable())
        key = self.editor.entry.key if self.editor.entry else ""
        at = next((number for number, entry in enumerate(entries) if entry.key == key), -1) + 1
        for entry in (*entries[at:], *entries[:at]):
            if entry.needs_review:
                self.take(entry.key)
                self._welcome_keyboard()
                return
        self._show()
        self.all_checked.emit()

    def step(self, by: int) -> None:
        """The field or cell `by` places on is in hand, where there is one."""
        around = self._around()
        target = around[by > 0]
        if target is not None:
            self.take(target.key)
            self._welcome_keyboard()

    def fill(self, text: str) -> None:
        """What was taken from the page stands in the editor, as if it had been typed."""
        if self.editor.entry is not None and self.editor.entry.place is not None and self.may_review:
            self.editor.write(text)
            self.editor.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, key: str) -> None:
        """The entry `key` is in hand and in sight, on its own tab."""
        for place, tab in enumerate(self._tabs):
            index = tab.model.index_of(key)
            if index.isValid():
                with QSignalBlocker(self.tabs):
                    self.tabs.setCurrentIndex(place)
                self._taking = True
                tab.view.setCurrentIndex(index)
                tab.view.scrollTo(index)
                self._taking = False
                self._tell()  # also when the tab came to the front with this very entry in hand
                return

    def current_view(self) -> QAbstractItemView | None:
        """The list or table of the tab in front."""
        return self._tabs[self.tabs.currentIndex()].view if self._tabs else None

    def entry_in_hand(self) -> Entry | None:
        """What is selected on the tab in front."""
        view = self.current_view()
        entry = view.currentIndex().data(ENTRY) if view is not None else None
        return entry if isinstance(entry, Entry) else None

    def to_check(self) -> tuple[Entry, ...]:
        """What is left to look at."""
        return tuple(entry for entry in self._reviewable() if entry.needs_review)

    def commit(self) -> bool:
        """What was typed last is said; whether there is nothing that cannot be."""
        entry = self.editor.entry
        if entry is None or entry.place is None or not self.may_review or self.editor.text == entry.value:
            return True
        found = self._typed(entry)
        if found.fault:
            self._unkept[entry.key] = self.editor.text
            return False
        if found.value != entry.given:
            self._say(entry, found.value)
        return True

    def _say(self, entry: Entry, value: Value | None) -> None:
        self._unkept.pop(entry.key, None)
        self.editor.line.setText(entry.value)  # it is said: nothing stands there that was not
        if entry.place is not None and (entry.needs_review or value != entry.given):
            self.said.emit((Said(entry.place, value, _seen(entry)),))

    def _choose(self, offer: Offer) -> None:
        entry = self.editor.entry
        if entry is not None:
            self._say(entry, offer.value)
            self.go_on()

    def _write(self, cells: tuple[tuple[Entry, str], ...]) -> None:
        """Cells were written at once: what can be a value is one step; the first that cannot is in hand."""
        from desktop.ui.screens.review.typed import typed

        said, refused = [], []
        for entry, text in cells:
            found = typed(text, entry.name, entry.asked, entry.cell)
            if found.fault:
                refused.append((entry, text))
            elif entry.place is not None and (found.value != entry.given or entry.needs_review):
                said.append(Said(entry.place, found.value, _seen(entry)))
        if said:
            self.said.emit(tuple(said))
        for entry, text in refused[::-1]:
            self._unkept[entry.key] = text
        if refused:
            self.take(refused[0][0].key)
            self.editor.show_fault()

    def _typed(self, entry: Entry) -> "Typed":
        from desktop.ui.screens.review.typed import typed  # its grammars take long to load: the screen has by now

        return typed(self.editor.text, entry.name, entry.asked, entry.cell)

    def _note_typing(self, text: str) -> None:
        entry = self.editor.entry
        if entry is not None and entry.place is not None:
            self.typed.emit(entry.place, text)

    def _begin_typing(self, text: str) -> None:
        if self.may_review and self.editor.line.isVisible():
            self.editor.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.editor.write(text)

    def _tell(self, *_: object) -> None:
        if self._taking:
            return
        self.commit()
        self._show()
        entry = self.entry_in_hand()
        if entry is not None:
            self.entry_taken.emit(entry)

    def _show(self) -> None:
        entry = self.entry_in_hand()
        text = self._unkept.get(entry.key) if entry else None
        self.editor.show_entry(entry, explanation(entry) if entry else "", self.may_review, text)
        before, after = self._around()
        self.editor.line.has_neighbours = (before is not None, after is not None)

    def _around(self) -> tuple[Entry | None, Entry | None]:
        """What stands before and after what is in hand on its tab."""
        entry = self.editor.entry
        tab = self._tabs[self.tabs.currentIndex()] if self._tabs else None
        if entry is None or tab is None:
            return None, None
        entries = list(tab.model.entries())
        at = next((number for number, one in enumerate(entries) if one.key == entry.key), 0)
        return entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None

    def _reviewable(self) -> Iterator[Entry]:
        for tab in self._tabs:
            yield from (entry for entry in tab.model.entries() if entry.place is not None)

    def _welcome_keyboard(self) -> None:
        view = self.current_view()
        target = self.editor.line if self.editor.line.isVisibleTo(self) else view
        if target is not None and self.isVisible():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        old, self._tabs = [self.tabs.widget(place) for place in range(self.tabs.count())], []
        for place in reversed(range(self.tabs.count())):  # from the front, each in turn would be laid out to be shown
            self.tabs.removeTab(place)
        for widget in filter(None, old):
            widget.deleteLater()

    def _add_list(self, title: str, sections: tuple[Section, ...]) -> None:
        view = EntryList()
        model = EntryModel(sections, view)
        view.setModel(model)
        delegate = EntryDelegate(view)
        delegate.ticked.connect(self.tick)
        view.setItemDelegate(delegate)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.confirmed.connect(self.confirm)
        view.written.connect(self._begin_typing)
        view.ticked.connect(self.tick)
        self._add(title, view, view, model, model.first_entry())

    def _add_table(self, table: Table) -> None:
        room = QWidget()
        model = TableModel(table, room)
        model.is_editable = self.may_review
        view = SheetView(model)
        model.written.connect(self._write)
        view.pasted.connect(self._write)
        view.confirmed.connect(self.confirm)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(view, 1)
        if self.may_review:
            column.addLayout(self._table_tools(view))
        self._add(_title(table), room, view, model, model.index(0, 0))

    def _table_tools(self, view: SheetView) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(Space.L, Space.XS, Space.L, Space.S)
        row.setSpacing(Space.XS)
        row.addWidget(button(self.tr("Add row"), "add", view.begin_row, look="quiet"))
        row.addWidget(button(self.tr("Strike out rows"), "remove", view.strike_rows, look="quiet"))
        row.addWidget(button(self.tr("Paste"), "paste", view.paste, look="quiet"))
        row.addStretch(1)
        return row

    def _add(
        self, title: str, widget: QWidget, view: QAbstractItemView, model: EntryModel | TableModel, first: QModelIndex
    ) -> None:
        view.setAccessibleName(title)
        view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.SelectCurrent)
        view.selectionModel().currentChanged.connect(self._tell)
        self._tabs.append(_Tab(view, model))
        self.tabs.addTab(widget, title)


def _is_tick(index: QModelIndex) -> bool:
    entry = index.data(ENTRY)
    return isinstance(entry, Entry) and entry.is_tick


def _title(table: Table) -> str:
    return QCoreApplication.translate("RecordPanel", "{0} ({1})").format(table.title, table.filled)


def _seen(entry: Entry) -> tuple[UUID, ...]:
    return tuple(one.id for one in entry.standing.heads) if entry.standing else ()
