"""Keeps the inbox's rows and counts true while work goes on, without ever waiting on the window's thread."""

from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.answers import Status
from desktop.errors import DocumentUnknown, SignInNeeded
from desktop.events import SyncFinished
from desktop.services import Workspace
from desktop.ui.bridge import Bridge
from desktop.ui.operation import run_beside
from desktop.ui.screens.inbox.model import InboxModel
from desktop.vault.documents import DocumentSummary

_ONE_BY_ONE = 20  # documents; for more, one look at the whole list costs less


class InboxFeed(QObject):
    """One look at the store at a time; what changes meanwhile is looked at next."""

    status_changed = Signal(object)
    """Status: the counts as they are now."""
    document_changed = Signal(object)
    """DocumentSummary: as it is now."""
    loaded = Signal()
    troubled = Signal(object)
    """Exception: the store could not be looked at."""

    def __init__(self, workspace: Workspace, bridge: Bridge, model: InboxModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._model = workspace, model
        self._changed: set[UUID] = set()
        self._looking = False
        self._again = False
        self.is_loaded = False
        self.is_begun = False
        bridge.documents_changed.connect(self._note)
        bridge.pages_read.connect(model.pages_were_read)
        bridge.sync_finished.connect(self._note_sync)

    def load(self) -> None:
        """Every document is on its way into the list."""
        self._looking = self.is_begun = True
        run_beside(self, lambda: (self._workspace.documents(), self._workspace.status()), self._fill, self._fail)

    def _fill(self, found: tuple[tuple[DocumentSummary, ...], Status]) -> None:
        documents, status = found
        self._model.replace_all(documents)
        self._tell(status)
        self.is_loaded = True
        self.loaded.emit()
        self._look_done()

    def _note_sync(self, sync: SyncFinished) -> None:
        if sync.sent:  # the marks of many documents may be new
            self._changed |= self._model.ids()
        self._look()

    def _note(self, document_ids: frozenset[UUID]) -> None:
        self._changed |= document_ids
        self._look()

    def _look(self) -> None:
        if self._looking:
            self._again = True
            return
        self._looking = True
        wanted, self._changed = frozenset(self._changed), set()
        run_beside(self, lambda: _look_up(self._workspace, wanted), self._merge, self._fail)

    def _merge(self, found: tuple[tuple[DocumentSummary, ...], Status]) -> None:
        documents, status = found
        self._model.merge(documents)
        self._tell(status)
        for document in documents:
            self.document_changed.emit(document)
        self._look_done()

    def _look_done(self) -> None:
        self._looking = False
        if self._changed or self._again:
            self._again = False
            self._look()

    def _tell(self, status: Status) -> None:
        self._model.set_server_known(status.server is not None)
        self.status_changed.emit(status)

    def _fail(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, SignInNeeded):  # the list is filled anew for whoever signs in
            self.troubled.emit(error)


def _look_up(workspace: Workspace, wanted: frozenset[UUID]) -> tuple[tuple[DocumentSummary, ...], Status]:
    if len(wanted) > _ONE_BY_ONE:
        return tuple(document for document in workspace.documents() if document.id in wanted), workspace.status()
    found = []
    for document_id in wanted:
        try:
            found.append(workspace.document(document_id))
        except DocumentUnknown:  # its event came before a roll-back: there is nothing to show
            continue
    return tuple(found), workspace.status()
