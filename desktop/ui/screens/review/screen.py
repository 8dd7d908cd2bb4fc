"""One document: its page, the boxes of what was read, and the record beside them, to be corrected and approved."""

from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.journey.review.draft import Said, Turned
from desktop.review import Sheet
from desktop.services import Workspace
from desktop.ui.document_words import describe
from desktop.ui.operation import run_beside
from desktop.ui.screens.review.dialogs import NotesDialog, RejectDialog
from desktop.ui.screens.review.draft_keeper import DraftKeeper
from desktop.ui.screens.review.header import APPROVE_KEYS, ReviewHeader
from desktop.ui.screens.review.page_bar import PageBar
from desktop.ui.screens.review.page_picture import PagePicture
from desktop.ui.screens.review.page_pictures import PagePictures
from desktop.ui.screens.review.page_view import PageView
from desktop.ui.screens.review.record import Entry, Known, Record, in_order_of_doubt, record_of
from desktop.ui.screens.review.record_panel import RecordPanel
from desktop.ui.screens.review.standing import Standing
from desktop.ui.widgets import Notice
from desktop.ui.wording import fault_sentence
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.documents import Page
from shared.documents.corrections import drafted
from shared.templates import Template, template_named
from shared.templates.errors import TemplateUnknown


@dataclass(frozen=True, slots=True)
class _Opened:
    """What was loaded of one document; `first` are the keys of what was doubtful then."""

    sheet: Sheet
    template: Template | None
    first: tuple[str, ...]

    @property
    def document_id(self) -> UUID:
        return self.sheet.document_id


class ReviewScreen(QWidget):
    """Shows one document at a time; everything slow is done beside the window's thread."""

    left = Signal()
    """The person goes back to where they came from."""
    decided = Signal(object)
    """UUID of the document that was approved or rejected: the next one may come."""
    export_wanted = Signal(object)
    """UUID of the document to hand on."""
    retry_wanted = Signal(object)
    """UUID of the document to read again."""
    cancel_wanted = Signal(object)
    """UUID of the document not to read."""
    page_shown = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._summary: DocumentSummary | None = None
        self._opened: _Opened | None = None
        self._record = Record((), (), ())
        self._number = 0
        self._wanted_key = ""
        self._was_warned = False
        self.header, self.bar, self.page, self.panel = ReviewHeader(), PageBar(), PageView(), RecordPanel()
        self.keeper = DraftKeeper(workspace, self)
        self.pictures = PagePictures(workspace, self)
        self.notice = Notice()
        self.standing = Standing()
        self._body = QStackedWidget()
        self._body.addWidget(self._standing_room())
        self._body.addWidget(self._side_by_side())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        self._connect()
        self._add_keys()

    @property
    def document_id(self) -> UUID | None:
        """The document in front."""
        return self._summary.id if self._summary else None

    def show_document(self, summary: DocumentSummary) -> None:
        """`summary` is in front: its record when it was read, else where it stands."""
        known, self._summary = self._summary, summary
        self.header.show_words(summary.file_name, describe(summary))
        if known is None or known.id != summary.id:
            self._let_go()
        is_read = summary.state is DocumentState.DONE
        self.header.offer(is_read=is_read, may_review=self._opened is None or self._opened.sheet.may_review)
        if not is_read:
            self._opened = None
            self.standing.show_document(summary)
            self._body.setCurrentIndex(0)
        elif self._opened is None or known != summary:
            self._load(summary.id)

    def put_away(self) -> None:
        """No document is in front: whoever comes next opens theirs anew."""
        self._let_go()
        self.pictures.clear()
        self._summary = None

    def turn(self, by: int) -> None:
        """The page `by` pages on is on its way, where there is one."""
        self._go_to(self._number + by)

    def approve(self) -> None:
        """Everything is as it is shown; where something was not looked at yet, that is told first."""
        opened = self._opened
        if opened is None or not opened.sheet.may_review:
            return
        if not self.panel.commit():
            self.panel.editor.show_fault()
            return
        left = self.panel.to_check()
        if left and not self._was_warned:
            self._was_warned = True
            words = self.tr("{0} to check. Approve once more to take everything as it is shown.")
            self.notice.tell(words.format(len(left)))
            self.panel.take(left[0].key)
            return
        self.keeper.finish(is_approved=True)

    def leave(self) -> None:
        """Back to where one came from; what was drafted is kept for the next time."""
        self.put_away()
        self.left.emit()

    def _let_go(self) -> None:
        if self._opened is not None:
            self.panel.commit()
        self.keeper.close()
        self._opened, self._number, self._wanted_key, self._was_warned = None, 0, "", False
        self.notice.hide()
        self.page.clear()

    def _load(self, document_id: UUID) -> None:
        def look_up() -> _Opened:
            from desktop.ui.screens.review.typed import warm_up

            sheet = self._workspace.review.sheet(document_id)
            template = _template_of(sheet, self._workspace)
            record = record_of(sheet.reading, "{0}", Known(template, sheet.standings))
            warm_up(record)
            return _Opened(sheet, template, in_order_of_doubt(record))

        run_beside(self, look_up, self._fill, self._tell)

    def _fill(self, opened: _Opened) -> None:
        if opened.document_id != self.document_id:
            return
        before = self._opened
        if before is not None and before.sheet.reading.template == opened.sheet.reading.template:
            self._fill_again(opened, before)
            return
        self._opened = opened
        self._number = 0
        self.keeper.open(opened.sheet)
        self._record = self._recorded(opened)
        self._body.setCurrentIndex(1)
        self.header.offer(is_read=True, may_review=opened.sheet.may_review)
        self._show_state()
        self.panel.show_record(self._record, opened.sheet.may_review)
        if self._number == 0:
            self._go_to(1)
        if self.isVisible():
            self.panel.begin()
        if self.keeper.draft.typing is not None:
            self.panel.restore(self.keeper.draft.typing)

    def _fill_again(self, opened: _Opened, before: _Opened) -> None:
        """What was said elsewhere meanwhile is shown; the draft in hand goes on."""
        self._opened = replace(opened, first=before.first)
        self._refresh()

    def _recorded(self, opened: _Opened) -> Record:
        words = self.keeper.draft.words
        reading = drafted(opened.sheet.reading, {place: said.value for place, said in words.items()})
        known = Known(opened.template, opened.sheet.standings, tuple(words), opened.first)
        return record_of(reading, self.tr("Page {0}"), known)

    def _refresh(self) -> None:
        """The draft is another: everything says so, and what changed is in hand."""
        if self._opened is None:
            return
        self._record = self._recorded(self._opened)
        self._was_warned = False
        self.panel.refresh(self._record)
        self.page.refresh(self._record.entries())
        self.page.turn_to(self._turned(self._number))
        self._show_state()

    def _step_back(self, forth: bool) -> None:
        step = self.keeper.draft.next_redone if forth else self.keeper.draft.next_undone
        (self.keeper.redo if forth else self.keeper.undo)()
        match step[:1]:
            case (Turned(page=page),):
                self._go_to(page)
            case (Said(place=place),):
                for entry in self._record.entries():
                    if entry.place == place:
                        self.panel.take(entry.key)

    def _turn_page(self, by: int) -> None:
        """The page in front is turned by so many degrees, clockwise: a step of the draft, or for a look alone."""
        if self._opened is not None and self._opened.sheet.may_review:
            self.keeper.say(Turned(self._number, by))
        else:
            self.page.turn_to(self.page.turned + by)

    def _turned(self, number: int) -> int:
        stored = self._opened.sheet.turns.get(number, 0) if self._opened else 0
        return (stored + self.keeper.draft.turns.get(number, 0)) % 360

    def _show_state(self) -> None:
        draft = self.keeper.draft
        self.header.show_steps(can_undo=draft.done > 0, can_redo=draft.done < len(draft.steps))
        self.header.show_notes(len(self._opened.sheet.notes) if self._opened else 0)

    def _go_to(self, number: int) -> None:
        opened = self._opened
        if opened is None or number == self._number or not 1 <= number <= len(opened.sheet.reading.pages):
            return
        self._number = number
        page = opened.sheet.reading.pages[number - 1]
        self.bar.show_page(number, len(opened.sheet.reading.pages))

        document_id = opened.document_id
        self.pictures.show(document_id, number, lambda picture: self._show_page(document_id, page, picture), self._tell)

    def _show_page(self, document_id: UUID, page: Page, picture: PagePicture | None) -> None:
        if self._opened is None or self._opened.document_id != document_id or self._number != page.number:
            return
        if picture is None:
            self.notice.tell(self.tr("The picture of this page cannot be shown. What was read is safe."))
            return
        self.page.show_page(page, picture, tuple(self._record.entries()), self._turned(page.number))
        self.page.take(self._wanted_key)
        self.page_shown.emit(page.number)
        for number in (page.number + 1, page.number - 1):
            if 1 <= number <= len(self._opened.sheet.reading.pages):
                self.pictures.prepare(document_id, number)

    def _take(self, entry: Entry) -> None:
        self._wanted_key = entry.key
        self.page.takes_words = entry.place is not None and self.panel.may_review
        if entry.spot is not None and entry.spot.page != self._number:
            self._go_to(entry.spot.page)
        else:
            self.page.take(entry.key)

    def _finished(self, is_approved: bool) -> None:
        if is_approved and self.document_id is not None:
            self._opened = None
            self.decided.emit(self.document_id)

    def _all_checked(self) -> None:
        self.header.approve.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_why(self) -> None:
        if self._summary is None:
            return
        document_id = self._summary.id
        dialog = RejectDialog(self._summary.file_name, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def reject(reason: str) -> None:
            work = self._workspace.review.reject
            self.keeper.do(lambda: work(document_id, reason), lambda: self.decided.emit(document_id))

        dialog.rejected_for.connect(reject)
        dialog.open()

    def _show_notes(self) -> None:
        opened = self._opened
        if opened is None:
            return
        dialog = NotesDialog(opened.sheet.notes, opened.sheet.may_review, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def write(words: str) -> None:
            work = self._workspace.review.note
            self.keeper.do(lambda: work(opened.document_id, words), lambda: self._load(opened.document_id))

        dialog.written.connect(write)
        dialog.open()

    def _tell(self, error: Exception) -> None:
        self.notice.tell(fault_sentence(error))

    def _zoom(self, step: int) -> None:
        if step == 0:
            self.page.follows = False
        (self.page.fit_width, self.page.zoom_in, self.page.zoom_out)[step]()
        self.bar.follow.setChecked(self.page.follows)

    def _follow(self, follows: bool) -> None:
        self.page.follows = follows
        self.page.take(self._wanted_key)

    def _connect(self) -> None:
        self.panel.entry_taken.connect(self._take)
        self.panel.said.connect(lambda said: self.keeper.say(*said))
        self.panel.typed.connect(self.keeper.type)
        self.panel.all_checked.connect(self._all_checked)
        self.panel.editor.line.undo_wanted.connect(lambda: self._step_back(False))
        self.panel.editor.line.redo_wanted.connect(lambda: self._step_back(True))
        self.keeper.changed.connect(lambda _step: self._refresh())
        self.keeper.finished.connect(self._finished)
        self.keeper.troubled.connect(self._tell)
        self.page.mark_taken.connect(self.panel.take)
        self.page.words_taken.connect(self.panel.fill)
        self.page.zoom_changed.connect(self.bar.show_zoom)
        self.bar.turned.connect(self.turn)
        self.bar.page_turned.connect(self._turn_page)
        self.bar.zoom_wanted.connect(self._zoom)
        self.bar.follow_toggled.connect(self._follow)
        self.bar.lines_toggled.connect(self.page.show_lines)
        self.header.back_wanted.connect(self.leave)
        self.header.undo_wanted.connect(lambda: self._step_back(False))
        self.header.redo_wanted.connect(lambda: self._step_back(True))
        self.header.notes_wanted.connect(self._show_notes)
        self.header.reject_wanted.connect(self._ask_why)
        self.header.approve_wanted.connect(self.approve)
        self.header.export_wanted.connect(lambda: self.export_wanted.emit(self.document_id))
        self.standing.retry_wanted.connect(lambda: self.retry_wanted.emit(self.document_id))
        self.standing.cancel_wanted.connect(lambda: self.cancel_wanted.emit(self.document_id))

    def _add_keys(self) -> None:
        standard = QKeySequence.StandardKey
        for keys, act in (
            (QKeySequence(Qt.Key.Key_Escape), self.leave),
            (QKeySequence(standard.Back), self.leave),
            (QKeySequence(Qt.Key.Key_PageUp), lambda: self.turn(-1)),
            (QKeySequence(Qt.Key.Key_PageDown), lambda: self.turn(1)),
            (QKeySequence(standard.ZoomIn), lambda: self._zoom(1)),
            (QKeySequence("Ctrl+="), lambda: self._zoom(1)),
            (QKeySequence(standard.ZoomOut), lambda: self._zoom(-1)),
            (QKeySequence("Ctrl+0"), lambda: self._zoom(0)),
            (QKeySequence("Ctrl+["), lambda: self._turn_page(-90)),
            (QKeySequence("Ctrl+]"), lambda: self._turn_page(90)),
            (QKeySequence(standard.Undo), lambda: self._step_back(False)),
            (QKeySequence(standard.Redo), lambda: self._step_back(True)),
            (APPROVE_KEYS, self.approve),
            (QKeySequence("Ctrl+Enter"), self.approve),
            (QKeySequence("Ctrl+E"), self.header.export.click),
            (QKeySequence(standard.Print), self.header.export.click),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _standing_room(self) -> QWidget:
        room = QWidget()
        inside = QVBoxLayout(room)
        inside.addWidget(self.standing)
        return room

    def _side_by_side(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.page, 1)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(left)
        both.addWidget(self.panel)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setSizes([720, 480])
        self.panel.setMinimumWidth(320)
        left.setMinimumWidth(320)
        return both


def _template_of(sheet: Sheet, workspace: Workspace) -> Template | None:
    """What the document follows; None where nobody knows it here any more."""
    follows = sheet.reading.template
    try:
        return template_named(follows.name, workspace.own_templates().templates) if follows else None
    except TemplateUnknown:
        return None
