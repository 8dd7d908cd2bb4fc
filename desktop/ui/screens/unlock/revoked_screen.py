"""Stands in front of everything while the organization keeps this device from its store."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.widgets import Disc, centred, label


class RevokedScreen(QWidget):
    """Says what happened, what is safe and what to do; there is nothing to press."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = label("", wrap=True)
        self.sentence.setAccessibleName(self.tr("Why this device is locked"))
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # for screen readers, and without a caret
        QVBoxLayout(self).addWidget(
            centred(Disc("lock"), label(self.tr("This device is locked"), "title"), self.sentence)
        )

    def tell(self, sentence: str) -> None:
        """`sentence` is read, by a screen reader too."""
        self.sentence.setText(sentence)
        self.sentence.setFocus()
