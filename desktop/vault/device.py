"""Who this device is, and the server that it is enrolled with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Update, delete, func, insert, select, update

from desktop.errors import ServerError
from desktop.vault.schema import device, server_link
from shared.audit import AuditChain
from shared.clock import Clock, from_rfc3339, to_rfc3339
from shared.crypto.signing import new_signing_key
from shared.wire.v1.devices import Enrolment


@dataclass(frozen=True, slots=True)
class ServerLink:
    """The server this device is enrolled with. It holds every operation up to `accepted_through`.

    `last_error` is a sentence for people and `last_fault` its code, None when the last round went well; `next_try_at`
    is when a program in the background tries again. `audit_key` (hexadecimal) is the key that its receipts are signed
    with, None until it is known. `authority` (PEM) is the only one whose certificates count for this server, None
    where the system's do."""

    url: str
    organization_id: UUID
    organization_name: str
    connected_at: datetime
    accepted_through: int
    last_sync_at: datetime | None
    last_error: str | None
    audit_key: str | None
    last_fault: str | None = None
    next_try_at: datetime | None = None
    authority: str | None = None


def create(connection: Connection, clock: Clock) -> AuditChain:
    """The device has an id and a signing key, which never leave this store."""
    chain = AuditChain(str(uuid4()), new_signing_key(), clock)
    connection.execute(
        insert(device).values(device_id=chain.device_id, signing_key=chain.signing_key, created_at=to_rfc3339(clock()))
    )
    return chain


def chain(connection: Connection, clock: Clock) -> AuditChain | None:
    """The pen of this device's audit chain; None before `create`."""
    row = connection.execute(select(device.c.device_id, device.c.signing_key)).one_or_none()
    return AuditChain(row.device_id, row.signing_key, clock) if row else None


def link(connection: Connection) -> ServerLink | None:
    """The server that this device is enrolled with."""
    row = connection.execute(select(server_link)).one_or_none()
    if row is None:
        return None
    return ServerLink(
        row.url,
        UUID(row.organization_id),
        row.organization_name,
        from_rfc3339(row.connected_at),
        row.accepted_through,
        from_rfc3339(row.last_sync_at) if row.last_sync_at else None,
        row.last_error,
        row.audit_key,
        row.last_fault,
        from_rfc3339(row.next_try_at) if row.next_try_at else None,
        row.authority,
    )


def set_link(
    connection: Connection, url: str, enrolment: Enrolment, at: datetime, authority: str | None = None
) -> None:
    """This device belongs to that server, which is taken to hold nothing of it yet; it says so if it does."""
    connection.execute(delete(server_link))
    connection.execute(
        insert(server_link).values(
            id=1,
            url=url,
            organization_id=str(enrolment.organization_id),
            organization_name=enrolment.organization_name,
            connected_at=to_rfc3339(at),
            accepted_through=0,
            audit_key=enrolment.audit_key,
            authority=authority,
        )
    )


def forget_link(connection: Connection) -> None:
    """The device belongs to no server; its outbox stays whole."""
    connection.execute(delete(server_link))


def note_accepted(connection: Connection, link: ServerLink, accepted_through: int) -> None:
    """The server of `link` holds every operation up to `accepted_through`.

    Nothing changes where the device was given another server meanwhile, by another process: that one holds none."""
    connection.execute(_still(link).values(accepted_through=accepted_through))


def doubt_accepted(connection: Connection, link: ServerLink) -> None:
    """The last operation that the server of `link` had is sent once more: it may have been restored from a backup."""
    one_less = func.max(server_link.c.accepted_through - 1, 0)
    connection.execute(_still(link).values(accepted_through=one_less))


def note_audit_key(connection: Connection, link: ServerLink, audit_key: str) -> None:
    """The server of `link`, which gave no key when this device was enrolled, signs its receipts with `audit_key`."""
    connection.execute(_still(link).where(server_link.c.audit_key.is_(None)).values(audit_key=audit_key))


def note_round(connection: Connection, link: ServerLink, at: datetime, fault: ServerError | None) -> None:
    """How the last sync round with the server of `link` ended; a failed one leaves the time of the last good one."""
    why = {"last_error": fault.message if fault else None, "last_fault": fault.code if fault else None}
    when = {} if fault else {"last_sync_at": to_rfc3339(at)}
    connection.execute(_still(link).values(next_try_at=None, **why, **when))


def note_next_try(connection: Connection, link: ServerLink, at: datetime) -> None:
    """When the server of `link` is tried again."""
    connection.execute(_still(link).values(next_try_at=to_rfc3339(at)))


def link_is_still(connection: Connection, before: ServerLink) -> bool:
    """Whether this device has the server of `before` all the while, and not been connected anew since."""
    now = link(connection)
    return now is not None and (now.url, now.connected_at) == (before.url, before.connected_at)


def _still(link: ServerLink) -> Update:
    return update(server_link).where(
        server_link.c.url == link.url, server_link.c.connected_at == to_rfc3339(link.connected_at)
    )
