"""Where a document stands that has no record yet: waiting, being read, or not readable and what to do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop.ui.document_words import fault_text, status_text
from desktop.ui.widgets import Disc, button, centred, label
from desktop.vault.documents import DocumentState, DocumentSummary


class Standing(QWidget):
    """One sentence of what is, one of what is safe, and the button that helps, where one does."""

    retry_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bad, self._calm = Disc("failed", bad=True), Disc("reading")
        self.heading = label("", "title", wrap=True)
        self.sentence = label("", wrap=True)
        self.safe = label("", "muted", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(240, 6)
        self.progress.setAccessibleName(self.tr("Pages read"))
        self.retry = button(self.tr("Try again"), "retry", self.retry_wanted.emit, look="primary")
        self.cancel = button(self.tr("Cancel reading"), "close", self.cancel_wanted.emit)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(
            centred(
                self._bad, self._calm, self.heading, self.sentence, self.safe, self.progress, self.retry, self.cancel
            )
        )

    def show_document(self, document: DocumentSummary) -> None:
        """It says where `document` stands."""
        stuck = document.state in {DocumentState.FAILED, DocumentState.QUARANTINED}
        self._bad.setVisible(stuck)
        self._calm.setVisible(not stuck)
        self.retry.setVisible(stuck)
        self.cancel.setVisible(document.state in {DocumentState.WAITING, DocumentState.PROCESSING})
        self.progress.setVisible(document.state is DocumentState.PROCESSING)
        self.progress.setRange(0, document.page_count)
        self.progress.setValue(document.pages_done)
        self.heading.setText(self._heading(document))
        self.sentence.setText(fault_text(document) if stuck else "")
        self.sentence.setVisible(bool(self.sentence.text()))
        self.safe.setText(self._safe(document))

    def _heading(self, document: DocumentSummary) -> str:
        match document.state:
            case DocumentState.FAILED if document.error and document.error.code == "cancelled":
                return self.tr("Reading was cancelled")
            case DocumentState.FAILED:
                return self.tr("This document could not be read")
            case DocumentState.QUARANTINED:
                return self.tr("This document was set aside")
            case DocumentState.WAITING:
                return self.tr("Waiting for its turn")
            case _:
                return status_text(document)

    def _safe(self, document: DocumentSummary) -> str:
        match document.state:
            case DocumentState.FAILED:
                return self.tr(
                    "The original is kept, encrypted, and nothing else was touched. "
                    "Try again, or scan the paper once more and drop the new file."
                )
            case DocumentState.QUARANTINED:
                return self.tr(
                    "Reading it stopped the reader several times, so it was put aside for the others to go on. "
                    "The original is kept, encrypted."
                )
            case _:
                return self.tr("It opens here by itself as soon as it is read.")
