"""What a search is narrowed by: the kind of document, when it came in, who reviewed it, how far it is."""

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui.document_words import state_text
from desktop.ui.spans import bounds_of, span_choices
from desktop.ui.theme import Space
from desktop.ui.widgets import Choice, button
from desktop.ui.wording import document_type
from desktop.vault.documents import DocumentState
from desktop.vault.search import SearchQuery
from shared.documents.reading import UNKNOWN

_WIDEST = 240  # pixels: one long name among the people does not push the others away


class FilterBar(QWidget):
    """Four choices; each says "any" until somebody chooses."""

    changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.kind = Choice(self.tr("Kind of document"))
        self.span = Choice(self.tr("When it came in"))
        self.person = Choice(self.tr("Who reviewed it"))
        self.state = Choice(self.tr("Status"))
        self.clear = button(self.tr("Clear filters"), "close", self.reset, look="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 0, Space.L, Space.M)
        row.setSpacing(Space.S)
        self.person.setMaximumWidth(_WIDEST)
        for choice in self._choices():
            row.addWidget(choice)
            choice.currentIndexChanged.connect(self._changed)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.kind.offer([(self.tr("Any kind"), None)])
        self.person.offer([(self.tr("Anybody"), None)])
        self.span.offer(span_choices())
        self.state.offer([(self.tr("Any status"), None), *((state_text(state), state) for state in DocumentState)])
        self.clear.hide()

    def offer_kinds(self, names: Iterable[str]) -> None:
        """Templates called `names` can be chosen, and documents of no known kind."""
        known = sorted((document_type(name), name) for name in names)
        self.kind.offer([(self.tr("Any kind"), None), *known, (self.tr("Kind not recognised"), UNKNOWN)])

    def offer_people(self, names: Iterable[str]) -> None:
        """Whoever is called one of `names` can be chosen."""
        people = [(self.tr("Reviewed by {0}").format(name), name) for name in names]
        self.person.offer([(self.tr("Anybody"), None), *people])

    @property
    def is_set(self) -> bool:
        """Whether anything is narrowed."""
        return any(choice.chosen is not None for choice in self._choices())

    def reset(self) -> None:
        """Nothing is narrowed."""
        self.blockSignals(True)
        for choice in self._choices():
            choice.setCurrentIndex(0)
        self.blockSignals(False)
        self._changed()

    def query(self, typed: str) -> SearchQuery:
        """What is asked for by what was `typed` and chosen."""
        since, until = bounds_of(self.span.chosen, self._now())
        return SearchQuery(
            typed,
            document_type=self.kind.chosen,
            state=self.state.chosen,
            since=since,
            until=until,
            reviewed_by=self.person.chosen,
        )

    def _choices(self) -> tuple[Choice, ...]:
        return self.kind, self.span, self.person, self.state

    def _changed(self) -> None:
        self.clear.setVisible(self.is_set)
        self.changed.emit()
