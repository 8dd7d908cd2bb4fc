"""The picture of a page, ready to be drawn at any zoom, and the outlines of what stands on it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.ui.pictures import for_screen, halved, read_picture
from shared.documents import Polygon, bounds

_GROWTH = 5.0  # page pixels by which a box stands clear of its text
_SMALLEST_SIDE = 256  # pixels; smaller halvings are never looked at


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page's image and its halvings: drawing a 300 dpi page small from its full size loses the thin strokes."""

    halvings: tuple[QImage, ...]

    @property
    def width(self) -> int:
        return self.halvings[0].width()

    @property
    def height(self) -> int:
        return self.halvings[0].height()


def decode(data: bytes) -> PagePicture | None:
    """The picture that `data` (PNG, JPEG) holds, in a format that is drawn fast; None where it holds none.

    Takes some 40 ms for a 300 dpi page: not for the window's thread, which it lets work meanwhile.
    """
    image = read_picture(data)
    if image.isNull():
        return None
    halvings = [for_screen(image)]
    while min(halvings[-1].width(), halvings[-1].height()) > 2 * _SMALLEST_SIDE:
        halvings.append(halved(halvings[-1]))
    return PagePicture(tuple(halvings))


class PageItem(QGraphicsItem):
    """A page on the desk; one unit of the scene is one pixel of the page as read."""

    def __init__(self, picture: PagePicture, width: int, height: int) -> None:
        super().__init__()
        self._picture = picture
        self._area = QRectF(0, 0, width, height)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = painter.deviceTransform().m11() * self._area.width() / self._picture.width
        fitting = [image for image in self._picture.halvings if image.width() >= self._picture.width * scale]
        image = fitting[-1] if fitting else self._picture.halvings[0]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        exposed = option.exposedRect.intersected(self._area)
        across, down = image.width() / self._area.width(), image.height() / self._area.height()
        source = QRectF(exposed.x() * across, exposed.y() * down, exposed.width() * across, exposed.height() * down)
        painter.drawImage(exposed, image, source)


def clear_of(polygon: Polygon) -> QPolygonF:
    """The corners of `polygon`, drawn clear of the text by `_GROWTH`, away from their centre."""
    centre_x, centre_y = bounds(polygon).centre
    return QPolygonF(
        [
            QPointF(x + (_GROWTH if x > centre_x else -_GROWTH), y + (_GROWTH if y > centre_y else -_GROWTH))
            for x, y in polygon
        ]
    )
