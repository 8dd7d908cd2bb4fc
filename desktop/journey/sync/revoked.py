"""Hearing from the server that this device was revoked, and believing it for the server's signature alone."""

from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection

from desktop.errors import DeviceRevoked, ServerRefused
from desktop.journey.sync.server import Refusal
from desktop.vault import audit_log, device, revocation
from desktop.vault.connection import Vault
from desktop.vault.destruction import destroy_keys
from desktop.vault.revocation import Revoked
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.statements import Addressed, RevocationNotice


def fault_of(vault: Vault, url: str, refusal: Refusal, nonce: str) -> ServerRefused:
    """What the refusal of the server at `url`, in answer to `nonce`, means.

    Where the device is revoked, it is locked first, and its keys are destroyed where that was asked. A refusal without
    a signature that holds changes nothing."""
    with vault.act() as connection:
        revoked = _revoked(vault, connection, url, refusal, nonce)
        if revoked is None:
            return refusal
        if revocation.note(connection, revoked):
            details = {"destroy_keys": True} if revoked.destroys_keys else {}
            act = audit_log.Act(audit_log.DEVICE, "device.revoked", str(vault.device_id), details)
            audit_log.record(connection, vault.chain, act)
    if revoked.destroys_keys:
        destroy_keys(vault.folder, revoked.organization_name, vault.clock())
    return DeviceRevoked(revoked.sentence, "device_revoked")


def check_admission(vault: Vault, connection: Connection, enrolment: Enrolment, nonce: str) -> None:
    """A revoked device may go on. Raises ServerRefused where it is revoked still: another organization, or one that
    only calls itself the same, lets nobody into what was read for the first."""
    revoked = revocation.held(connection)
    if revoked is None:
        return
    admission = enrolment.admission
    try:
        is_admitted = (
            admission is not None
            and admission.is_genuine(revoked.server_key)
            and _is_meant(vault, revoked.organization_id, admission.read(), nonce)
        )
    except ValidationError:
        is_admitted = False
    if not is_admitted:
        raise ServerRefused(
            f"{revoked.organization_name} revoked this device, and this server did not prove to be the one that may "
            "let it in again. The device stays locked. Connect it there, or begin a store of its own: --data-dir",
            "admission_wrong",
        )
    revocation.lift(connection)


def _revoked(vault: Vault, connection: Connection, url: str, refusal: Refusal, nonce: str) -> Revoked | None:
    link, statement = device.link(connection), refusal.problem.revocation
    if link is None or link.url != url or link.audit_key is None or statement is None:
        return None
    try:
        notice: RevocationNotice = statement.read()
    except ValidationError:
        return None
    if not (statement.is_genuine(link.audit_key) and _is_meant(vault, link.organization_id, notice, nonce)):
        return None
    return Revoked(link.organization_id, link.organization_name, link.audit_key, notice.revoked_at, notice.destroy_keys)


def _is_meant(vault: Vault, organization_id: UUID, notice: Addressed, nonce: str) -> bool:
    said = notice.organization_id, notice.device_id, notice.nonce
    return said == (organization_id, vault.device_id, nonce)
