"""The small shapes that delegates draw: chips, bars, icons, elided text. All sizes in logical pixels."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from desktop.ui.theme.theme import theme
from desktop.ui.theme.tokens import Palette, Radius, Space, TextSize
from desktop.ui.wording import DOUBTFUL

CHIP_HEIGHT = 24
ICON_SIZE = 16
BAR_HEIGHT = 4
LINE_HEIGHT = 20


_ONE_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is written: `colour` as #rrggbb, and where it is cut when it is too long."""

    colour: str
    size: TextSize = TextSize.BODY
    weight: QFont.Weight = QFont.Weight.Normal
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight


def draw_text(painter: QPainter, area: QRect, text: str, ink: Ink) -> None:
    """One line of `text`, shortened to `area` where it is too long."""
    font = theme().font(ink.size, ink.weight)
    painter.setFont(font)
    painter.setPen(QColor(ink.colour))
    painter.drawText(area, _ONE_LINE, QFontMetrics(font).elidedText(text, ink.cut, area.width()))


def draw_icon(painter: QPainter, area: QRect, name: str, colour: str) -> None:
    """The icon called `name` fills `area`."""
    theme().icon(name, colour).paint(painter, area)


def icon_area(area: QRect, size: int = ICON_SIZE, indent: int = 0) -> QRect:
    """The square of `size` at the left of `area`, `indent` from its edge and half-way down."""
    return QRect(area.left() + indent, area.center().y() - size // 2, size, size)


def draw_tick(painter: QPainter, box: QRect, ticked: bool | None) -> None:
    """A box to tick, as the style sheet has them; with a dash where nobody knows (None)."""
    colours = theme().palette
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(colours.accent if ticked else colours.muted))
    painter.setBrush(QColor(colours.accent if ticked else colours.surface))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), Radius.S, Radius.S)
    if ticked:
        draw_icon(painter, box, "read", colours.on_accent)
    elif ticked is None:
        middle = box.center().y()
        painter.fillRect(QRect(box.left() + Space.XS, middle, box.width() - 2 * Space.XS, 2), QColor(colours.muted))


def draw_chip(painter: QPainter, area: QRect, text: str, icon_name: str, colours: tuple[str, str]) -> None:
    """A rounded label of `text` with its icon, at the left of `area` and half-way down, in `colours`: text, tint."""
    colour, tint = colours
    font = theme().font(TextSize.SMALL, QFont.Weight.Medium)
    width = Space.S + ICON_SIZE + Space.XS + QFontMetrics(font).horizontalAdvance(text) + Space.M - 2
    chip = QRect(area.left(), area.center().y() - CHIP_HEIGHT // 2, min(width, area.width()), CHIP_HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tint))
    painter.drawRoundedRect(chip, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
    draw_icon(painter, icon_area(chip, ICON_SIZE - 2, Space.S), icon_name, colour)
    words = chip.adjusted(Space.S + ICON_SIZE + Space.XS - 2, 0, 0, 0)
    draw_text(painter, words, text, Ink(colour, TextSize.SMALL, QFont.Weight.Medium))


def draw_bar(painter: QPainter, area: QRectF, share: float, colour: str) -> None:
    """A bar filled to `share` (0..1) of `area`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().palette.border))
    round_by = area.height() / 2
    painter.drawRoundedRect(area, round_by, round_by)
    if share > 0:
        filled = QRectF(area)
        filled.setWidth(max(area.height(), area.width() * min(share, 1.0)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(filled, round_by, round_by)


def draw_confidence(painter: QPainter, area: QRect, confidence: float | None, text: str, *, needs_review: bool) -> None:
    """The per cent in words and as a bar: several ways to see how sure the reading is, and whether it is to check."""
    colours = theme().palette
    if confidence is None:
        draw_text(painter, area, text, Ink(colours.muted))
        return
    colour = sureness_colour(confidence, colours, needs_review=needs_review)
    middle = area.center().y()
    words = QRect(area.left(), middle - LINE_HEIGHT + 2, area.width(), LINE_HEIGHT)
    draw_text(painter, words, text, Ink(colour if needs_review else colours.text, TextSize.SMALL))
    bar = QRectF(area.left(), middle + 7, min(area.width(), 88), BAR_HEIGHT)
    draw_bar(painter, bar, confidence, colour)


def sureness_colour(confidence: float, colours: Palette, *, needs_review: bool) -> str:
    """The colour that goes with `sureness`."""
    if not needs_review:
        return colours.good_text
    return colours.warn_text if confidence >= DOUBTFUL else colours.bad_text
