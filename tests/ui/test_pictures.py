"""Pages are decoded beside the window's thread, which goes on working meanwhile."""

import threading
import time

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage

from desktop.ui.pictures import for_screen, halved, read_picture
from desktop.ui.screens.review.page_picture import decode
from tests.quality.window.working import scan

_BEAT = 0.0005  # seconds
_WIDTH, _HEIGHT = 2550, 3300


def as_png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide's stubs leave devices out
    return bytes(buffer.data().data())


@pytest.mark.usefixtures("qapp")
def test_a_page_of_300_dpi_is_decoded_without_keeping_the_window_waiting() -> None:
    page, beats = scan(1), 0
    decode(page)
    beside = threading.Thread(target=lambda: [decode(page) for _ in range(3)])
    beside.start()
    while beside.is_alive():
        time.sleep(_BEAT)
        beats += 1
    assert beats > 60, "Qt's own functions let other threads run about 20 times"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("format_", [QImage.Format.Format_Grayscale8, QImage.Format.Format_RGB32])
def test_what_is_decoded_is_the_page_pixel_by_pixel(format_: QImage.Format) -> None:
    page = QImage.fromData(scan(1)).convertToFormat(format_)
    picture = decode(as_png(page))
    assert picture is not None
    assert (picture.width, picture.height) == (_WIDTH, _HEIGHT)
    assert picture.halvings[0] == page
    sizes = [(one.width(), one.height()) for one in picture.halvings]
    assert sizes == [(2550, 3300), (1275, 1650), (637, 825), (318, 412)]


@pytest.mark.usefixtures("qapp")
def test_each_pixel_of_a_halving_is_the_mean_of_four() -> None:
    large = QImage(2, 600, QImage.Format.Format_RGB32)
    for row in range(600):
        for column in range(2):
            large.setPixelColor(column, row, QColor(*[40 * column + 2 * (row % 50)] * 3))
    small = halved(large)
    assert (small.width(), small.height()) == (1, 300)
    for row in range(300):
        mean = 20 + 2 * (2 * row % 50) + 1
        assert abs(small.pixelColor(0, row).red() - mean) <= 2, "rounded twice"


@pytest.mark.usefixtures("qapp")
def test_a_small_picture_covers_the_room_it_is_asked_for() -> None:
    small = read_picture(scan(1), covering=QSize(36, 46))
    assert (small.width(), small.height()) == (36, 46)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "format_", [QImage.Format.Format_Indexed8, QImage.Format.Format_Mono, QImage.Format.Format_ARGB32]
)
def test_what_is_drawn_slowly_is_turned_into_what_is_not(format_: QImage.Format) -> None:
    page = QImage.fromData(scan(1)).convertToFormat(format_)
    drawn = for_screen(page)
    assert drawn.format() == QImage.Format.Format_RGB32
    assert drawn == page.convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.usefixtures("qapp")
def test_what_holds_no_picture_is_none() -> None:
    assert decode(b"no picture") is None
    assert read_picture(b"", covering=QSize(36, 46)).isNull()
