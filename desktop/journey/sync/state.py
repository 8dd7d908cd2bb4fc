"""What waits to be sent, and why it does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from desktop.vault import device, outbox
from desktop.vault.outbox import Outstanding

_NOT_CONNECTED = "This device is not connected to a server. All is safe here; to connect it: chartdrop connect URL"
_METERED = (
    "The network is set to be metered: nothing is sent by itself. All is safe here; to send "
    "it all the same: chartdrop sync"
)


@dataclass(frozen=True, slots=True)
class SyncState:
    """What waits to be sent, and why.

    `why` is None where nothing keeps it: "not_connected", "metered", or the code of the fault that the last round met
    (`server_unreachable`, `server_refused`, `device_revoked`); `message` says it to people, with what to do.
    `next_try` is when a program in the background tries again, None where none does."""

    waiting: Outstanding
    why: str | None
    message: str | None
    next_try: datetime | None


def sync_state(connection: Connection, *, is_metered: bool) -> SyncState:
    """How things stand between this device and its server."""
    link = device.link(connection)
    waiting = outbox.outstanding(connection, link.accepted_through if link else 0)
    if link is None:
        return SyncState(waiting, "not_connected", _NOT_CONNECTED, None)
    if link.last_error:
        return SyncState(waiting, link.last_fault, link.last_error, None if is_metered else link.next_try_at)
    if is_metered and waiting.operations:
        return SyncState(waiting, "metered", _METERED, None)
    return SyncState(waiting, None, None, None)
