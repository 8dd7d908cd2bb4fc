"""The inbox's rows: one document each, newest first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from enum import IntEnum
from uuid import UUID

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from desktop.events import PageRead
from desktop.ui.document_words import fault_text, is_read, status_text, sync_text
from desktop.ui.headed_model import HeadedModel
from desktop.ui.screens.inbox.filter import Filter
from desktop.ui.wording import ago, document_type, moment, percent, to_check
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.clock import Clock, system_clock

SUMMARY = int(Qt.ItemDataRole.UserRole) + 1
BATCH_ROWS = 300
"""Rows the view learns of at once: three screens full, so that ten thousand cost nothing until one scrolls there."""
_AGE_REFRESH_MS = 30_000

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Column(IntEnum):
    """What stands beside each other in a row."""

    DOCUMENT = 0
    STATUS = 1
    PAGES = 2
    CONFIDENCE = 3
    RECEIVED = 4
    SYNC = 5


class InboxModel(HeadedModel):
    """Documents as rows; rows appear in batches while one scrolls."""

    def __init__(self, parent: QObject | None = None, clock: Clock = system_clock) -> None:
        super().__init__(len(Column), parent)
        self._clock = clock
        self._every: dict[UUID, DocumentSummary] = {}
        self._in_order = True
        self._filter = Filter()
        self._documents: list[DocumentSummary] = []
        self._rows: dict[UUID, int] = {}
        self._shown = 0
        self._server: bool = False
        ageing = QTimer(self, interval=_AGE_REFRESH_MS)
        ageing.timeout.connect(self._age)
        ageing.start()

    @property
    def total(self) -> int:
        """How many documents there are, listed or not."""
        return len(self._every)

    @property
    def listed(self) -> int:
        """How many of them the filter lists, shown yet or not."""
        return len(self._documents)

    def everything(self) -> Collection[DocumentSummary]:
        """Every document, listed or not."""
        return self._every.values()

    def set_filter(self, wanted: Filter) -> None:
        """The rows are the documents that `wanted` lists."""
        if wanted != self._filter:
            self._filter = wanted
            self._list()

    def summary(self, row: int) -> DocumentSummary:
        """The document of `row`."""
        return self._documents[row]

    def find(self, document_id: UUID) -> DocumentSummary | None:
        """The document called `document_id`, where it is known."""
        return self._every.get(document_id)

    def row_of(self, document_id: UUID) -> int | None:
        """Where the document stands in the list; None where it does not."""
        return self._rows.get(document_id)

    def to_review_after(self, document_id: UUID) -> UUID | None:
        """The next document in the list that waits for a person, from the top again at its end; None for none."""
        at = self._rows.get(document_id, -1) + 1
        around = (*self._documents[at:], *self._documents[:at])
        return next((one.id for one in around if one.id != document_id and one.is_to_review and is_read(one)), None)

    def ids(self) -> frozenset[UUID]:
        """Every document that is known."""
        return frozenset(self._every)

    def set_server_known(self, known: bool) -> None:
        """Sync marks speak of a server only where one is set."""
        if known != self._server:
            self._server = known
            self._touch_column(Column.SYNC)

    @property
    def server_known(self) -> bool:
        return self._server

    def replace_all(self, documents: Iterable[DocumentSummary]) -> None:
        """Exactly `documents` are there; those that the filter lists are the rows, newest first."""
        self._every = {document.id: document for document in documents}
        self._in_order = False
        self._list()

    def _list(self) -> None:
        """The rows are anew those that the filter lists. To sort ten thousand takes longer than to draw them."""
        self.beginResetModel()
        if not self._in_order:
            every = sorted(self._every.values(), key=_newest_first)
            self._every, self._in_order = {document.id: document for document in every}, True
        self._documents = [document for document in self._every.values() if self._filter.lists(document)]
        self._index()
        self._shown = min(BATCH_ROWS, len(self._documents))
        self.endResetModel()

    def merge(self, documents: Iterable[DocumentSummary]) -> None:
        """Each of `documents` is as it is now; the others stay."""
        for document in documents:
            self._in_order &= document.id in self._every
            self._every[document.id] = document
            self._put(document)

    def pages_were_read(self, pages: Mapping[UUID, PageRead]) -> None:
        """The rows of documents being read show how far they are."""
        for document_id, page in pages.items():
            known = self._every.get(document_id)
            if known is not None and known.state in {DocumentState.WAITING, DocumentState.PROCESSING}:
                being_read = replace(known, state=DocumentState.PROCESSING, pages_done=page.number)
                self.merge([replace(being_read, page_count=page.page_count)])

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._shown

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._shown < len(self._documents)

    def fetchMore(self, parent: Index) -> None:
        more = min(BATCH_ROWS, len(self._documents) - self._shown)
        if not parent.isValid() and more > 0:
            self.beginInsertRows(_NOWHERE, self._shown, self._shown + more - 1)
            self._shown += more
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        document = self._documents[index.row()]
        if role == SUMMARY:
            return document
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(document, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.column(), self._text(document, Column(index.column())))
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(document, Column(index.column()))
        return None

    def headings(self) -> tuple[str, ...]:
        """What each column is called."""
        return (
            self.tr("Document"),
            self.tr("Status"),
            self.tr("Pages"),
            self.tr("Confidence"),
            self.tr("Received"),
            self.tr("Sync"),
        )

    def _text(self, document: DocumentSummary, column: Column) -> str:
        match column:
            case Column.DOCUMENT:
                return document.file_name
            case Column.STATUS:
                return status_text(document)
            case Column.PAGES:
                return str(document.page_count) if document.page_count else "–"
            case Column.CONFIDENCE:
                return _confidence(document)
            case Column.RECEIVED:
                return ago(document.received_at, self._clock())
            case Column.SYNC:
                return sync_text(document, self._server)

    def _put(self, document: DocumentSummary) -> None:
        row, listed = self._rows.get(document.id), self._filter.lists(document)
        if row is None and listed:
            self._insert(document)
        elif row is not None and listed:
            self._replace(row, document)
        elif row is not None:
            self._remove(row)

    def _remove(self, row: int) -> None:
        if row < self._shown:
            self.beginRemoveRows(_NOWHERE, row, row)
            del self._documents[row]
            self._shown -= 1
            self.endRemoveRows()
        else:
            del self._documents[row]
        self._index()

    def touch(self, document_id: UUID) -> None:
        """The row of the document is drawn anew, where it is shown."""
        row = self._rows.get(document_id)
        if row is not None and row < self._shown:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def _insert(self, document: DocumentSummary) -> None:
        row = next((i for i, known in enumerate(self._documents) if _newest_first(document) < _newest_first(known)), -1)
        row = len(self._documents) if row < 0 else row
        if row > self._shown:
            self._documents.insert(row, document)
        else:
            self.beginInsertRows(_NOWHERE, row, row)
            self._documents.insert(row, document)
            self._shown += 1
            self.endInsertRows()
        self._index()

    def _replace(self, row: int, document: DocumentSummary) -> None:
        if self._documents[row] == document:
            return
        self._documents[row] = document
        if row < self._shown:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _index(self) -> None:
        self._rows = {document.id: row for row, document in enumerate(self._documents)}

    def _age(self) -> None:
        self._touch_column(Column.RECEIVED)

    def _touch_column(self, column: Column) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, column), self.index(self._shown - 1, column))


def _newest_first(document: DocumentSummary) -> tuple[float, int]:
    return -document.received_at.timestamp(), -document.id.int


def _confidence(document: DocumentSummary) -> str:
    """How sure its fields are on average, and how many of its values are to check."""
    mean = "" if document.confidence is None else percent(document.confidence)
    return (
        "  ".join(part for part in (mean, to_check(document.to_review if document.is_to_review else 0)) if part) or "–"
    )


def _tool_tip(document: DocumentSummary, column: Column) -> str | None:
    if column is Column.DOCUMENT:
        kind = document_type(document.document_type)
        lines = (document.file_name, fault_text(document) or kind)
        return "\n".join(line for line in lines if line)
    if column is Column.RECEIVED:
        return moment(document.received_at)
    return None
