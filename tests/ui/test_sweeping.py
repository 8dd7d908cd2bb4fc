"""Garbage is swept on the window's thread, a little at a time."""

import gc
import threading
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.ui.sweeping import Sweeper, settle_once
from tests.ui.conftest import OpenWindow

_MANY = 20_000  # objects: far more than Python keeps before it sweeps


class _Ring:
    """Nothing refers to it but itself."""

    def __init__(self, gone: Callable[[], object]) -> None:
        self.itself = self
        weakref.finalize(self, gone)


def test_garbage_of_workers_is_swept_on_the_windows_thread(open_window: OpenWindow, qtbot: QtBot) -> None:
    open_window()
    swept: list[int] = []

    def litter() -> None:
        for _ in range(_MANY):
            _Ring(lambda: swept.append(threading.get_ident()))

    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(swept) == _MANY)
    assert set(swept) == {threading.get_ident()}


@pytest.mark.usefixtures("qapp")
def test_what_is_there_once_the_list_is_shown_is_looked_at_no_more() -> None:
    settle_once.cache_clear()
    sweeper = Sweeper(parent := QObject())
    before, _kept = gc.get_freeze_count(), [[number] for number in range(_MANY)]
    sweeper.settle()
    settled = gc.get_freeze_count()
    _more = [[number] for number in range(_MANY)]
    sweeper.settle()
    sweeper.stop()
    parent.deleteLater()
    assert settled >= before + _MANY
    assert gc.get_freeze_count() <= settled, "what a window leaves behind is garbage for the next one"


def test_the_window_sweeps_instead_of_python(open_window: OpenWindow) -> None:
    open_window()
    assert not gc.isenabled()


def test_python_sweeps_again_once_the_window_is_closed(open_window: OpenWindow) -> None:
    open_window().close()
    assert gc.isenabled()
