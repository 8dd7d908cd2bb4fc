"""Pages ready to be drawn: the one in front, and its neighbours before somebody turns to them."""

from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject

from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.screens.review.page_picture import PagePicture, decode

_KEPT = 4  # pictures: with its halvings, a page of 300 dpi takes 20 MB in grey and 45 in colours

_Key = tuple[UUID, int]


class PagePictures(QObject):
    """Fetches and decodes beside the window; to show a page is noted, to have it ready is not."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._kept: OrderedDict[_Key, PagePicture] = OrderedDict()
        self._under_way: set[_Key] = set()

    def show(
        self,
        document_id: UUID,
        number: int,
        done: Callable[[PagePicture | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Page `number` is handed to `done` once the look at it was noted; None where it holds no picture."""
        ready = self._kept.get((document_id, number))

        def look_up() -> PagePicture | None:
            if ready is None:
                return decode(self._workspace.page_image(document_id, number).data)
            self._workspace.note_page_shown(document_id, number)
            return ready

        def hand_on(picture: PagePicture | None) -> None:
            self._keep((document_id, number), picture)
            done(picture)

        run_beside(self, look_up, hand_on, failed)

    def prepare(self, document_id: UUID, number: int) -> None:
        """Page `number` will be ready when somebody turns to it."""
        key = document_id, number
        if key in self._kept or key in self._under_way:
            return
        self._under_way.add(key)

        def look_up() -> PagePicture | None:
            return decode(self._workspace.page_image(document_id, number, shown=False).data)

        def failed(_: Exception) -> None:
            self._under_way.discard(key)  # whoever turns to it hears why

        run_beside(self, look_up, lambda picture: self._keep(key, picture), failed)

    def has(self, document_id: UUID, number: int) -> bool:
        """Whether page `number` is ready."""
        return (document_id, number) in self._kept

    def clear(self) -> None:
        """None is kept."""
        self._kept.clear()

    def _keep(self, key: _Key, picture: PagePicture | None) -> None:
        self._under_way.discard(key)
        if picture is None:
            return
        self._kept[key] = picture
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
