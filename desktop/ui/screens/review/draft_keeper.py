"""The draft of the document in front: every step is in the store before the next, without the window waiting."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.journey.review.draft import Draft, Said, Step, Turned, Typing
from desktop.review import Sheet
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from shared.documents import Reading
from shared.documents.corrections import Place, has

_PAUSE_MS = 300  # of typing: what was typed before it is in the store


@dataclass(frozen=True, slots=True)
class _Act:
    """Something to do in the store. Of drafts of one document (`draft_of`) that wait to be kept, the last is enough."""

    work: Callable[[], object]
    done: Callable[[], None]
    draft_of: UUID | None = None


class DraftKeeper(QObject):
    """One draft at a time. What is asked of the store is done one by one, in order."""

    changed = Signal(object)
    """Step: the one that was made, taken back or done again."""
    finished = Signal(bool)
    """All of it was said and is kept; whether the document was approved."""
    troubled = Signal(object)
    """Exception: something was not kept."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._review = workspace.review
        self._document_id: UUID | None = None
        self.draft = Draft()
        self._waiting: deque[_Act] = deque()
        self._busy = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._keep)

    @property
    def is_busy(self) -> bool:
        """Whether anything is still on its way into the store."""
        return self._busy or bool(self._waiting)

    @property
    def is_pausing(self) -> bool:
        """Whether something was typed that is to be kept at the next pause."""
        return self._pause.isActive()

    def open(self, sheet: Sheet) -> None:
        """The draft of `sheet` is in hand; what has no place any more in what was read is left out."""
        self._keep_typing()
        self._document_id = sheet.document_id
        steps = tuple(tuple(one for one in step if _is_there(sheet.reading, one)) for step in sheet.draft.steps)
        self.draft = replace(sheet.draft, steps=steps)

    def say(self, *said: Said | Turned) -> None:
        """A step more, which is on its way into the store."""
        self._become(self.draft.say(*said), said)

    def undo(self) -> None:
        """The last step is taken back."""
        self._become(self.draft.undone(), self.draft.next_undone)

    def redo(self) -> None:
        """What was taken back last is done again."""
        self._become(self.draft.redone(), self.draft.next_redone)

    def type(self, place: Place, text: str) -> None:
        """`text` stands in the editor of `place`; it is kept at the next pause."""
        self.draft = replace(self.draft, typing=Typing(place, text))
        self._pause.start()

    def finish(self, *, is_approved: bool) -> None:
        """All that was drafted is being said."""
        document_id, draft = self._document_id, self.draft
        if document_id is None:
            return

        def work() -> object:
            return self._review.finish(document_id, draft, is_approved=is_approved)

        def done() -> None:
            if self._document_id == document_id:
                self.draft = Draft()
            self.finished.emit(is_approved)

        self._pause.stop()
        self._do(_Act(work, done))

    def do(self, work: Callable[[], object], done: Callable[[], None]) -> None:
        """`work` follows in the store on what is being done there."""
        self._keep_typing()
        self._do(_Act(work, done))

    def close(self) -> None:
        """No draft is in hand; what was typed last is on its way into the store."""
        self._keep_typing()
        self._document_id = None

    def _become(self, draft: Draft, step: Step) -> None:
        if draft != self.draft:
            self.draft = draft
            self._keep()
            self.changed.emit(step)

    def _keep_typing(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._keep()

    def _keep(self) -> None:
        document_id, draft = self._document_id, self.draft
        if document_id is not None:
            self._do(_Act(lambda: self._review.keep_draft(document_id, draft), lambda: None, document_id))

    def _do(self, act: _Act) -> None:
        if act.draft_of and self._waiting and self._waiting[-1].draft_of == act.draft_of:
            self._waiting.pop()
        self._waiting.append(act)
        self._next()

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        act = self._waiting.popleft()
        self._busy = True

        def done(_: object) -> None:
            self._busy = False
            act.done()
            self._next()

        def failed(error: Exception) -> None:
            self._busy = False
            self.troubled.emit(error)
            self._next()

        run_beside(self, act.work, done, failed)


def _is_there(reading: Reading, one: Said | Turned) -> bool:
    return has(reading, one.place) if isinstance(one, Said) else one.page <= len(reading.pages)
