"""Signs, every so often, a head over each audit log that has grown: what was not signed could be written anew."""

import threading
from dataclasses import dataclass, field

from shared.clock import Clock
from syncserver.audit import tree, tree_rows
from syncserver.kit.database import Database
from syncserver.kit.logging import fault_of, log
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

_EVERY_S = 30.0  # so that with a slow round or two no entry is older than a minute when it is signed


@dataclass(slots=True)
class Notary:
    """A thread that signs. Several processes may each have one: a tree is in one hand at a time."""

    database: Database
    keys: ServerKeys
    clock: Clock
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="notary", daemon=True)

    def start(self) -> None:
        """Signing begins."""
        self._thread.start()

    def stop(self) -> None:
        """Signing has ended, not in the middle of a tree."""
        self._stopping.set()
        self._thread.join()

    def sign_all(self) -> None:
        """A signed head stands over every entry there was."""
        with self.database.reading() as session:
            behind = tree_rows.organizations_behind(session)
        for organization_id in behind:
            grown = 1
            while grown and not self._stopping.is_set():
                with self.database.writing(only(organization_id)) as session:
                    grown = tree.grow(session, self.keys, organization_id, self.clock())

    def _run(self) -> None:
        while not self._stopping.wait(_EVERY_S):
            try:
                self.sign_all()
            except Exception as error:  # the loop's edge: the database may answer again next time
                log.error("audit_not_signed", **fault_of(error))
