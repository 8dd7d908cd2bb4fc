"""How long the window takes for what a person does: the next doubtful field, the next page, a screen of rows."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.documents import Page
from shared.ids import new_id
from tests.ui.paper import Paper, admission_form
from tests.ui.shelf import Shelf

ROWS = 10_000
_WIDTH, _HEIGHT, _DPI = 2550, 3300, 300  # a letter page at 300 dpi
_LOOK = 0.5  # seconds that a person looks at a page before they turn it


@dataclass
class Taken:
    """Seconds by the clock on the wall, and of the window's own thread: what a busy machine does counts not there."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """What is done in the block is one time more."""
        begun, own = time.perf_counter(), time.thread_time()
        yield
        self.wall.append(time.perf_counter() - begun)
        self.own.append(time.thread_time() - own)


def all_doubtful(shelf: Shelf) -> UUID:
    """A form of which every field is to check, in the store."""
    form = admission_form()
    fields = {name: replace(cell, needs_review=True) if cell else None for name, cell in form.reading.fields.items()}
    return shelf.read("doubtful.pdf", replace(form, reading=replace(form.reading, fields=fields)))


def thick(shelf: Shelf, pages: int) -> UUID:
    """A document of full pages at 300 dpi, in the store."""
    form = admission_form()
    scans = tuple(scan(number) for number in range(pages))
    read = tuple(
        Page(number + 1, _WIDTH, _HEIGHT, _DPI, 0, 0.0, form.reading.pages[0].lines) for number in range(pages)
    )
    reading = replace(form.reading, pages=read, page_count=pages, tables={})
    return shelf.read("thick.pdf", Paper(scans, reading))


def time_fields(window: MainWindow) -> Taken:
    """Seconds from Enter until the next doubtful field is in hand and drawn, for each there is."""
    taken = Taken()
    while window.review.panel.to_check():
        with taken.one():
            QTest.keyClick(window.review.panel.editor.line, Qt.Key.Key_Return)
            _draw(window)
        rest(0.05)
    return taken


def time_pages(window: MainWindow, document_id: UUID, pages: int) -> Taken:
    """Seconds from the key until the next page is drawn, for each there is."""
    taken = Taken()
    for number in range(2, pages + 1):
        wait_until(partial(window.review.pictures.has, document_id, number))
        rest(_LOOK)
        shown: list[int] = []
        window.review.page_shown.connect(shown.append)
        with taken.one():
            window.review.turn(1)
            wait_until(partial(bool, shown))
            _draw(window)
        window.review.page_shown.disconnect(shown.append)
    return taken


def time_rows(window: MainWindow, screens: int) -> Taken:
    """Seconds that each of so many screens full of rows takes to be drawn, all over the list."""
    window.model.replace_all(_summaries())
    window.show_inbox()
    view, taken = window.inbox.view, Taken()
    while window.model.canFetchMore(view.rootIndex()):
        window.model.fetchMore(view.rootIndex())
    bar = view.verticalScrollBar()
    for number in range(screens):
        with taken.one():
            bar.setValue(bar.maximum() * number // screens)
            _draw(window)
    return taken


def time_narrowing(window: MainWindow) -> Taken:
    """Seconds that the list of ten thousand takes to be narrowed by each letter of a name."""
    taken = Taken()
    for letter in "scan-4711":
        with taken.one():
            QTest.keyClicks(window.inbox.filters.words, letter)
            _draw(window)
    return taken


def open_document(window: MainWindow, workspace: Workspace, document_id: UUID) -> None:
    """The document is in front, with its first page drawn."""
    wait_until(lambda: window.feed.is_loaded)
    [summary] = [one for one in workspace.documents() if one.id == document_id]
    window.model.merge([summary])
    shown: list[int] = []
    window.review.page_shown.connect(shown.append)
    window.open_document(summary.id)
    wait_until(lambda: bool(shown))
    window.review.page_shown.disconnect(shown.append)


def rest(seconds: float) -> None:
    """The event loop turns, and whatever works beside it does."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait_until(is_so: Callable[[], bool], longest: float = 30.0) -> None:
    """The event loop turns until it `is_so`."""
    give_up = time.perf_counter() + longest
    while not is_so():
        if time.perf_counter() > give_up:
            raise TimeoutError
        rest(0.001)


def _draw(window: MainWindow) -> None:
    """What changed is drawn now, and not with the screen's next frame."""
    QCoreApplication.processEvents()
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


def scan(number: int) -> bytes:
    """A full page at 300 dpi, as a PNG file."""
    image = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(40)
    for line in range(60):
        pen.text(
            (150, 120 + line * 52), f"Page {number}, line {line}: " + "as dense as a discharge letter is " * 3, 20, font
        )
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _summaries() -> list[DocumentSummary]:
    start, states = datetime(2026, 1, 1, tzinfo=UTC), tuple(DocumentState)
    return [
        DocumentSummary(
            id=new_id(),
            file_name=f"scan-{number}.pdf",
            state=states[number % len(states)],
            document_type="hospice_admission",
            page_count=3,
            pages_done=0,
            confidence=0.9,
            to_review=number % 3,
            received_at=start + timedelta(minutes=number),
            finished_at=None,
            error=None,
            synced=False,
            sha256="",
            template="auto",
            legal_hold=False,
        )
        for number in range(ROWS)
    ]
