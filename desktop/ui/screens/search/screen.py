"""Search: as one types, over all that was read; the page beside the list shows where it stands."""

from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.screens.search.delegate import FoundDelegate
from desktop.ui.screens.search.filters import FilterBar
from desktop.ui.screens.search.hit_view import HitPage, HitView, load_hit
from desktop.ui.screens.search.model import FoundPage, SearchModel, rows_of
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, Notice, button, centred, label
from desktop.ui.wording import fault_sentence
from desktop.vault.search import Found, SearchQuery
from shared.templates.catalog import load_builtin

_PAUSE_MS = 120  # after a key, before the store is asked: a quick typist asks once a word
_LIST, _HINT, _NOTHING = range(3)


class SearchScreen(QWidget):
    """One search at a time; what was typed meanwhile is asked next, and only the last answer is shown."""

    opened = Signal(object, int, str)
    """UUID, page (from 1), and the key of the line to take in hand ("" for none): to be reviewed there."""
    searched = Signal(object)
    """Found: the answer to what is typed now is shown."""
    hit_shown = Signal(object)
    """HitPage: it is in front."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._asked: SearchQuery | None = None
        self._hit: HitPage | None = None
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(self.tr("A name, a number, a word on a page …"))
        self.typed.setAccessibleName(self.tr("Search for"))
        self.filters = FilterBar(lambda: datetime.now().astimezone())
        self.count = label("", "small")
        self.notice = Notice()
        self.model, self.view, self.hit_view = SearchModel(self), QListView(), HitView()
        self.open = button(self.tr("Open"), "open", self._open, look="primary")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._body, self._side = QStackedWidget(), QStackedWidget()
        self._lay_out()
        self._connect()
        self._look_up_choices()

    def start(self) -> None:
        """The keyboard is where one types, and what one types replaces what was there."""
        self.typed.setFocus()
        self.typed.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.typed.hasFocus() and self.model.rowCount():
            self.view.setFocus()
            return
        super().keyPressEvent(event)

    def _look_up_choices(self) -> None:
        workspace = self._workspace

        def look_up() -> tuple[list[str], tuple[str, ...]]:
            kinds = [template.name for template in (*load_builtin(), *workspace.own_templates().templates)]
            return kinds, workspace.reviewers()

        run_beside(self, look_up, self._offer, self._tell)

    def _offer(self, choices: tuple[list[str], tuple[str, ...]]) -> None:
        kinds, people = choices
        self.filters.offer_kinds(kinds)
        self.filters.offer_people(people)

    def _search(self) -> None:
        self._pause.stop()
        query = self.filters.query(self.typed.text())
        self._asked = query
        if not query.typed.strip():
            self._show(query, Found((), more=False))
            return
        run_beside(self, lambda: self._workspace.search(query), lambda found: self._show(query, found), self._tell)

    def _show(self, query: SearchQuery, found: Found) -> None:
        if query is not self._asked:  # something else was typed by now
            return
        rows = rows_of(found.hits, query.typed)
        self.model.replace_all(rows)
        self.count.setText(self._count_words(rows, found))
        self._nothing.setText(self._nothing_words(query.typed))
        self._body.setCurrentIndex(_LIST if rows else _NOTHING if query.typed.strip() else _HINT)
        if rows:
            self.view.setCurrentIndex(self.model.index(0))
        else:
            self._put_hit_away()
        self.searched.emit(found)

    def _count_words(self, rows: tuple[FoundPage, ...], found: Found) -> str:
        if not rows:
            return ""
        words = self.tr("{0} pages in {1} documents") if len(rows) > 1 else self.tr("{0} page in {1} document")
        counted = words.format(len(rows), len(found.hits))
        return self.tr("{0}, and more: narrow the search").format(counted) if found.more else counted

    def _nothing_words(self, typed: str) -> str:
        words = self.tr("Nothing was found for “{0}”. All the words have to stand on one page.").format(typed.strip())
        return words + " " + self.tr("The filters may leave it out.") if self.filters.is_set else words

    def _chosen(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row, workspace = self.model.row(index.row()), self._workspace
        document_id, number, typed = row.document.id, row.number, row.typed

        def show(hit: HitPage | None) -> None:
            if self._current() is row:
                self._show_hit(hit)

        run_beside(self, lambda: load_hit(workspace, document_id, number, typed), show, self._tell)

    def _show_hit(self, hit: HitPage | None) -> None:
        self._hit = hit
        self._side.setCurrentIndex(0 if hit else 1)
        if hit is not None:
            self.hit_view.show_hit(hit)
            self.hit_shown.emit(hit)

    def _put_hit_away(self) -> None:
        self._hit = None
        self.hit_view.clear()

    def _current(self) -> FoundPage | None:
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def _open(self) -> None:
        row = self._current()
        if row is None:
            return
        hit = self._hit if self._hit and self._hit.document_id == row.document.id else None
        number = max(row.number, 1)
        is_line = hit is not None and hit.line is not None and hit.page.number == number
        key = f"line:{number}:{hit.line}" if hit and is_line else ""
        self.opened.emit(row.document.id, number, key)

    def _tell(self, error: Exception) -> None:
        self.notice.tell(fault_sentence(error))

    def _connect(self) -> None:
        self.typed.textChanged.connect(lambda _: self._pause.start())
        self.typed.returnPressed.connect(self._enter)
        self._pause.timeout.connect(self._search)
        self.filters.changed.connect(self._search)
        self.view.selectionModel().currentChanged.connect(self._chosen)
        self.view.activated.connect(self._open)
        self.hit_view.opened.connect(self._open)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)

    def _enter(self) -> None:
        """What is shown answers what is typed: it is opened; else it is asked for at once."""
        if self._pause.isActive():
            self._search()
        else:
            self._open()

    def _escape(self) -> None:
        self.typed.clear()
        self.start()

    def _lay_out(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(FoundDelegate(self.view))
        self.view.setAccessibleName(self.tr("Pages that were found"))
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setUniformItemSizes(True)
        self._nothing = label("", "muted", wrap=True)
        hint = self.tr(
            "Capitals and accents do not matter, the last word may be a beginning, "
            "“quotes” hold words together. Everything stays on this machine."
        )
        self._body.addWidget(self._both_sides())
        self._body.addWidget(
            centred(Disc("search"), label(self.tr("Find what was read"), "title"), label(hint, "muted", wrap=True))
        )
        self._body.addWidget(centred(Disc("search"), label(self.tr("Nothing found"), "title"), self._nothing))
        self._body.setCurrentIndex(_HINT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)

    def _header(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("look", "header")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QVBoxLayout(bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        first = QVBoxLayout()
        first.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        first.addWidget(self.typed)
        line.addLayout(first)
        line.addWidget(self.filters)
        return bar

    def _both_sides(self) -> QWidget:
        left, right = QWidget(), QWidget()
        found = QVBoxLayout(left)
        found.setContentsMargins(0, 0, 0, 0)
        found.setSpacing(0)
        self.count.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        found.addWidget(self.count)
        found.addWidget(self.view, 1)
        self._side.addWidget(self.hit_view)
        self._side.addWidget(centred(label(self.tr("There is no page to show yet."), "muted", wrap=True), width=280))
        page = QVBoxLayout(right)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._side, 1)
        page.addWidget(self._footing())
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(left)
        both.addWidget(right)
        both.setSizes([520, 560])
        left.setMinimumWidth(300)
        right.setMinimumWidth(280)
        return both

    def _footing(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("look", "footer")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QVBoxLayout(bar)
        row.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignRight)
        return bar
