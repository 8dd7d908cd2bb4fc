"""What the models of tables with a heading for each column have in common."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class HeadedModel(QAbstractTableModel):
    """So many `columns`, each with its heading at the left; rows have none."""

    def __init__(self, columns: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns

    def headings(self) -> tuple[str, ...]:
        """What each column is called."""
        raise NotImplementedError

    def spoken(self, column: int, text: str) -> str:
        """The `text` of a cell, as screen readers say it."""
        return f"{self.headings()[column]}: {text}"

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None
