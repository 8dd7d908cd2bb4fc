"""From settings to a window: fonts and theme, the store's key, the workspace, the event loop."""

import os
import sys
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.errors import StoreLocked
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import finish_operations, forget_operations, run_beside
from desktop.ui.qt_faults import keep_none_alive
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from desktop.ui.theme import forget_theme, theme
from desktop.ui.wording import fault_sentence
from desktop.unopened import store_state

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

EXIT_FAULT = 1
EXIT_LOCKED = 4


_SCALE = "QT_SCALE_FACTOR"
_SCALE_GIVEN = os.environ.get(_SCALE)
"""What the environment asks for counts before what was chosen in Settings."""


def run_window(settings: Settings) -> int:
    """The window was opened, used and closed. Returns the exit code: 0, or 4 when the store was not unlocked."""
    ended = _sit_down(settings, None)
    while isinstance(ended, Workspace):
        ended = _sit_down(settings, ended)
    return ended


def _sit_down(settings: Settings, workspace: Workspace | None) -> int | Workspace:
    """One application from its start to its end: the exit code, or the `workspace` to go on with at another size."""
    application = make_application(WindowMemory(settings.data_dir).size)
    opening = Opening(settings, workspace)
    opening.ended.connect(application.quit)
    opening.begin()
    code, kept = application.exec(), opening.close()
    if kept is None:
        return opening.exit_code or code
    del opening  # before Qt is: it deletes whatever is left, whoever still holds it
    end_application(application)
    return kept


def make_application(per_cent: int = 100) -> QApplication:
    """The one Qt application, dressed; text and controls are `per_cent` of the size that the screen asks for."""
    if _SCALE_GIVEN is None:  # Qt takes it once, when an application starts
        os.environ.pop(_SCALE, None)
        os.environ |= {} if per_cent == 100 else {_SCALE: str(per_cent / 100)}
    keep_none_alive()
    # OpenCV, where something imported it, points Qt at plugins of its own.
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    QCoreApplication.setApplicationName("Chartdrop")
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationDisplayName("Chartdrop")
    application.setDesktopFileName("chartdrop")
    theme().install(application)
    return application


def end_application(application: QApplication) -> None:
    """There is no Qt application any more, nor anything that was made for it: another one may start."""
    forget_operations()
    forget_theme()
    application.shutdown()


class Opening(QObject):
    """Opens the workspace beside the window's thread, asking for a passphrase where the store needs one.

    A `workspace` that is open goes on as it is."""

    window_opened = Signal(object)
    """MainWindow: it is shown."""
    ended = Signal()
    """Nothing was opened, and `exit_code` says why; or the window is to be drawn anew."""
    _asked = Signal(bool)

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._memory = WindowMemory(settings.data_dir)
        theme().choose(self._memory.scheme)  # before anything is asked
        self._answers: SimpleQueue[str | None] = SimpleQueue()
        self._given_up = False
        self.dialog: UnlockDialog | None = None
        self.fault: FaultDialog | None = None
        self.window: MainWindow | None = None
        self._workspace = workspace
        self._goes_on = False
        self.exit_code = 0
        self._asked.connect(self._show_dialog, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """The store is being opened, or the window on it where it is."""
        if self._workspace is not None:
            self._show_window(self._workspace).inbox.show_watched(self._folder())
            return
        run_beside(self, lambda: open_workspace(self._settings, self._ask), self._opened, self._failed)
        QTimer.singleShot(0, _load_window)  # while the passphrase is tried: a tenth of a second, and no Python

    def close(self) -> Workspace | None:
        """No work of the window's runs any more, and the store is closed; where it goes on, that is what comes back."""
        self._answers.put(None)  # whoever asks, or is about to, gets an answer
        finish_operations()
        kept = self._workspace if self._goes_on else None
        if self._workspace is not None and kept is None:
            self._workspace.close()
        self._workspace = None
        # Now, and not whenever Python's collector comes round: a widget that outlives the application crashes.
        for widget in (self.window, self.dialog, self.fault):
            if widget is not None:
                widget.deleteLater()
        self.window, self.dialog, self.fault = None, None, None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return kept

    def _ask(self) -> str | None:
        """On the pool's thread: waits until the person answered."""
        self._asked.emit(store_state(self._settings) == "absent")
        return self._answers.get()

    def _show_dialog(self, new_store: bool) -> None:
        if self.dialog is None:
            self.dialog = UnlockDialog(new_store)
            self.dialog.answered.connect(self._answer)
            self.dialog.given_up.connect(self._give_up)
        self.dialog.show()

    def _answer(self, passphrase: str | None) -> None:
        # Put down even before the next try asks: a quick answer is not lost.
        self._answers.put(passphrase)

    def _give_up(self) -> None:
        self._given_up = True
        self._answer(None)
        self._end(EXIT_LOCKED)

    def _opened(self, workspace: Workspace) -> None:
        self._workspace = workspace
        window = self._show_window(workspace)
        if self.dialog is not None:
            self.dialog.given_up.disconnect(self._give_up)
            self.dialog.close()
        window.start_work(self._folder())
        window.feed.loaded.connect(window.offer_guide, Qt.ConnectionType.SingleShotConnection)
        self.window_opened.emit(window)

    def _show_window(self, workspace: Workspace) -> "MainWindow":
        from desktop.ui.main_window import MainWindow

        self.window = MainWindow(workspace, self._memory)
        self.window.size_chosen.connect(self._draw_anew)
        self.window.show()
        return self.window

    def _draw_anew(self) -> None:
        """Qt knows one size an application: this one ends, and another goes on with the store as it is."""
        self._goes_on = True
        if self.window is not None:
            self.window.close()  # it remembers where it stood
        self.ended.emit()

    def _folder(self) -> Path | None:
        return self._settings.watch or self._memory.watched_folder

    def _failed(self, error: Exception) -> None:
        if self._given_up:
            return
        if isinstance(error, StoreLocked) and self.dialog is not None:
            self.dialog.show_fault(fault_sentence(error))
            self.begin()
            return
        self._explain(error)

    def _explain(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.hide()
        self.fault = FaultDialog(fault_sentence(error))
        self.fault.accepted.connect(self.begin)
        self.fault.rejected.connect(lambda: self._end(EXIT_LOCKED if isinstance(error, StoreLocked) else EXIT_FAULT))
        self.fault.open()

    def _end(self, code: int) -> None:
        self.exit_code = code
        self.ended.emit()


def _load_window() -> None:
    import desktop.ui.main_window  # noqa: F401
