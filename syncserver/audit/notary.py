"""Signs, every so often, a head over each audit log that has grown: what was not signed could be written anew."""

from dataclasses import dataclass, field

from shared.clock import Clock
from syncserver.audit import tree, tree_rows
from syncserver.kit.database import Database
from syncserver.kit.rounds import Rounds
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

_EVERY_S = 30.0  # so that with a slow round or two no entry is older than a minute when it is signed


@dataclass(slots=True)
class Notary:
    """A thread that signs. Several processes may each have one: a tree is in one hand at a time."""

    database: Database
    keys: ServerKeys
    clock: Clock
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds("notary", _EVERY_S, self.sign_all, fault="audit_not_signed")

    def start(self) -> None:
        """Signing begins."""
        self._rounds.start()

    def stop(self) -> None:
        """Signing has ended, not in the middle of a tree."""
        self._rounds.stop()

    def sign_all(self) -> None:
        """A signed head stands over every entry there was."""
        with self.database.reading() as session:
            behind = tree_rows.organizations_behind(session)
        for organization_id in behind:
            grown = 1
            while grown and not self._rounds.stopping.is_set():
                with self.database.writing(only(organization_id)) as session:
                    grown = tree.grow(session, self.keys, organization_id, self.clock())
