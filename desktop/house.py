"""What counts at this device, and managers' choices of it, for the window and the command line alike."""

from collections.abc import Callable

from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.settings import Settings
from desktop.vault import audit_log
from desktop.vault.connection import Vault
from desktop.vault.house_rules import HouseRules, RuleName, choose, house_rules


class House:
    """The rules of one store. `changed` hears that one is another."""

    def __init__(self, vault: Vault, session: Session, settings: Settings, changed: Callable[[], None]) -> None:
        self._vault, self._session, self._settings, self._changed = vault, session, settings, changed

    def rules(self) -> HouseRules:
        """What counts now, and who laid it down."""
        with self._vault.read() as connection:
            return house_rules(connection, self._settings)

    def choose(self, name: RuleName, value: int) -> None:
        """At this device the rule is `value`, as far as nobody above laid down something else.

        Raises SignInNeeded, NotAllowed."""
        actor = self._session.require(Right.SET_UP)
        with self._vault.act() as connection:
            choose(connection, name, value)
            act = audit_log.Act(actor, "settings.changed", name, {"value": int(value)})
            audit_log.record(connection, self._vault.chain, act)
        self._changed()
