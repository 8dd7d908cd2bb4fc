"""Signs, every so often, a head over each audit log that has grown: what was not signed could be written anew."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.clock import Clock
from syncserver.audit import tree, tree_rows
from syncserver.kit.database import Database
from syncserver.kit.rounds import Rounds
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

_EVERY_S = 30.0  # so that with a slow round or two no entry is older than a minute when it is signed
_AT_ONCE = 500  # leaves: more would keep the process's requests waiting
_REST_S = 0.1  # between them


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
            while self._grow(organization_id) == _AT_ONCE and not self._rounds.stopping.wait(_REST_S):
                pass

    def _grow(self, organization_id: UUID) -> int:
        with self.database.writing(only(organization_id)) as session:
            return tree.grow(session, self.keys, organization_id, self.clock(), at_once=_AT_ONCE)
