"""What the settings screen shows, looked up at once."""

from dataclasses import dataclass

from desktop.answers import Connection, Status
from desktop.journey.hotfolder.folder import WatchState
from desktop.people.roles import RIGHTS, Right
from desktop.people.staff import Candidate
from desktop.services import Workspace
from desktop.vault.house_rules import HouseRules
from desktop.vault.people import Person
from desktop.vault.watched import WatchedFolder
from shared.templates.catalog import load_builtin


@dataclass(frozen=True, slots=True)
class SettingsLook:
    """What is set now. `rights` are those of whoever is at the window; `kinds` names the templates."""

    rights: frozenset[Right]
    folders: tuple[WatchedFolder, ...]
    states: tuple[WatchState, ...]
    kinds: tuple[str, ...]
    connection: Connection | None
    status: Status
    people: tuple[Person, ...]
    organization: tuple[Candidate, ...]
    rules: HouseRules

    def may(self, right: Right) -> bool:
        """Whether whoever is at the window may."""
        return right in self.rights


def look_at(workspace: Workspace) -> SettingsLook:
    """What is set now."""
    person = workspace.session.person()
    return SettingsLook(
        RIGHTS[person.role] if person else frozenset(Right),
        workspace.watched_folders(),
        workspace.watch_states(),
        tuple(template.name for template in (*load_builtin(), *workspace.own_templates().templates)),
        workspace.connection(),
        workspace.status(),
        workspace.staff.everybody(),
        workspace.staff.organization(),
        workspace.house.rules(),
    )
