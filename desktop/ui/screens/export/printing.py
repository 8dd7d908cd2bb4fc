"""Pages on paper: each as it was read, as large as the sheet allows."""

from collections.abc import Callable, Iterable
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from desktop.exports import Exports
from desktop.ui.pictures import read_picture


def print_documents(
    exports: Exports, document_ids: Iterable[UUID], printer: QPrinter, going_on: Callable[[int], bool]
) -> str:
    """Their pages went to `printer`, until it was not `going_on`, which hears how many documents are done.

    Returns how it went, in people's words. Takes long: not for the window's thread (QPainter may draw on a printer in
    any). Raises as `Exports.pages`."""
    pages, painter = 0, QPainter()
    try:
        for done, document_id in enumerate(document_ids):
            if not going_on(done):
                break
            for page in exports.pages(document_id):
                if not _turn_to_sheet(painter, printer, pages):
                    return QCoreApplication.translate("Printing", "The printer takes nothing. Nothing was printed.")
                _draw(painter, printer, read_picture(page.data))
                pages += 1
    finally:
        painter.end()
    return QCoreApplication.translate("Printing", "{0} pages went to the printer.").format(pages)


def _turn_to_sheet(painter: QPainter, printer: QPrinter, pages: int) -> bool:
    return printer.newPage() if pages else painter.begin(printer)


def _draw(painter: QPainter, printer: QPrinter, image: QImage) -> None:
    sheet = printer.pageRect(QPrinter.Unit.DevicePixel).toRect()
    size = image.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawImage(_centred(sheet, size), image)


def _centred(sheet: QRect, size: QSize) -> QRect:
    """A page of `size` in the middle of the part of the sheet that is printed on, whose corner is the painter's."""
    left, top = (sheet.width() - size.width()) // 2, (sheet.height() - size.height()) // 2
    return QRect(left, top, size.width(), size.height())
