"""Small pictures of first pages, fetched beside the window as rows come into sight; none is kept on the disk."""

from collections import OrderedDict
from uuid import UUID

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.errors import DesktopError
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.pictures import read_picture

SIZE = QSize(36, 46)
_KEPT = 600  # pictures: a few screens full, 4 MB at most
_WAITING = 40  # what was asked for before went out of sight again
_AT_ONCE = 2


class Thumbnails(QObject):
    """Asked for a picture, it has it or fetches it; the last asked for comes first."""

    arrived = Signal(object)
    """UUID of the document whose picture is there now."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._kept: OrderedDict[UUID, QPixmap | None] = OrderedDict()
        self._waiting: OrderedDict[UUID, int] = OrderedDict()
        self._under_way: set[UUID] = set()

    def of(self, document_id: UUID, ratio: float) -> QPixmap | None:
        """The picture of the document, for a screen of `ratio` pixels a unit; None where there is none yet."""
        if document_id in self._kept:
            self._kept.move_to_end(document_id)
            return self._kept[document_id]
        if document_id not in self._under_way:
            self._waiting[document_id] = max(1, round(ratio))
            self._waiting.move_to_end(document_id)
            while len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)
            self._fetch()
        return None

    def forget(self, document_id: UUID) -> None:
        """It is fetched anew: the document is another by now."""
        self._kept.pop(document_id, None)

    def clear(self) -> None:
        """None is kept: somebody else sits down."""
        self._kept.clear()
        self._waiting.clear()

    def _fetch(self) -> None:
        while self._waiting and len(self._under_way) < _AT_ONCE:
            document_id, ratio = self._waiting.popitem()
            self._under_way.add(document_id)
            self._ask(document_id, SIZE * ratio, ratio)

    def _ask(self, document_id: UUID, size: QSize, ratio: int) -> None:
        def look_up() -> QImage:
            page = self._workspace.page_image(document_id, 1, shown=False)
            return read_picture(page.data, covering=size).copy(0, 0, size.width(), size.height())

        def done(image: QImage) -> None:
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            self._keep(document_id, None if image.isNull() else picture)

        def failed(error: Exception) -> None:
            self._keep(document_id, None, known=isinstance(error, DesktopError))

        run_beside(self, look_up, done, failed)

    def _keep(self, document_id: UUID, picture: QPixmap | None, *, known: bool = True) -> None:
        self._under_way.discard(document_id)
        if known:
            self._kept[document_id] = picture
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if picture is not None:
            self.arrived.emit(document_id)
        self._fetch()
