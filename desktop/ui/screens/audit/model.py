"""The audit chain as rows, the newest first; more come as one scrolls."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.trail import ShownEntry, TrailPage
from desktop.ui.headed_model import HeadedModel
from desktop.ui.screens.audit.words import act_words, who_words
from desktop.ui.wording import moment

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Column(IntEnum):
    """What stands beside each other in a row."""

    WHEN = 0
    WHO = 1
    WHAT = 2
    ABOUT = 3


class TrailModel(HeadedModel):
    """Entries in the order in which they are given; `fetch` is asked for what follows, and answers by `append`."""

    def __init__(self, fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        super().__init__(len(Column), parent)
        self._fetch = fetch
        self._entries: list[ShownEntry] = []
        self._next_before: int | None = None

    def replace_all(self, page: TrailPage) -> None:
        """`page` is what there is, with what follows it."""
        self.beginResetModel()
        self._entries, self._next_before = list(page.entries), page.next_before
        self.endResetModel()

    def append(self, page: TrailPage) -> None:
        """`page` follows what there is."""
        first = len(self._entries)
        self._next_before = page.next_before
        if page.entries:
            self.beginInsertRows(_NOWHERE, first, first + len(page.entries) - 1)
            self._entries += page.entries
            self.endInsertRows()

    def entry(self, row: int) -> ShownEntry:
        """The entry of `row`."""
        return self._entries[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next_before is not None

    def fetchMore(self, parent: Index) -> None:
        before, self._next_before = self._next_before, None  # asked for once
        if before is not None:
            self._fetch(before)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        shown, column = self._entries[index.row()], Column(index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(shown, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(column, self._text(shown, column))
        return None

    def headings(self) -> tuple[str, ...]:
        """What each column is called."""
        return self.tr("When"), self.tr("Who"), self.tr("Did what"), self.tr("About")

    def _text(self, shown: ShownEntry, column: Column) -> str:
        match column:
            case Column.WHEN:
                return moment(shown.at)
            case Column.WHO:
                return who_words(shown.who)
            case Column.WHAT:
                return act_words(shown)
            case Column.ABOUT:
                return shown.about
