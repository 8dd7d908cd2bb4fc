"""Garbage is swept on the window's thread, a little at a time."""

import gc
import threading
import weakref
from collections.abc import Callable

from pytestqt.qtbot import QtBot

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


def test_what_was_loaded_for_good_is_not_looked_at_again(open_window: OpenWindow) -> None:
    open_window()
    assert gc.get_freeze_count() > len(gc.get_objects())
    assert not gc.isenabled()


def test_python_sweeps_again_once_the_window_is_closed(open_window: OpenWindow) -> None:
    open_window().close()
    assert gc.isenabled()
