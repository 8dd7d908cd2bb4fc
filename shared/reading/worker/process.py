"""Reads documents in a process of their own, so that a hostile or broken file can hurt nothing else.

This side imports neither OpenCV nor Paddle nor NumPy.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from types import TracebackType

from pydantic import ValidationError

from shared.documents import Reading, failed_reading
from shared.reading.errors import PagesNotDrawn
from shared.reading.settings import ReadingSettings, templates_to_json
from shared.reading.worker.frames import Frame
from shared.reading.worker.handle import ChildFailed, ChildHandle, crashed
from shared.reading.worker.scratch import sweep_leftovers
from shared.templates import Template
from shared.wire.v1.readings import reading_from_json

_PAGE_MEDIA_TYPES = ("image/png", "image/jpeg")
_OUT_OF_MEMORY = "reader_out_of_memory"


class ReadingCancelled(Exception):
    """The reading was broken off because somebody asked for it: nothing is known of the document."""


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page that was read: its picture, upright and level, as a PNG or JPEG file."""

    number: int
    page_count: int
    image: bytes
    media_type: str


class ReadingProcess:
    """Reads one document at a time in a child process, which is started when first needed and kept warm.

    Any thread may call it; those that read wait for each other. After a crash, a time-out or a breach of the memory
    limit the document's reading carries an `error`, and the next document gets a fresh process. A process that has
    read many pages, or has grown, is replaced between two documents, its successor warmed up beforehand.
    """

    def __init__(self, settings: ReadingSettings | None = None) -> None:
        self._settings = settings or ReadingSettings()
        self._templates = self._settings.templates
        self._busy = Lock()  # held while a document is read
        self._hold = Lock()  # held for moments, around what follows
        self._child: ChildHandle | None = None
        self._successor: ChildHandle | None = None
        self._is_reading = False
        self._broken_off = False
        sweep_leftovers()

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm_up(self) -> None:
        """A process is there, and loads its models if it is new; does not wait for it."""
        with self._hold:
            if not self._is_reading:
                self._child = self._best_child() or self._warming()

    def follow(self, templates: tuple[Template, ...]) -> None:
        """What is read from now on may follow these beside the product's, instead of those of the settings."""
        self._templates = templates

    def read(
        self,
        payload: bytes,
        file_name: str,
        template: str = "auto",
        on_page: Callable[[PageDone], None] | None = None,
        unwanted: Event | None = None,
    ) -> Reading:
        """What stands in `payload`; never raises for what is in it.

        `on_page` is called in this thread as each page is finished.
        Raises ReadingCancelled after `cancel` or `close`, and when `unwanted` is set before the reading begins.
        """
        with self._busy:
            child = self._begin(unwanted)
            try:
                reading = self._read(child, (payload, file_name, template), on_page)
            except ChildFailed as failure:
                reading = _failure(payload, file_name, failure)
                self._end(child, keep=False)
            except BaseException:  # the caller's own fault in on_page, or Ctrl-C: the child is in the middle of things
                self._end(child, keep=False)
                raise
            else:
                # A process that once ran out of memory has it in shreds.
                self._end(child, keep=reading.error is None or reading.error.code != _OUT_OF_MEMORY)
            if self._broken_off:
                raise ReadingCancelled
            return reading

    def draw(self, payload: bytes, rotations: Sequence[int], on_page: Callable[[PageDone], None]) -> None:
        """Each page of `payload` was handed to `on_page` as the picture that was read of it, nothing is read again.

        `rotations` are those of the reading's pages. Raises PagesNotDrawn, and ReadingCancelled as `read` does."""
        with self._busy:
            child = self._begin(None)
            try:
                child.send("draw", payload, rotations=" ".join(map(str, rotations)))
                drawn = self._pages_until("drawn", child, on_page)
            except ChildFailed as failure:
                self._end(child, keep=False)
                if self._broken_off:
                    raise ReadingCancelled from failure
                raise PagesNotDrawn(failure.sentence) from failure
            except BaseException:
                self._end(child, keep=False)
                raise
            self._end(child, keep=True)
            if fault := drawn.header.get("fault"):
                raise PagesNotDrawn(str(fault))

    def cancel(self) -> None:
        """Whatever is being read is broken off at once, its `read` raises ReadingCancelled; does not wait for that."""
        with self._hold:
            if self._is_reading and self._child is not None:
                self._broken_off = True
                self._child.interrupt()

    def close(self) -> None:
        """No process is left, nor anything of one; what was being read is broken off. A later read starts another."""
        self.cancel()
        with self._busy, self._hold:
            for child in (self._child, self._successor):
                if child is not None:
                    child.kill()
            self._child = self._successor = None

    def _read(
        self, child: ChildHandle, document: tuple[bytes, str, str], on_page: Callable[[PageDone], None] | None
    ) -> Reading:
        payload, file_name, template = document
        own = self._templates
        if own != child.templates:
            child.send("templates", templates_to_json(own))
            child.templates = own
        child.send("read", payload, file_name=file_name, template=template)
        return _reading(self._pages_until("reading", child, on_page))

    def _pages_until(self, last: str, child: ChildHandle, on_page: Callable[[PageDone], None] | None) -> Frame:
        """The frame of the kind `last`, after those of pages."""
        deadline = monotonic() + self._settings.document_seconds
        patience = self._settings.start_seconds + self._settings.page_seconds
        while True:
            frame = child.next_frame(min(patience, deadline - monotonic()))
            if frame.kind == last:
                return frame
            if frame.kind == "page":
                patience = self._settings.page_seconds
                child.pages += 1
                if on_page is not None:
                    on_page(_page_done(frame))

    def _begin(self, unwanted: Event | None) -> ChildHandle:
        with self._hold:
            if unwanted is not None and unwanted.is_set():
                raise ReadingCancelled
            self._child = self._best_child() or ChildHandle(self._settings)
            self._is_reading, self._broken_off = True, False
            return self._child

    def _end(self, child: ChildHandle, *, keep: bool) -> None:
        with self._hold:
            self._is_reading = False
            if not keep or self._broken_off:
                child.kill()
                self._child = None
            elif self._successor is None and self._is_worn(child):
                self._successor = self._warming()

    def _is_worn(self, child: ChildHandle) -> bool:
        return child.pages >= self._settings.recycle_pages or child.resident_bytes() > self._settings.recycle_bytes

    def _best_child(self) -> ChildHandle | None:
        """The child, or its successor once that is warm (or the child is dead); None when neither lives."""
        child, successor = self._child, self._successor
        if child is not None and not child.is_alive():
            child.kill()
            child = None
        if successor is not None and (child is None or successor.is_warm() or not successor.is_alive()):
            retired, child = (child, successor) if successor.is_alive() else (successor, child)
            if retired is not None:
                retired.kill()
            self._successor = None
        return child

    def _warming(self) -> ChildHandle:
        child = ChildHandle(self._settings)
        child.send("warm")
        return child


def _reading(frame: Frame) -> Reading:
    try:
        return reading_from_json(frame.body)
    except ValidationError as error:
        raise crashed() from error


def _page_done(frame: Frame) -> PageDone:
    number, page_count = frame.header.get("number"), frame.header.get("page_count")
    media_type = frame.header.get("media_type")
    if not isinstance(number, int) or not isinstance(page_count, int) or media_type not in _PAGE_MEDIA_TYPES:
        raise crashed()
    return PageDone(number, page_count, frame.body, str(media_type))


def _failure(payload: bytes, file_name: str, failure: ChildFailed) -> Reading:
    sha256 = hashlib.sha256(payload).hexdigest()
    return failed_reading(file_name, sha256, failure.code, f"{file_name}: {failure.sentence}")
