"""Pictures decoded beside the window's thread, without keeping it from working meanwhile.

Of Qt's functions only `QImageReader.read` lets other Python threads run: `QImage.fromData`, `scaled` and
`convertToFormat` hold the interpreter until they are done (25, 12 and 15 ms for a page of 300 dpi), and the window with
it. What has no other way is done in bands.
"""

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

_BAND = 256  # rows; even, so that halving a band needs no row of the next one. 2 ms of a page of 300 dpi


def read_picture(data: bytes, covering: QSize | None = None) -> QImage:
    """The picture that `data` (PNG, JPEG) holds, just large enough to cover a size; a null one where it holds none."""
    held = QBuffer()
    held.setData(QByteArray(data))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(held)
    if covering is not None:
        reader.setScaledSize(reader.size().scaled(covering, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()


def for_screen(picture: QImage) -> QImage:
    """The same picture in a format that is drawn fast: the screen's own, or grey, which is as good and a quarter."""
    if picture.format() in {QImage.Format.Format_RGB32, QImage.Format.Format_Grayscale8}:
        return picture
    drawn = QImage(picture.size(), QImage.Format.Format_RGB32)
    for band in _bands(picture.size()):
        _paint(drawn, band, picture, band)
    return drawn


def halved(picture: QImage) -> QImage:
    """The picture at half its size, each pixel the mean of four."""
    drawn = QImage(picture.width() // 2, picture.height() // 2, QImage.Format.Format_RGB32)
    for band in _bands(drawn.size()):
        _paint(drawn, band, picture, QRect(0, 2 * band.top(), 2 * band.width(), 2 * band.height()))
    return drawn


def _bands(size: QSize) -> Iterator[QRect]:
    for top in range(0, size.height(), _BAND):
        yield QRect(0, top, size.width(), min(_BAND, size.height() - top))


def _paint(drawn: QImage, where: QRect, picture: QImage, part: QRect) -> None:
    painter = QPainter(drawn)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(where, picture, part)
    painter.end()
