"""The strip that says how far reading is, how long it will take, and how to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from desktop.ui.screens.inbox.pace import Progress
from desktop.ui.theme import Space
from desktop.ui.widgets import button, label

_WHOLE = 1000


class ProgressStrip(QFrame):
    """Is there while something waits or is being read."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "strip")
        self.words = label("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _WHOLE)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Documents read"))
        self.cancel = button(self.tr("Cancel reading"), "close", self.cancel_wanted.emit, look="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.setSpacing(Space.M)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """It says how far reading is; of a single document its own row says enough."""
        self.setVisible(progress.left > 0 and progress.of > 1)
        self.bar.setValue(round(progress.share * _WHOLE))
        done = self.tr("{0} of {1} documents read").format(progress.of - progress.left, progress.of)
        self.words.setText("  ·  ".join(part for part in (done, self._left(progress.seconds)) if part))

    def _left(self, seconds: float | None) -> str:
        if seconds is None:
            return ""
        if seconds < 60:
            return self.tr("less than a minute left")
        if seconds < 3600:
            return self.tr("about {0} min left").format(round(seconds / 60))
        return self.tr("about {0} h left").format(round(seconds / 3600))
