"""A store that was restored from a backup that the server has more than: it goes on under another identity
(PROTOCOL.md, section 8), so that nothing is lost on either side."""

import platform

from desktop.journey.sync.enrol import app_version
from desktop.journey.sync.server import Refusal
from desktop.vault import ancestry, audit_log, device
from desktop.vault.connection import Vault
from desktop.vault.device import ServerLink
from shared.crypto.signing import verifying_key
from shared.wire.v1.succession import SuccessionRequest

_FORKED = "sequence_reused"


def go_on_anew(vault: Vault, link: ServerLink, identity: str, refusal: Refusal) -> bool:
    """Whether another round may go well: the device, which was refused as `identity`, has another by now.

    The rows that the server lacks stand in the outbox as they were; an entry of the audit chain, the first under the
    new identity, names the one before it."""
    shared = refusal.problem.accepted_through
    if refusal.problem_code != _FORKED or shared is None:  # of an older server, which takes no successors
        return False
    with vault.act() as connection:
        if vault.chain.device_id != identity:  # another process saw to it
            return True
        if not device.link_is_still(connection, link):
            return False
        before = vault.chain
        successor = ancestry.succeed(connection, before, shared, vault.clock())
        details = {"predecessor_key": verifying_key(before.signing_key).hex()}
        act = audit_log.Act(audit_log.DEVICE, "device.forked", before.device_id, details)
        audit_log.record(connection, successor, act)
    vault.take_pen(successor)
    return True


def introduction(vault: Vault) -> SuccessionRequest | None:
    """What makes this device known to the server that knows the identity before; None where there was none."""
    with vault.read() as connection:
        before = ancestry.held(connection)
        if not before:
            return None
        last = before[-1]
        shared = ancestry.shared_rows(connection, last.shared_through)
    return SuccessionRequest(
        device_id=last.device_id,
        successor_id=vault.device_id,
        public_key=verifying_key(vault.chain.signing_key).hex(),
        signature=last.signature,
        platform=platform.platform(terse=True)[:100],
        app_version=app_version(),
        shared=shared,
    )
