"""What was read, beside the page: fields, tables and the whole text, each on a tab."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView, QTabWidget, QVBoxLayout, QWidget

from desktop.ui.screens.review.entry_delegate import EntryDelegate
from desktop.ui.screens.review.entry_model import ENTRY, EntryModel
from desktop.ui.screens.review.record import Entry, Record, Section, Table
from desktop.ui.screens.review.table_model import TableModel
from desktop.ui.widgets import label

_ROW_HEIGHT = 44
_WIDEST_COLUMN = 260


class RecordPanel(QWidget):
    """One entry is in hand at a time, whichever tab it stands on."""

    entry_taken = Signal(object)
    """Entry that the person moved to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("What was read"))
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.detail = label("", "footing", wrap=True)
        self.detail.setIndent(0)
        self._views: list[tuple[QAbstractItemView, EntryModel | TableModel]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.detail)
        self.tabs.currentChanged.connect(self._tab_changed)

    def show_record(self, record: Record) -> None:
        """The tabs hold `record`; its first field is in hand."""
        with QSignalBlocker(self.tabs):
            self._clear()
            if record.fields:
                self._add_list(self.tr("Fields"), record.fields)
            for table in record.tables:
                self._add_table(table)
            self._add_list(self.tr("All text"), record.lines)
        self._tab_changed(0)

    def take(self, key: str) -> None:
        """The entry `key` is in hand and in sight, on its own tab."""
        for place, (view, model) in enumerate(self._views):
            index = model.index_of(key)
            if index.isValid():
                with QSignalBlocker(self.tabs):
                    self.tabs.setCurrentIndex(place)
                view.setCurrentIndex(index)
                view.scrollTo(index)
                self._tell()  # also when the tab came to the front with this very entry in hand
                return

    def current_view(self) -> QAbstractItemView | None:
        """The list or table of the tab in front."""
        return self._views[self.tabs.currentIndex()][0] if self._views else None

    def entry_in_hand(self) -> Entry | None:
        """What is selected on the tab in front."""
        view = self.current_view()
        entry = view.currentIndex().data(ENTRY) if view is not None else None
        return entry if isinstance(entry, Entry) else None

    def _clear(self) -> None:
        old, self._views = [view for view, _ in self._views], []
        while self.tabs.count():
            self.tabs.removeTab(0)
        for view in old:
            view.deleteLater()

    def _add_list(self, title: str, sections: tuple[Section, ...]) -> None:
        view = QListView()
        model = EntryModel(sections, view)
        view.setModel(model)
        view.setItemDelegate(EntryDelegate(view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._add(title, view, model, model.first_entry())

    def _add_table(self, table: Table) -> None:
        view = QTableView()
        model = TableModel(table, view)
        view.setModel(model)
        view.setProperty("look", "sheet")
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        view.verticalHeader().hide()
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setMaximumSectionSize(_WIDEST_COLUMN)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._add(self.tr("{0} ({1})").format(table.title, len(table.rows)), view, model, model.index(0, 0))

    def _add(self, title: str, view: QAbstractItemView, model: EntryModel | TableModel, first: QModelIndex) -> None:
        view.setAccessibleName(title)
        view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.SelectCurrent)
        view.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self._views.append((view, model))
        self.tabs.addTab(view, title)

    def _tab_changed(self, _: int) -> None:
        self._tell()

    def _tell(self) -> None:
        entry = self.entry_in_hand()
        self.detail.setText(self._explain(entry))
        if entry is not None:
            self.entry_taken.emit(entry)

    def _explain(self, entry: Entry | None) -> str:
        if entry is None:
            return ""
        if entry.spot is None:
            return self.tr("{0} was not found on any page.").format(entry.label)
        if not entry.printed:
            return self.tr("Seen on page {0}.").format(entry.spot.page)
        where = self.tr("On page {0}, as printed: {1}").format(entry.spot.page, entry.printed)
        return where + "\n" + self.tr("It may as well be {0}.").format(entry.otherwise) if entry.otherwise else where
