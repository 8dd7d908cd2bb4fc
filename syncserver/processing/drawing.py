"""The pages of an original as pictures, drawn anew in a process of its own: the server keeps none of them."""

import threading
from collections.abc import Callable
from functools import cache

from shared.documents import Reading
from shared.export import PagePicture
from shared.reading.errors import PagesNotDrawn
from shared.reading.worker import PageDone
from syncserver.processing.errors import NotExportable
from syncserver.processing.readers import reading_process
from syncserver.settings import Settings


class Drawer:
    """Draws one document's pages at a time; whoever asks meanwhile waits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one = threading.Lock()

    def pictures(self, original: Callable[[], bytes], reading: Reading) -> Callable[[int], PagePicture]:
        """What gives the picture of each page of the `original`, as `reading` was read of it: drawn at the first call,
        which raises NotExportable, and what `original` raises."""
        drawn = cache(lambda: self._draw(original(), reading))
        return lambda number: drawn()[number]

    def _draw(self, payload: bytes, reading: Reading) -> dict[int, PagePicture]:
        pictures: dict[int, PagePicture] = {}

        def keep(page: PageDone) -> None:
            pictures[page.number] = PagePicture(page.image, page.media_type)

        try:
            with self._one, reading_process(self._settings) as process:
                process.draw(payload, [page.rotation for page in reading.pages], keep)
        except PagesNotDrawn as error:
            raise NotExportable(f"The pages could not be drawn. {error.message}") from error
        if len(pictures) < len(reading.pages):
            raise NotExportable("The original has fewer pages than were read of it.")
        return pictures
