"""Pages on paper: each as it was read, or as somebody turned it since, as large as the sheet allows."""

from collections.abc import Callable, Iterable
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
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
            for page, turned in exports.pages(document_id):
                if not _turn_to_sheet(painter, printer, pages):
                    return QCoreApplication.translate("Printing", "The printer takes nothing. Nothing was printed.")
                _draw(painter, printer, read_picture(page.data), turned)
                pages += 1
    finally:
        painter.end()
    return QCoreApplication.translate("Printing", "{0} pages went to the printer.").format(pages)


def _turn_to_sheet(painter: QPainter, printer: QPrinter, pages: int) -> bool:
    return printer.newPage() if pages else painter.begin(printer)


def _draw(painter: QPainter, printer: QPrinter, picture: QImage, turned: int) -> None:
    """The picture lies in the middle of the part of the sheet that is printed on, whose corner is the painter's."""
    sheet = printer.pageRect(QPrinter.Unit.DevicePixel)
    room = sheet.size() if turned % 180 == 0 else sheet.size().transposed()
    size = QSizeF(picture.size()).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    painter.save()
    painter.translate(sheet.width() / 2, sheet.height() / 2)
    painter.rotate(turned)
    painter.drawImage(QRectF(QPointF(-size.width() / 2, -size.height() / 2), size), picture)
    painter.restore()
