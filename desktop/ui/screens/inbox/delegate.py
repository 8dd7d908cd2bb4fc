"""How a row of the inbox is drawn."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.document_words import fault_text, kind_text, status_colours, status_icon, status_text, sync_icon
from desktop.ui.screens.inbox.model import SUMMARY, Column, InboxModel
from desktop.ui.screens.inbox.thumbnails import SIZE, Thumbnails
from desktop.ui.theme import Palette, Space, TextSize, theme
from desktop.ui.theme.paint import (
    BAR_HEIGHT,
    LINE_HEIGHT,
    Ink,
    draw_bar,
    draw_chip,
    draw_confidence,
    draw_icon,
    draw_text,
    icon_area,
)
from desktop.vault.documents import FINAL_STATES, DocumentState, DocumentSummary
from desktop.vault.verdicts import Decision

ROW_HEIGHT = 64
_DOCUMENT_ICON = 20

Index = QModelIndex | QPersistentModelIndex


class InboxDelegate(QStyledItemDelegate):
    """Draws each cell from its document; `hovered_row` is the row under the pointer, -1 for none."""

    hovered_row = -1

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        document: DocumentSummary = index.data(SUMMARY)
        colours = theme().palette
        painter.save()
        self._ground(painter, option, index, colours)
        area = option.rect.adjusted(Space.L, 0, -Space.S, 0)
        match Column(index.column()):
            case Column.DOCUMENT:
                picture = self._picture(painter, document)
                _draw_document(painter, area, document, picture)
            case Column.STATUS:
                _draw_status(painter, area, document, colours)
            case Column.CONFIDENCE:
                draw_confidence(
                    painter, area, document.confidence, str(index.data()), needs_review=document.is_to_review
                )
            case Column.SYNC:
                _draw_sync(painter, area, document, index, colours)
            case Column.PAGES | Column.RECEIVED:
                draw_text(painter, area, str(index.data()), Ink(colours.muted))
        painter.restore()

    def _picture(self, painter: QPainter, document: DocumentSummary) -> QPixmap | None:
        """The first page, once it was read; it is fetched for rows that are drawn, and comes a moment later."""
        if document.pages_done == 0:
            return None
        return self._thumbnails.of(document.id, painter.device().devicePixelRatioF())

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, colours: Palette) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or index.row() == self.hovered_row:
            painter.fillRect(option.rect, QColor(colours.selected if selected else colours.hover))
        edge = option.rect.adjusted(0, option.rect.height() - 1, 0, 0)
        painter.fillRect(edge, QColor(colours.border))
        if selected and index.column() == Column.DOCUMENT:
            painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, ROW_HEIGHT), QColor(colours.accent))


def _draw_document(painter: QPainter, area: QRect, document: DocumentSummary, picture: QPixmap | None) -> None:
    middle, colours = area.center().y(), theme().palette
    sheet = QRect(area.left(), middle - SIZE.height() // 2, SIZE.width(), SIZE.height())
    if picture is None:
        painter.fillRect(sheet, QColor(colours.calm_tint))
        draw_icon(
            painter, icon_area(sheet, _DOCUMENT_ICON, (SIZE.width() - _DOCUMENT_ICON) // 2), "document", colours.muted
        )
    else:
        painter.drawPixmap(sheet, picture)
        painter.setPen(QColor(colours.border_strong))
        painter.drawRect(sheet.adjusted(0, 0, -1, -1))
    words = area.adjusted(SIZE.width() + Space.M, 0, -Space.S, 0)
    second, colour = _second_line(document, colours)
    first = QRect(
        words.left(), middle - LINE_HEIGHT if second else middle - LINE_HEIGHT // 2, words.width(), LINE_HEIGHT
    )
    name = Ink(colours.text, weight=QFont.Weight.Medium, cut=Qt.TextElideMode.ElideMiddle)
    draw_text(painter, first, document.file_name, name)
    if second:
        below = QRect(words.left(), middle + 2, words.width(), LINE_HEIGHT)
        draw_text(painter, below, second, Ink(colour, TextSize.SMALL))


def _second_line(document: DocumentSummary, colours: Palette) -> tuple[str, str]:
    if document.error is not None:
        return fault_text(document), colours.bad_text
    if document.decision is Decision.REJECTED:
        return document.reason, colours.muted
    return kind_text(document), colours.muted


def _draw_status(painter: QPainter, area: QRect, document: DocumentSummary, colours: Palette) -> None:
    reading = document.state is DocumentState.PROCESSING and document.page_count > 0
    upper = area.translated(0, -Space.XS if reading else 0)
    chip_colours = status_colours(document, colours)
    draw_chip(painter, upper, status_text(document), status_icon(document), chip_colours)
    if reading:
        share = document.pages_done / document.page_count
        below = upper.center().y() + 17
        bar = QRectF(area.left() + Space.S, below, min(area.width() - Space.L, 104), BAR_HEIGHT)
        draw_bar(painter, bar, share, colours.accent)


def _draw_sync(painter: QPainter, area: QRect, document: DocumentSummary, index: Index, colours: Palette) -> None:
    left = area.left()
    if document.state in FINAL_STATES:
        model = index.model()
        known = isinstance(model, InboxModel) and model.server_known
        ink = colours.good_text if document.synced else colours.muted
        draw_icon(painter, icon_area(area, 18), sync_icon(document, known), ink)
        left += 18 + Space.S
    words = QRect(left, area.top(), area.right() - left, area.height())
    draw_text(painter, words, str(index.data()), Ink(colours.muted, TextSize.SMALL))
