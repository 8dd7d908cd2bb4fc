"""Sections of entries as one list: headings, and what stands below them."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.ui.screens.review.record import Entry, Section
from desktop.ui.screens.review.said import is_by_a_person, said_words
from desktop.ui.wording import percent, sureness

ENTRY = int(Qt.ItemDataRole.UserRole) + 1

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class EntryModel(QAbstractListModel):
    """Headings cannot be selected; entries can."""

    def __init__(self, sections: tuple[Section, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items = _items(sections)
        self._rows = {item.key: row for row, item in enumerate(self._items) if isinstance(item, Entry)}

    def refresh(self, sections: tuple[Section, ...]) -> None:
        """The same entries as they are now."""
        before, self._items = self._items, _items(sections)
        for row, (old, new) in enumerate(zip(before, self._items, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))

    def entries(self) -> Iterator[Entry]:
        """Every entry, in order."""
        return (item for item in self._items if isinstance(item, Entry))

    def index_of(self, key: str) -> QModelIndex:
        """Where the entry `key` stands; invalid where it does not."""
        row = self._rows.get(key)
        return _NOWHERE if row is None else self.index(row)

    def first_entry(self) -> QModelIndex:
        """The first row that can be selected."""
        rows = self._rows.values()
        return self.index(min(rows)) if rows else _NOWHERE

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self._items[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        entry = index.data(ENTRY)
        is_tick = isinstance(entry, Entry) and entry.is_tick
        return super().flags(index) | (Qt.ItemFlag.ItemIsUserCheckable if is_tick else Qt.ItemFlag(0))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ENTRY:
            return item if isinstance(item, Entry) else None
        if isinstance(item, str):
            return item if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        return self._of_entry(item, role)

    def _of_entry(self, entry: Entry, role: int) -> object:
        if role == Qt.ItemDataRole.CheckStateRole and entry.is_tick:
            if not isinstance(entry.given, bool):
                return Qt.CheckState.PartiallyChecked
            return Qt.CheckState.Checked if entry.given else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entry)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return entry.value
        return None

    def _spoken(self, entry: Entry) -> str:
        if entry.confidence is None:
            return self.tr("{0}: not found").format(entry.label)
        if is_by_a_person(entry):
            return self.tr("{0}: {1}, {2}").format(entry.label, entry.value, said_words(entry))
        words = f"{entry.label}: {entry.value}" if entry.label else entry.value
        return f"{words}, {percent(entry.confidence)}, {sureness(entry.confidence, needs_review=entry.needs_review)}"


def _items(sections: tuple[Section, ...]) -> list[str | Entry]:
    items: list[str | Entry] = []
    for section in sections:
        items.append(section.heading)
        items.extend(section.entries)
    return items
