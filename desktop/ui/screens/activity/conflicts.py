"""Where people contradict each other: what each said, and the button that settles it."""

from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.cards import Card, clear_layout
from desktop.ui.field_names import field_name
from desktop.ui.theme import Space
from desktop.ui.widgets import ElidedLabel, button, label
from desktop.ui.wording import moment, value_text
from desktop.vault.corrections import Conflict
from shared.documents.corrections import Correction, Place

_MOST = 50  # shown at once: what is settled makes room


class ConflictsCard(Card):
    """Every open conflict, of the newest document first."""

    settled = Signal(object, object, object)
    """UUID of the document, Place, and the UUID of the correction that is right."""
    opened = Signal(object)
    """UUID of the document to look at."""

    def __init__(self) -> None:
        super().__init__(self.tr("To settle"), "conflict")
        self._about = label("", "muted", wrap=True)
        self._list = QWidget()
        self._blocks = QVBoxLayout(self._list)
        self._blocks.setContentsMargins(0, 0, 0, 0)
        self._blocks.setSpacing(Space.M)
        self.add(self._about, self._list)

    def show_conflicts(self, conflicts: tuple[Conflict, ...]) -> None:
        """Exactly `conflicts` are open."""
        clear_layout(self._blocks)
        for conflict in conflicts[:_MOST]:
            self._blocks.addWidget(self._block(conflict))
        self._list.setVisible(bool(conflicts))
        self._about.setText(self._about_words(len(conflicts)))

    def _about_words(self, count: int) -> str:
        if not count:
            return self.tr("Nobody contradicts anybody.")
        words = self.tr(
            "People who knew nothing of each other corrected these values differently. Nothing of either is lost: "
            "say which is right, and the other stays in the document’s history."
        )
        return words if count <= _MOST else words + " " + self.tr("{0} more follow.").format(count - _MOST)

    def _block(self, conflict: Conflict) -> QWidget:
        block = QFrame()
        block.setProperty("look", "inset")
        inside = QVBoxLayout(block)
        inside.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        inside.setSpacing(Space.S)
        name = ElidedLabel("strong")
        name.show_text(conflict.document.file_name)
        document_id = conflict.document.id
        look = button(self.tr("Open"), "open", lambda: self.opened.emit(document_id), look="quiet")
        look.setAccessibleName(self.tr("Open {0}").format(conflict.document.file_name))
        top = QHBoxLayout()
        top.addWidget(name, 1)
        top.addWidget(look)
        inside.addLayout(top)
        inside.addWidget(label(place_words(conflict.place), "muted"))
        for number, one in enumerate((conflict.standing.current, *conflict.standing.others)):
            inside.addWidget(self._said(document_id, conflict.place, one, is_shown=number == 0))
        return block

    def _said(self, document_id: UUID, place: Place, said: Correction, *, is_shown: bool) -> QWidget:
        value = value_text(place.name, said.value)
        who = self._who(said)
        words = self.tr("{0}, {1}").format(who, moment(said.made_at))
        if is_shown:
            words = self.tr("{0} · shown now").format(words)
        keep = button(self.tr("Keep this"), "read", lambda: self.settled.emit(document_id, place, said.id))
        keep.setAccessibleName(self.tr("Keep “{0}”, said by {1}").format(value, who))
        row_of = QWidget()
        row = QHBoxLayout(row_of)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(value, "strong", wrap=True))
        texts.addWidget(label(words, "small", wrap=True))
        row.addLayout(texts, 1)
        row.addWidget(keep, 0, Qt.AlignmentFlag.AlignVCenter)
        return row_of

    def _who(self, said: Correction) -> str:
        return said.person or self.tr("Somebody without a name")


def place_words(place: Place) -> str:
    """The field, or the table's row and column, in people's words."""
    if not place.table:
        return field_name(place.name)
    words = QCoreApplication.translate("ConflictsCard", "{0}, row {1}: {2}")
    return words.format(field_name(place.table), place.row + 1, field_name(place.name))
