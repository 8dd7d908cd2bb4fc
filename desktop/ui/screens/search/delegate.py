"""How a page that was found is drawn: the document's name, the line around the hit, what document it is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.screens.search.model import ROW, FoundPage, Piece, about_words, where_words
from desktop.ui.theme import Space, TextSize, theme
from desktop.ui.theme.paint import LINE_HEIGHT, Ink, draw_text

ROW_HEIGHT = 3 * LINE_HEIGHT + 2 * Space.M + 2
Index = QModelIndex | QPersistentModelIndex


class FoundDelegate(QStyledItemDelegate):
    """Draws rows of a `SearchModel`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme().palette
        row: FoundPage = index.data(ROW)
        painter.save()
        _ground(painter, option)
        area = option.rect.adjusted(Space.L, Space.M, -Space.L, -Space.M)
        first, second, third = (
            QRect(area.left(), area.top() + line * (LINE_HEIGHT + 1), area.width(), LINE_HEIGHT) for line in range(3)
        )
        where = where_words(row)
        room = QFontMetrics(theme().font(TextSize.SMALL)).horizontalAdvance(where) + Space.S
        name = Ink(colours.text, weight=QFont.Weight.Medium, cut=Qt.TextElideMode.ElideMiddle)
        draw_text(painter, first.adjusted(0, 0, -room - Space.S, 0), row.document.file_name, name)
        small = Ink(colours.muted, TextSize.SMALL)
        draw_text(painter, first.adjusted(first.width() - room, 0, Space.S, 0), where, small)
        draw_pieces(painter, second, row.snippet)
        draw_text(painter, third, about_words(row), small)
        painter.restore()


def draw_pieces(painter: QPainter, area: QRect, pieces: tuple[Piece, ...]) -> None:
    """The words of a line, those that were searched for on a ground of their own."""
    colours, left = theme().palette, area.left()
    for piece in pieces:
        ink = Ink(colours.accent_text if piece.hit else colours.text, TextSize.BODY, _weight(piece))
        metrics = QFontMetrics(theme().font(ink.size, ink.weight))
        width = metrics.horizontalAdvance(piece.text) + 1  # a word just as wide as its room would be cut
        room = min(width, area.right() - left)
        if room <= Space.XL and room < width:
            return
        if piece.hit:
            painter.fillRect(QRect(left - 2, area.top() + 1, room + 4, area.height() - 2), QColor(colours.accent_tint))
        draw_text(painter, QRect(left, area.top(), room, area.height()), piece.text, ink)
        left += width + metrics.horizontalAdvance(" ")


def _weight(piece: Piece) -> QFont.Weight:
    return QFont.Weight.DemiBold if piece.hit else QFont.Weight.Normal


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colours = theme().palette
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(colours.selected if selected else colours.hover))
    painter.fillRect(option.rect.adjusted(0, option.rect.height() - 1, 0, 0), QColor(colours.border))
    if selected:
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), QColor(colours.accent))
