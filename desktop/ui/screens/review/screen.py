"""One document: its page, the boxes of what was read, and the record beside them."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.services import Workspace
from desktop.ui.document_words import kind_text, status_text
from desktop.ui.operation import run_beside
from desktop.ui.screens.review.page_bar import PageBar
from desktop.ui.screens.review.page_picture import PagePicture, decode
from desktop.ui.screens.review.page_view import PageView
from desktop.ui.screens.review.record import Entry, Record, record_of
from desktop.ui.screens.review.record_panel import RecordPanel
from desktop.ui.screens.review.standing import Standing
from desktop.ui.theme import Space
from desktop.ui.widgets import ElidedLabel, Notice, tool_button
from desktop.ui.wording import fault_sentence, moment, percent, to_check
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.documents import Page, Reading


@dataclass(frozen=True, slots=True)
class _Opened:
    """What was loaded of one document."""

    document_id: UUID
    reading: Reading
    record: Record
    entries: tuple[Entry, ...]


class ReviewScreen(QWidget):
    """Shows one document at a time; everything slow is loaded beside the window's thread."""

    left = Signal()
    """The person goes back to the inbox."""
    retry_wanted = Signal(object)
    cancel_wanted = Signal(object)
    """UUID of the document to read again."""
    page_shown = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._summary: DocumentSummary | None = None
        self._opened: _Opened | None = None
        self._number = 0
        self._wanted_key = ""
        self.bar, self.page, self.panel = PageBar(), PageView(), RecordPanel()
        self.notice = Notice()
        self.standing = Standing()
        self._body = QStackedWidget()
        self._body.addWidget(self._standing_room())
        self._body.addWidget(self._side_by_side())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        self._connect()

    @property
    def document_id(self) -> UUID | None:
        """The document in front."""
        return self._summary.id if self._summary else None

    def show_document(self, summary: DocumentSummary) -> None:
        """`summary` is in front: its record when it was read, else where it stands."""
        known = self._summary
        self._summary = summary
        self._title.show_text(summary.file_name)
        self._subtitle.show_text(self._describe(summary))
        if known is None or known.id != summary.id:
            self._opened, self._number = None, 0
            self.notice.hide()
            self.page.clear()
        if summary.state is not DocumentState.DONE:
            self._opened = None
            self.standing.show_document(summary)
            self._body.setCurrentIndex(0)
        elif self._opened is None:
            self._load(summary.id)

    def put_away(self) -> None:
        """No document is in front: whoever comes next opens theirs anew."""
        self._summary, self._opened, self._number = None, None, 0
        self.notice.hide()
        self.page.clear()

    def turn(self, by: int) -> None:
        """The page `by` pages on is on its way, where there is one."""
        self._go_to(self._number + by)

    def _load(self, document_id: UUID) -> None:
        heading = self.tr("Page {0}")

        def look_up() -> _Opened:
            reading = self._workspace.reading(document_id)
            record = record_of(reading, heading)
            return _Opened(document_id, reading, record, tuple(record.entries()))

        run_beside(self, look_up, self._fill, self._tell)

    def _fill(self, opened: _Opened) -> None:
        if opened.document_id != self.document_id:
            return
        self._opened = opened
        self._number = 0
        self._body.setCurrentIndex(1)
        self.panel.show_record(opened.record)
        if self._number == 0:
            self._go_to(1)
        view = self.panel.current_view()
        if view is not None and self.isVisible():
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, number: int) -> None:
        opened = self._opened
        if opened is None or number == self._number or not 1 <= number <= len(opened.reading.pages):
            return
        self._number = number
        page = opened.reading.pages[number - 1]
        self.bar.show_page(number, len(opened.reading.pages))

        def look_up() -> PagePicture | None:
            return decode(self._workspace.page_image(opened.document_id, page.number).data)

        run_beside(self, look_up, lambda picture: self._show_page(opened, page, picture), self._tell)

    def _show_page(self, opened: _Opened, page: Page, picture: PagePicture | None) -> None:
        if self._opened is not opened or self._number != page.number:
            return
        if picture is None:
            self.notice.tell(self.tr("The picture of this page cannot be shown. What was read is safe."))
            return
        self.page.show_page(page, picture, opened.entries)
        self.page.take(self._wanted_key)
        self.page_shown.emit(page.number)

    def _take(self, entry: Entry) -> None:
        self._wanted_key = entry.key
        if entry.spot is not None and entry.spot.page != self._number:
            self._go_to(entry.spot.page)
        else:
            self.page.take(entry.key)

    def _tell(self, error: Exception) -> None:
        self.notice.tell(fault_sentence(error))

    def _describe(self, summary: DocumentSummary) -> str:
        parts = [kind_text(summary), status_text(summary)]
        if summary.confidence is not None:
            parts.append(self.tr("{0} sure on average").format(percent(summary.confidence)))
        parts.append(to_check(summary.to_review))
        parts.append(self.tr("received {0}").format(moment(summary.received_at)))
        return "  ·  ".join(part for part in parts if part)

    def _zoom(self, step: int) -> None:
        (self.page.fit_width, self.page.zoom_in, self.page.zoom_out)[step]()

    def _connect(self) -> None:
        self.panel.entry_taken.connect(self._take)
        self.page.mark_taken.connect(self.panel.take)
        self.page.zoom_changed.connect(self.bar.show_zoom)
        self.bar.turned.connect(self.turn)
        self.bar.zoom_wanted.connect(self._zoom)
        self.bar.lines_toggled.connect(self.page.show_lines)
        self.standing.retry_wanted.connect(lambda: self.retry_wanted.emit(self.document_id))
        self.standing.cancel_wanted.connect(lambda: self.cancel_wanted.emit(self.document_id))
        for keys, act in (
            (QKeySequence(Qt.Key.Key_Escape), self.left.emit),
            (QKeySequence(QKeySequence.StandardKey.Back), self.left.emit),
            (QKeySequence(Qt.Key.Key_PageUp), lambda: self.turn(-1)),
            (QKeySequence(Qt.Key.Key_PageDown), lambda: self.turn(1)),
            (QKeySequence(QKeySequence.StandardKey.ZoomIn), self.page.zoom_in),
            (QKeySequence("Ctrl+="), self.page.zoom_in),
            (QKeySequence(QKeySequence.StandardKey.ZoomOut), self.page.zoom_out),
            (QKeySequence("Ctrl+0"), self.page.fit_width),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _header(self) -> QWidget:
        header = QWidget()
        header.setProperty("look", "header")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        back = tool_button(self.tr("Back to the inbox"), "back", self.left.emit, QKeySequence(Qt.Key.Key_Escape))
        self._title, self._subtitle = ElidedLabel("heading"), ElidedLabel("small")
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._subtitle)
        row = QHBoxLayout(header)
        row.setContentsMargins(Space.M, Space.S, Space.L, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(back)
        row.addLayout(names, 1)
        return header

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
