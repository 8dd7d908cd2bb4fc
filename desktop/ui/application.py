"""From settings to a window: fonts and theme, the store's key, the workspace, the event loop."""

import os
import sys
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from desktop.errors import StoreLocked
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import finish_operations, run_beside
from desktop.ui.qt_faults import keep_none_alive
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from desktop.ui.theme import theme
from desktop.ui.wording import fault_sentence
from desktop.unopened import store_state

EXIT_FAULT = 1
EXIT_LOCKED = 4


def run_window(settings: Settings) -> int:
    """The window was opened, used and closed. Returns the exit code: 0, or 4 when the store was not unlocked."""
    memory = WindowMemory(settings.data_dir)
    application = make_application(memory.size)
    opening = Opening(settings)
    opening.ended.connect(application.quit)
    opening.begin()
    code = application.exec()
    opening.close()
    return opening.exit_code or code


def make_application(per_cent: int = 100) -> QApplication:
    """The one Qt application, dressed; text and controls are `per_cent` of the size that the screen asks for."""
    if per_cent != 100:
        os.environ.setdefault("QT_SCALE_FACTOR", str(per_cent / 100))  # Qt takes it once, when it starts
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


class Opening(QObject):
    """Opens the workspace beside the window's thread, asking for a passphrase where the store needs one."""

    window_opened = Signal(object)
    """MainWindow: it is shown."""
    ended = Signal()
    """Nothing was opened, and `exit_code` says why."""
    _asked = Signal(bool)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._memory = WindowMemory(settings.data_dir)
        theme().choose(self._memory.scheme)  # before anything is asked
        self._answers: SimpleQueue[str | None] = SimpleQueue()
        self._given_up = False
        self.dialog: UnlockDialog | None = None
        self.fault: FaultDialog | None = None
        self.window: MainWindow | None = None
        self._workspace: Workspace | None = None
        self.exit_code = 0
        self._asked.connect(self._show_dialog, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """The store is being opened."""
        run_beside(self, lambda: open_workspace(self._settings, self._ask), self._opened, self._failed)

    def close(self) -> None:
        """No work runs any more and the store is closed."""
        self._answers.put(None)  # whoever asks, or is about to, gets an answer
        finish_operations()
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None
        # Now, and not whenever Python's collector comes round: a widget that outlives the application crashes.
        for widget in (self.window, self.dialog, self.fault):
            if widget is not None:
                widget.deleteLater()
        self.window, self.dialog, self.fault = None, None, None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

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
        self.window = MainWindow(workspace, self._memory)
        self.window.show()
        if self.dialog is not None:
            self.dialog.given_up.disconnect(self._give_up)
            self.dialog.close()
        self.window.start_work(self._folder())
        self.window.feed.loaded.connect(self.window.offer_guide, Qt.ConnectionType.SingleShotConnection)
        self.window_opened.emit(self.window)

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
