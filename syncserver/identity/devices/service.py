"""Enrolling devices, letting them in, revoking them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from shared.audit import Writer
from shared.crypto.signing import is_signed, verifying_key
from shared.wire.v1.devices import (
    TOKEN_CONTEXT,
    Challenge,
    ChallengeRequest,
    DeviceToken,
    Enrolment,
    EnrolmentCode,
    EnrolRequest,
    TokenRequest,
)
from shared.wire.v1.pull import DEVICE
from shared.wire.v1.statements import Admission, AdmissionNotice, Revocation, RevocationNotice
from shared.wire.v1.succession import SuccessionRequest
from syncserver.changes import service as changes
from syncserver.changes.service import Entity, Payload
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity import tokens
from syncserver.identity.codes import code_digest, new_code
from syncserver.identity.devices import repository
from syncserver.identity.devices.errors import DeviceKnown, DeviceNotProven, EnrolmentCodeRefused
from syncserver.identity.devices.models import Device, EnrolmentCodeRow
from syncserver.identity.devices.schemas import DeviceView
from syncserver.identity.errors import DeviceRevoked
from syncserver.identity.tokens import TokenKind
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.kit.secret import ServerKeys
from syncserver.tenants import service as tenants

_CODE_LIFETIME = timedelta(minutes=15)  # PROTOCOL.md, section 2
_REPEATABLE_FOR = timedelta(days=1)  # after its code is over, a device whose answer was lost may still repeat


@dataclass(frozen=True, slots=True)
class LiveDevice:
    """A device that is enrolled and not revoked."""

    id: UUID
    organization_id: UUID
    public_key: bytes
    accepted_through: int
    ancestors: tuple[Writer, ...] = ()
    """The identities that it had before, the first one first, each with its key."""

    @property
    def identities(self) -> list[UUID]:
        """All that it had, its own first."""
        return [self.id, *(UUID(name) for name, _ in reversed(self.ancestors))]


def issue_code(transaction: Transaction, keys: ServerKeys, organization_id: UUID, actor: str) -> EnrolmentCode:
    """A code that enrols one device within 15 minutes."""
    repository.forget_codes(transaction.session, organization_id, transaction.now - _REPEATABLE_FOR)
    code, expires_at = new_code(), transaction.now + _CODE_LIFETIME
    row = EnrolmentCodeRow(
        digest=code_digest(keys.codes, code), organization_id=organization_id, created_by=actor, expires_at=expires_at
    )
    repository.add(transaction.session, row)
    transaction.record(Act(organization_id, actor, "enrolment-code.issued", str(organization_id)))
    return EnrolmentCode(code=code, expires_at=expires_at)


def enrol(transaction: Transaction, keys: ServerKeys, request: EnrolRequest) -> Enrolment:
    """The device belongs to the code's organization. Raises EnrolmentCodeRefused, DeviceKnown, DeviceRevoked."""
    code = _usable_code(transaction, keys, request)
    device = repository.by_id(transaction.session, request.device_id)
    if device is None:
        ancestors = [(str(one.device_id), one.public_key) for one in request.ancestors or ()]
        device = _add(transaction, request, code.organization_id, ancestors)
    elif device.public_key != request.public_key or device.organization_id != code.organization_id:
        raise DeviceKnown("A device with this id is enrolled already, with another key or another organization.")
    elif device.revoked_at and (device.destroy_keys or code.device_id):
        raise DeviceRevoked(
            "This device was revoked to have its keys destroyed. Set it up anew, with an identity of its own."
            if device.destroy_keys
            else "This device was revoked. A new enrolment code lets it come back."
        )
    if code.device_id is None:
        code.device_id, device.revoked_at, device.revocation_heard_at = device.id, None, None
        device.name, device.platform, device.app_version = request.name, request.platform, request.app_version
        transaction.record(Act(code.organization_id, code.created_by, "device.enrolled", str(device.id)))
        _tell(transaction, device)
    return _enrolment(transaction, keys, device, request.nonce)


def proven_predecessor(transaction: Transaction, request: SuccessionRequest) -> LiveDevice:
    """The device that named its successor, locked. Raises DeviceNotProven, DeviceRevoked."""
    device = repository.by_id(transaction.session, request.device_id)
    if device is None or not request.is_signed_with(device.public_key):
        raise DeviceNotProven("The device is not enrolled here, or the signature is not its own.")
    return lock_device(transaction.session, device.organization_id, device.id)


def is_enrolled(session: Session, predecessor: LiveDevice, request: SuccessionRequest) -> bool:
    """Whether the successor is there already. Raises DeviceKnown, DeviceRevoked."""
    device = repository.by_id(session, request.successor_id)
    if device is None:
        return False
    if device.public_key != request.public_key or device.organization_id != predecessor.organization_id:
        raise DeviceKnown("A device with this id is enrolled already, with another key or another organization.")
    _refuse_revoked(device)
    return True


def add_successor(
    transaction: Transaction, predecessor: LiveDevice, request: SuccessionRequest, accepted_through: int
) -> None:
    """The successor belongs to the organization, under the name of the device, which holds so much of its outbox."""
    before = repository.get(transaction.session, predecessor.organization_id, predecessor.id)
    enrolment = EnrolRequest(
        code="-",
        device_id=request.successor_id,
        name=before.name if before else "-",
        public_key=request.public_key,
        platform=request.platform,
        app_version=request.app_version,
    )
    own = (str(predecessor.id), predecessor.public_key.hex())
    ancestors = [*((name, key.hex()) for name, key in predecessor.ancestors), own]
    device = _add(transaction, enrolment, predecessor.organization_id, ancestors)
    device.accepted_through = accepted_through
    _tell(transaction, device)


def enrolment_of(transaction: Transaction, keys: ServerKeys, organization_id: UUID, device_id: UUID) -> Enrolment:
    """What a device hears that is enrolled. Raises DeviceNotProven."""
    device = repository.get(transaction.session, organization_id, device_id)
    if device is None:
        raise DeviceNotProven("The device is not enrolled here.")
    return _enrolment(transaction, keys, device, None)


def _enrolment(transaction: Transaction, keys: ServerKeys, device: Device, nonce: str | None) -> Enrolment:
    organization = tenants.tenant(transaction.session, device.organization_id)
    return Enrolment(
        device_id=device.id,
        organization_id=organization.id,
        organization_name=organization.name,
        audit_key=verifying_key(keys.audit).hex(),
        admission=_admission(keys, device, nonce) if nonce else None,
    )


def challenge(now: datetime, keys: ServerKeys, request: ChallengeRequest) -> Challenge:
    """Something to sign. Known and unknown devices get one alike."""
    return Challenge(challenge=tokens.issue(keys, TokenKind.CHALLENGE, str(request.device_id), now))


def exchange(transaction: Transaction, keys: ServerKeys, request: TokenRequest) -> DeviceToken | DeviceRevoked:
    """A token for a signed challenge; the refusal of a revoked device. Raises NotSignedIn, DeviceNotProven."""
    claims = tokens.read(keys, TokenKind.CHALLENGE, request.challenge, transaction.now)
    device = repository.by_id(transaction.session, request.device_id)
    message = TOKEN_CONTEXT + request.challenge.encode()
    if (
        device is None
        or claims.subject != str(device.id)
        or not is_signed(bytes.fromhex(device.public_key), message, bytes.fromhex(request.signature))
    ):
        raise DeviceNotProven("The device is not enrolled here, or the signature is not its own.")
    device.last_seen_at = transaction.now
    if request.last_sequence is not None:
        device.last_sequence = request.last_sequence
    if device.revoked_at:
        return _refusal(transaction, keys, device, request.nonce)
    token = tokens.issue(keys, TokenKind.DEVICE, str(device.id), transaction.now)
    return DeviceToken(access_token=token, expires_in=tokens.lifetime_s(TokenKind.DEVICE))


def live_device(connection: Connection, device_id: UUID) -> LiveDevice:
    """The device, whichever organization it belongs to. Raises DeviceNotProven, DeviceRevoked."""
    device = repository.known(connection, device_id)
    if device is None:
        raise DeviceNotProven("The device is not enrolled here.")
    _refuse_revoked(device)
    return _live(device)


def lock_device(session: Session, organization_id: UUID, device_id: UUID) -> LiveDevice:
    """The device, locked: its pushes happen one after the other. Raises DeviceNotProven, DeviceRevoked."""
    device = repository.get(session, organization_id, device_id, lock=True)
    if device is None:
        raise DeviceNotProven("The device is not enrolled here.")
    _refuse_revoked(device)
    return _live(device)


def public_key(session: Session, organization_id: UUID, device_id: UUID) -> bytes:
    """The device's Ed25519 key, revoked or not; empty when there is no such device."""
    device = repository.get(session, organization_id, device_id)
    return bytes.fromhex(device.public_key) if device else b""


def ancestors(session: Session, organization_id: UUID, device_id: UUID) -> tuple[Writer, ...]:
    """The identities that the device had before, the first one first, each with its key."""
    device = repository.get(session, organization_id, device_id)
    return _writers(device) if device else ()


def is_one_store(session: Session, organization_id: UUID, one: UUID, other: UUID) -> bool:
    """Whether both devices come of one store: one was restored from a backup that was made while it was the other."""
    return _first_identity(session, organization_id, one) == _first_identity(session, organization_id, other)


def accept_through(transaction: Transaction, organization_id: UUID, device_id: UUID, sequence: int) -> None:
    """Everything of the device's outbox up to `sequence` is on the server."""
    if device := repository.get(transaction.session, organization_id, device_id):
        device.accepted_through = sequence
        device.last_seen_at = transaction.now


def page(session: Session, organization_id: UUID, cursor: str | None, limit: int) -> PageOf[DeviceView]:
    """The organization's devices, revoked ones too, the last enrolled first."""
    rows = repository.page(session, organization_id, place_of(cursor), limit + 1)
    return page_of(rows, limit, _view, lambda row: (row.enrolled_at, row.id))


def away(session: Session, organization_id: UUID, before: datetime, limit: int) -> list[DeviceView]:
    """Devices that are not revoked and were not heard of since before then, the longest away first."""
    return [_view(row) for row in repository.away(session, organization_id, before, limit)]


def view(session: Session, organization_id: UUID, device_id: UUID) -> DeviceView:
    """The device. Raises NotFound."""
    row = repository.get(session, organization_id, device_id)
    if row is None:
        raise NotFound("There is no device with this id.")
    return _view(row)


def revoke(
    transaction: Transaction, organization_id: UUID, actor: str, device_id: UUID, *, destroy_keys: bool = False
) -> None:
    """The device's tokens open nothing any more. Raises NotFound; a device revoked before stays so.

    With `destroy_keys` it is told to destroy its keys at its next contact; that is not taken back."""
    device = repository.get(transaction.session, organization_id, device_id, lock=True)
    if device is None:
        raise NotFound("There is no device with this id.")
    is_new = device.revoked_at is None
    if is_new or (destroy_keys and not device.destroy_keys):
        device.revoked_at = device.revoked_at or transaction.now
        device.destroy_keys, device.revocation_heard_at = destroy_keys, None
        details: dict[str, Detail] = {"destroy_keys": True} if destroy_keys else {}
        transaction.record(Act(organization_id, actor, "device.revoked", str(device_id), details))
        if is_new:
            _tell(transaction, device)


def rename(transaction: Transaction, organization_id: UUID, actor: str, device_id: UUID, name: str) -> DeviceView:
    """The device is called `name`, here and, at its next contact, there. Raises NotFound."""
    device = repository.get(transaction.session, organization_id, device_id, lock=True)
    if device is None:
        raise NotFound("There is no device with this id.")
    if device.name != name:
        device.name = name
        transaction.record(Act(organization_id, actor, "device.renamed", str(device_id)))
        _tell(transaction, device)
    return _view(device)


def _refusal(transaction: Transaction, keys: ServerKeys, device: Device, nonce: str | None) -> DeviceRevoked:
    """What the device that proved itself hears; that it heard so is recorded once."""
    words = "This device was revoked by an administrator of its organization."
    if nonce is None or device.revoked_at is None:
        return DeviceRevoked(words)
    if device.revocation_heard_at is None:
        device.revocation_heard_at = transaction.now
        act = Act(device.organization_id, f"device:{device.id}", "device.heard_of_revocation", str(device.id))
        transaction.record(act)
    notice = RevocationNotice(
        organization_id=device.organization_id,
        device_id=device.id,
        nonce=nonce,
        revoked_at=device.revoked_at,
        destroy_keys=device.destroy_keys,
    )
    return DeviceRevoked(words, Revocation.signed(keys.audit, notice))


def _admission(keys: ServerKeys, device: Device, nonce: str) -> Admission:
    notice = AdmissionNotice(organization_id=device.organization_id, device_id=device.id, nonce=nonce)
    return Admission.signed(keys.audit, notice)


def _tell(transaction: Transaction, device: Device) -> None:
    """The organization's devices will hear of it."""
    entity = Entity(device.organization_id, DEVICE, str(device.id))
    payload: Payload = {"name": device.name, "is_revoked": device.revoked_at is not None}
    changes.put(transaction.session, entity, payload, transaction.now)


def _usable_code(transaction: Transaction, keys: ServerKeys, request: EnrolRequest) -> EnrolmentCodeRow:
    row = repository.code(transaction.session, code_digest(keys.codes, request.code))
    if row is None or (row.device_id and row.device_id != request.device_id):
        raise EnrolmentCodeRefused("This enrolment code is unknown or was used. Ask for a new one.")
    if row.device_id is None and row.expires_at <= transaction.now:
        raise EnrolmentCodeRefused("This enrolment code is over: it lasts 15 minutes. Ask for a new one.")
    return row


def _first_identity(session: Session, organization_id: UUID, device_id: UUID) -> UUID:
    before = ancestors(session, organization_id, device_id)
    return UUID(before[0][0]) if before else device_id


def _writers(device: Device | Row[Any]) -> tuple[Writer, ...]:
    return tuple((name, bytes.fromhex(key)) for name, key in device.ancestors or ())


def _add(
    transaction: Transaction, request: EnrolRequest, organization_id: UUID, ancestors: list[tuple[str, str]]
) -> Device:
    device = Device(
        id=request.device_id,
        organization_id=organization_id,
        name=request.name,
        public_key=request.public_key,
        platform=request.platform,
        app_version=request.app_version,
        enrolled_at=transaction.now,
        destroy_keys=False,
        accepted_through=0,
        ancestors=ancestors or None,
    )
    repository.add(transaction.session, device)
    return device


def _refuse_revoked(device: Device | Row[Any]) -> None:
    if device.revoked_at:
        raise DeviceRevoked("This device was revoked by an administrator of its organization.")


def _live(device: Device | Row[Any]) -> LiveDevice:
    key = bytes.fromhex(device.public_key)
    return LiveDevice(device.id, device.organization_id, key, device.accepted_through, _writers(device))


def _view(row: Device) -> DeviceView:
    return DeviceView(
        id=row.id,
        name=row.name,
        platform=row.platform,
        app_version=row.app_version,
        enrolled_at=row.enrolled_at,
        last_seen_at=row.last_seen_at,
        revoked_at=row.revoked_at,
        destroy_keys=row.destroy_keys,
        revocation_heard_at=row.revocation_heard_at,
        waiting=None if row.last_sequence is None else max(0, row.last_sequence - row.accepted_through),
        accepted_through=row.accepted_through,
        predecessor_id=UUID(row.ancestors[-1][0]) if row.ancestors else None,
    )
