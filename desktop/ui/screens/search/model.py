"""What was found, as rows: one page each, the best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.ui.document_words import kind_text, status_text
from desktop.ui.wording import moment
from desktop.vault.documents import DocumentSummary
from desktop.vault.search import SearchHit
from desktop.vault.words import marked, terms, words

ROW = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a line of text; `hit` says that it was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One row: a page (from 1; 0 where the document's name alone was found) and the line around what was found."""

    document: DocumentSummary
    number: int
    snippet: tuple[Piece, ...]
    typed: str


def rows_of(hits: Iterable[SearchHit], typed: str) -> tuple[FoundPage, ...]:
    """The pages of `hits` in their order."""
    return tuple(
        FoundPage(hit.document, page.number, pieces(page.snippet, typed), typed) for hit in hits for page in hit.pages
    )


def pieces(snippet: str, typed: str) -> tuple[Piece, ...]:
    """The words of `snippet`, those marked that were `typed`."""
    parts = snippet.split()
    hits = marked([words(part) for part in parts], terms(typed))
    return tuple(Piece(part, place in hits) for place, part in enumerate(parts))


class SearchModel(QAbstractListModel):
    """Pages that were found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[FoundPage] = ()

    def replace_all(self, rows: Sequence[FoundPage]) -> None:
        """Exactly `rows` are there."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> FoundPage:
        """The row `number`, from 0."""
        return self._rows[number]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.document.file_name
            case Qt.ItemDataRole.AccessibleTextRole:
                said = " ".join(piece.text for piece in row.snippet)
                return ", ".join((row.document.file_name, where_words(row), said, about_words(row)))
            case Qt.ItemDataRole.ToolTipRole:
                return row.document.file_name
            case role if role == ROW:
                return row
        return None


def where_words(row: FoundPage) -> str:
    """On which page it stands."""
    translate = QCoreApplication.translate
    return (
        translate("SearchModel", "Page {0}").format(row.number) if row.number else translate("SearchModel", "Its name")
    )


def about_words(row: FoundPage) -> str:
    """What document it is."""
    document = row.document
    parts = (kind_text(document), status_text(document), moment(document.received_at))
    return "  ·  ".join(part for part in parts if part)
