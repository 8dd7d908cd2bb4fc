"""Who works at this device: adding people, their roles and PINs, removing them."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.people.roles import Right
from desktop.people.staff import Candidate
from desktop.ui.cards import Card, beside, clear_layout
from desktop.ui.dialogs import PinSheet, Sheet, confirm, pin_fault, secret_line
from desktop.ui.screens.settings.look import SettingsLook
from desktop.ui.theme import Space
from desktop.ui.widgets import Choice, ElidedLabel, button, label, tool_button
from desktop.vault.people import Person, Role


class PeopleCard(Card):
    """A row a person. Where nobody is known by name, whoever has the store open may do everything."""

    added = Signal(str, object, str)
    """Name, Role and PIN."""
    admitted = Signal(str, str)
    """Id of the organization's person, and PIN."""
    role_chosen = Signal(str, object)
    """Name and Role."""
    pin_chosen = Signal(str, str)
    """Name and PIN."""
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__(self.tr("People"), "people")
        self.add_person = button(self.tr("Add a person…"), "add", self.ask_person)
        self.admit = button(self.tr("Admit…"), "server", self.ask_admission)
        self.admit.setToolTip(self.tr("Let somebody of the organization work at this device"))
        self.add_to_head(self.admit)
        self.add_to_head(self.add_person)
        self._about = label("", "muted", wrap=True)
        self._rows = QWidget()
        self._stack = QVBoxLayout(self._rows)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(Space.S)
        self._is_first = True
        self._candidates: tuple[Candidate, ...] = ()
        self.sheet: Sheet | None = None
        self.add(self._about, self._rows)

    def show_look(self, look: SettingsLook) -> None:
        """The people of `look` are shown."""
        may = look.may(Right.MANAGE_PEOPLE)
        self._is_first = not look.people
        self.add_person.setEnabled(may)
        self._candidates = tuple(one for one in look.organization if not one.is_admitted)
        self.admit.setVisible(bool(self._candidates) and not self._is_first)
        self.admit.setEnabled(may)
        clear_layout(self._stack)
        there = {one.member.id for one in look.organization}
        for person in look.people:
            self._stack.addWidget(self._row(person, may, is_of_organization=person.id in there))
        self._rows.setVisible(bool(look.people))
        self._about.setText(self._about_words())

    def ask_person(self) -> None:
        """The sheet asks for a name, a role and a PIN."""
        sheet = PersonSheet(self, is_first=self._is_first)
        sheet.chosen.connect(self.added)
        self.sheet = sheet
        sheet.open()

    def ask_admission(self) -> None:
        """The sheet asks who of the organization works here from now on, and for their PIN."""
        sheet = AdmissionSheet(self, self._candidates)
        sheet.chosen.connect(self.admitted)
        self.sheet = sheet
        sheet.open()

    def _about_words(self) -> str:
        if self._is_first:
            return self.tr(
                "Nobody is known by name: whoever sits here may do everything. Add people, and each signs in with a "
                "PIN of their own; the audit chain then says who did what. The first is a manager."
            )
        return self.tr("Managers do everything, reviewers correct and approve, viewers look.")

    def _row(self, person: Person, may: bool, *, is_of_organization: bool) -> QWidget:
        name = ElidedLabel("strong")
        name.show_text(person.name)
        role = Choice(self.tr("Role of {0}").format(person.name))
        role.offer([(role_words(one), one) for one in reversed(Role)])
        role.choose(person.role)
        role.currentIndexChanged.connect(lambda _: self.role_chosen.emit(person.name, role.chosen))
        pin = tool_button(self.tr("Set a new PIN for {0}").format(person.name), "lock", lambda: self._ask_pin(person))
        remove = tool_button(self.tr("Remove {0}").format(person.name), "remove", lambda: self._ask_removal(person))
        for one in (role, pin, remove):
            one.setEnabled(may)
        if is_of_organization:
            role.setEnabled(False)
            role.setToolTip(self.tr("The organization gave them this role, on its server."))
        return beside(name, role, pin, remove, stretch=0)

    def _ask_pin(self, person: Person) -> None:
        title = self.tr("A new PIN for {0}").format(person.name)
        sheet = PinSheet(self, title, self.tr("The old one counts no more."), self.tr("Set the PIN"))
        sheet.chosen.connect(lambda pin: self.pin_chosen.emit(person.name, pin))
        self.sheet = sheet
        sheet.open()

    def _ask_removal(self, person: Person) -> None:
        title = self.tr("Remove {0}?").format(person.name)
        about = self.tr(
            "They cannot sign in any more. What they did stays theirs, in the audit chain and on documents."
        )
        self.sheet = confirm(self, title, about, self.tr("Remove"), lambda: self.removed.emit(person.name))


class PersonSheet(Sheet):
    """A name, a role, and a PIN typed twice."""

    chosen = Signal(str, object, str)

    def __init__(self, parent: QWidget, *, is_first: bool) -> None:
        about = parent.tr(
            "Each signs in with a PIN or password of their own: six characters or more, digits alone will do."
        )
        super().__init__(parent, parent.tr("Who works here?"), about, parent.tr("Add"), "person")
        self.name, self.role = QLineEdit(), Choice("")
        self.pin, self.again = secret_line(), secret_line()
        roles = (Role.MANAGER,) if is_first else tuple(reversed(Role))
        self.role.offer([(role_words(one), one) for one in roles])
        self.role.choose(Role.MANAGER if is_first else Role.REVIEWER)
        self.ask(self.tr("Name"), self.name)
        self.ask(self.tr("Role"), self.role)
        self.ask(self.tr("PIN or password"), self.pin)
        self.ask(self.tr("The same again"), self.again)
        self.name.setFocus()

    def accept(self) -> None:
        """The person goes out; the sheet is closed by whoever took them in."""
        fault = pin_fault(self, self.pin, self.again)
        if not self.name.text().strip():
            fault = self.tr("Type a name first.")
        self.tell_fault(fault)
        if not fault:
            self.chosen.emit(self.name.text(), self.role.chosen, self.pin.text())


class AdmissionSheet(Sheet):
    """Somebody of the organization, and a PIN typed twice; their name and role come from its server."""

    chosen = Signal(str, str)
    """The person's id, and the PIN."""

    def __init__(self, parent: QWidget, candidates: Iterable[Candidate]) -> None:
        about = parent.tr(
            "They sign in with a PIN or password of their own, in the role that the organization gave them. Who is "
            "removed on its server works here no more from the next sync on."
        )
        super().__init__(parent, parent.tr("Who of the organization works here?"), about, parent.tr("Admit"), "person")
        self.who, self.pin, self.again = Choice(""), secret_line(), secret_line()
        words = self.tr("{0}  ·  {1}")
        self.who.offer(
            (words.format(one.member.name, role_words(one.member.role)), str(one.member.id)) for one in candidates
        )
        self.ask(self.tr("Person"), self.who)
        self.ask(self.tr("PIN or password"), self.pin)
        self.ask(self.tr("The same again"), self.again)

    def accept(self) -> None:
        """The person goes out; the sheet is closed by whoever took them in."""
        fault = pin_fault(self, self.pin, self.again)
        self.tell_fault(fault)
        if not fault:
            self.chosen.emit(self.who.chosen, self.pin.text())


class RecoverySheet(Sheet):
    """The recovery code, this once."""

    def __init__(self, parent: QWidget, code: str) -> None:
        about = parent.tr(
            "Write this code down and keep it where a manager finds it: it gives a manager a new PIN, and nothing else "
            "does. It is shown this once."
        )
        super().__init__(parent, parent.tr("The recovery code"), about, parent.tr("I have written it down"))
        self.code = label(code, "code", wrap=True)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setAccessibleName(self.tr("Recovery code: {0}").format(code))
        self.form.addWidget(self.code)
        self.leave.hide()


def role_words(role: Role) -> str:
    """What the role is called."""
    translate = QCoreApplication.translate
    return {
        Role.VIEWER: translate("Roles", "Viewer"),
        Role.REVIEWER: translate("Roles", "Reviewer"),
        Role.MANAGER: translate("Roles", "Manager"),
    }[role]
