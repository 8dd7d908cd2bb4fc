"""The window never freezes: no turn of its event loop works longer than 50 ms, whatever happens beside it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.events import DocumentChanged, PageRead
from desktop.services import Workspace
from desktop.ui.screens.inbox.model import Column
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

LONGEST_TURN = 0.05  # seconds
_BEAT_MS = 5
PAGES = 200


@dataclass
class Heartbeat:
    """How long the loop was busy between two beats, in the window thread's own seconds: a busy machine counts not.

    `waits` are the same by the clock on the wall, without the pause that a beat makes: what else had the processor, or
    the interpreter, counts there."""

    turns: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    _last: float = field(default_factory=time.thread_time)
    _last_wall: float = field(default_factory=time.perf_counter)

    def beat(self) -> None:
        now, wall = time.thread_time(), time.perf_counter()
        self.turns.append(now - self._last)
        self.waits.append(max(0.0, wall - self._last_wall - _BEAT_MS / 1000))
        self._last, self._last_wall = now, wall


@contextmanager
def listening() -> Iterator[Heartbeat]:
    heart, timer = Heartbeat(), QTimer(interval=_BEAT_MS)
    timer.timeout.connect(heart.beat)
    timer.start()
    yield heart
    timer.stop()


def test_a_flood_of_events_never_stalls_the_window(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    documents = [shelf.waiting(f"scan-{number}.pdf") for number in range(20)]
    window = open_window()

    def flood() -> None:
        for number in range(1, PAGES + 1):
            for document_id in documents:
                workspace.events.publish(PageRead(document_id, number, PAGES))
                workspace.events.publish(DocumentChanged(document_id))
            time.sleep(0.002)

    with listening() as heart:
        publisher = threading.Thread(target=flood)
        publisher.start()
        qtbot.waitUntil(lambda: not publisher.is_alive(), timeout=60_000)
        qtbot.wait(300)
    assert len(heart.turns) > 20
    assert max(heart.turns) < LONGEST_TURN
    assert window.model.total == len(documents)


@pytest.mark.soak
def test_reading_and_syncing_two_hundred_pages_never_stalls_the_window(
    open_window: OpenWindow, workspace: Workspace, tmp_path: Path
) -> None:
    """The real engine, a real server, and somebody who opens what was read; some minutes on two cores."""
    from tests.quality.window.reading import beat_while_reading  # it stands on this module

    heart = beat_while_reading(open_window(), workspace, tmp_path, PAGES)
    longest = ", ".join(f"{1000 * turn:.0f}" for turn in sorted(heart.turns)[:-6:-1])
    print(f"{len(heart.turns):,} turns, the longest: {longest} ms")
    assert max(heart.turns) < LONGEST_TURN


def test_opening_a_document_never_stalls_the_window(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.read()
    window = open_window()
    with listening() as heart:
        with qtbot.waitSignal(window.review.page_shown):
            window.open_document(document_id)
        qtbot.wait(100)
        with qtbot.waitSignal(window.review.page_shown):
            window.review.turn(1)
        qtbot.wait(100)
    assert max(heart.turns) < LONGEST_TURN
    assert window.model.index(0, Column.STATUS).data() == "Needs review"
