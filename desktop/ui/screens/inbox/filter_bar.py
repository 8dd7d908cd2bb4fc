"""The bar that narrows the inbox: by what is to be done, by kind, by name."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.ui.screens.inbox.filter import Filter, Show
from desktop.ui.theme import Space
from desktop.ui.widgets import ChoiceBox
from desktop.ui.wording import document_type

_NAME_WIDTH = 220
_KIND_WIDTH = 190


class FilterBar(QWidget):
    """Says how many documents there are of each; tells what the person wants to see."""

    changed = Signal(object)
    """Filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: dict[Show, QPushButton] = {}
        self.kinds = ChoiceBox()
        self.kinds.setAccessibleName(self.tr("Kind of document"))
        self.kinds.setFixedWidth(_KIND_WIDTH)
        self.kinds.addItem(self.tr("Every kind"), "")
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("Find by name"))
        self.words.setPlaceholderText(self.tr("Find by name"))
        self.words.setFixedWidth(_NAME_WIDTH)
        self.words.setToolTip(self.tr("Find by name ({0})").format("/"))
        clear = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.words)
        clear.setContext(Qt.ShortcutContext.WidgetShortcut)
        clear.activated.connect(self.words.clear)
        self._lay_out()
        self.kinds.currentIndexChanged.connect(self._tell)
        self.words.textChanged.connect(self._tell)

    @property
    def filter(self) -> Filter:
        """What the person wants to see."""
        show = next((one for one, chip in self.buttons.items() if chip.isChecked()), Show.ALL)
        return Filter(show, str(self.kinds.currentData() or ""), self.words.text())

    def clear(self) -> None:
        """Everything is wanted."""
        with QSignalBlocker(self.kinds), QSignalBlocker(self.words):
            self.kinds.setCurrentIndex(0)
            self.words.clear()
        self._press(Show.ALL)

    def show_counts(self, counts: Mapping[Show, int], kinds: Iterable[str]) -> None:
        """How many documents there are of each, and of which kinds."""
        for show, chip in self.buttons.items():
            count = sum(counts.values()) if show is Show.ALL else counts.get(show, 0)
            chip.setText(self._names()[show] if show is Show.ALL else f"{self._names()[show]}  {count}")
            chip.setVisible(show in {Show.ALL, Show.REVIEW} or count > 0 or chip.isChecked())
        self._offer_kinds(sorted(kinds, key=document_type))

    def _offer_kinds(self, kinds: list[str]) -> None:
        before = self.kinds.currentData()
        offered = [self.kinds.itemData(place) for place in range(1, self.kinds.count())]
        if offered == kinds:
            return
        with QSignalBlocker(self.kinds):
            while self.kinds.count() > 1:
                self.kinds.removeItem(1)
            for kind in kinds:
                self.kinds.addItem(document_type(kind), kind)
            self.kinds.setCurrentIndex(max(0, self.kinds.findData(before)))

    def _names(self) -> Mapping[Show, str]:
        return {
            Show.ALL: self.tr("All"),
            Show.REVIEW: self.tr("Needs review"),
            Show.UNDER_WAY: self.tr("Waiting"),
            Show.FAILED: self.tr("Not read"),
            Show.READY: self.tr("Ready"),
            Show.REJECTED: self.tr("Rejected"),
        }

    def _press(self, show: Show) -> None:
        for one, chip in self.buttons.items():
            chip.setChecked(one is show)
        self._tell()

    def _tell(self, *_: object) -> None:
        self.changed.emit(self.filter)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.L, Space.S)
        row.setSpacing(Space.XS)
        for show, name in self._names().items():
            chip = QPushButton(name)
            chip.setProperty("look", "filter")
            chip.setCheckable(True)
            chip.setChecked(show is Show.ALL)
            chip.setIconSize(QSize(14, 14))
            # No button group: of an exclusive one Tab reaches the checked button alone.
            chip.clicked.connect(lambda _checked, show=show: self._press(show))
            self.buttons[show] = chip
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.kinds)
        row.addSpacing(Space.XS)
        row.addWidget(self.words)
