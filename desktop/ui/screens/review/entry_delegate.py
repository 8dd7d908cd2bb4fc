"""How a heading and an entry of the record are drawn."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.screens.review.entry_model import ENTRY
from desktop.ui.screens.review.record import Entry
from desktop.ui.screens.review.said import is_by_a_person, said_words
from desktop.ui.theme import Space, TextSize, theme
from desktop.ui.theme.paint import ICON_SIZE, Ink, draw_confidence, draw_icon, draw_text, draw_tick, icon_area
from desktop.ui.wording import percent, sureness

HEADING_HEIGHT = 44
FIELD_HEIGHT = 52
LINE_ROW_HEIGHT = 36
_CONFIDENCE_WIDTH = 104

Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """Label above value on the left, how sure it is on the right; what is to check is tinted, what is ticked a box."""

    ticked = Signal(str)
    """Key of the entry whose box was clicked."""

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        entry = index.data(ENTRY)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            is_on_box = tick_area(option.rect).contains(event.position().toPoint())
            if isinstance(entry, Entry) and entry.is_tick and is_on_box:
                self.ticked.emit(entry.key)
                return True
        return super().editorEvent(event, model, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return QSize(0, HEADING_HEIGHT)
        return QSize(0, FIELD_HEIGHT if entry.label else LINE_ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            self._ground(painter, option, entry)
            self._entry(painter, option.rect.adjusted(Space.L, 0, -Space.L, 0), entry)
        else:
            self._heading(painter, option.rect.adjusted(Space.L, Space.M, -Space.L, 0), str(index.data()))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        colours = theme().palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.selected))
            painter.fillRect(
                QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), QColor(colours.accent)
            )
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colours.hover))
        elif entry.label and entry.needs_review:
            painter.fillRect(option.rect, QColor(colours.warn_tint))

    def _heading(self, painter: QPainter, area: QRect, text: str) -> None:
        draw_text(painter, area, text, Ink(theme().palette.accent_text, TextSize.SMALL, QFont.Weight.DemiBold))

    def _entry(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        words = area.adjusted(0, 0, -(_CONFIDENCE_WIDTH + Space.M), 0)
        if entry.label:
            self._labelled(painter, words, entry)
        else:
            draw_text(painter, words, entry.value, Ink(theme().palette.text))
        self._side(
            painter, QRect(area.right() - _CONFIDENCE_WIDTH, area.top(), _CONFIDENCE_WIDTH, area.height()), entry
        )

    def _side(self, painter: QPainter, side: QRect, entry: Entry) -> None:
        """How sure the reader was; of what people said, who did."""
        colours = theme().palette
        if entry.is_contested:
            draw_text(painter, side, self.tr("Contradicted"), Ink(colours.warn_text, TextSize.SMALL))
        elif entry.is_drafted or is_by_a_person(entry):
            draw_icon(painter, icon_area(side, 14), "read", colours.good_text)
            words = side.adjusted(14 + Space.XS, 0, 0, 0)
            draw_text(painter, words, said_words(entry), Ink(colours.good_text, TextSize.SMALL))
        elif entry.confidence is not None:
            word = sureness(entry.confidence, needs_review=entry.needs_review)
            text = f"{percent(entry.confidence)}  {word}"
            draw_confidence(painter, side, entry.confidence, text, needs_review=entry.needs_review)

    def _labelled(self, painter: QPainter, words: QRect, entry: Entry) -> None:
        colours = theme().palette
        middle = words.center().y()
        upper = QRect(words.left(), middle - 20, words.width(), 18)
        lower = QRect(words.left(), middle - 1, words.width(), 20)
        draw_text(painter, upper, entry.label, Ink(colours.muted, TextSize.SMALL))
        if entry.is_tick:
            box = tick_area(words.adjusted(-Space.L, 0, 0, 0))
            draw_tick(painter, box, entry.given if isinstance(entry.given, bool) else None)
            lower.setLeft(box.right() + Space.S)
        if entry.found:
            draw_text(painter, lower, entry.value, Ink(colours.text, weight=QFont.Weight.Medium))
        else:
            draw_text(painter, lower, self.tr("Not found"), Ink(colours.muted))


def tick_area(row: QRect) -> QRect:
    """Where in its `row` an entry's box to tick is drawn, and can be clicked."""
    return QRect(row.left() + Space.L, row.center().y() + 1, ICON_SIZE, ICON_SIZE)
