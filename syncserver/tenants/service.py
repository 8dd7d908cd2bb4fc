"""Founding organizations, and opening their keys."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import new_key
from shared.ids import new_id
from shared.wire.v1.policy import PolicyState, ServerSees
from shared.wire.v1.pull import POLICY
from syncserver.changes import service as changes
from syncserver.changes.service import Entity, Payload
from syncserver.kit.errors import CannotStart
from syncserver.kit.secret import ServerKeys
from syncserver.tenants import repository
from syncserver.tenants.errors import ContentNotWanted
from syncserver.tenants.models import Organization, Policy

TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization as others see it."""

    id: UUID
    name: str
    tier: str


def found(session: Session, keys: ServerKeys, name: str, now: datetime) -> Tenant:
    """A new organization on a free trial, with a key of its own."""
    organization_id = new_id()
    sealed_key = seal(keys.master, new_key(), _context(organization_id))
    organization = Organization(id=organization_id, name=name, tier=TRIAL, sealed_key=sealed_key, created_at=now)
    repository.add(session, organization)
    return _tenant(organization)


def tenant(session: Session, organization_id: UUID) -> Tenant:
    """The organization with this id."""
    return _tenant(repository.get(session, organization_id))


def policy(session: Session, organization_id: UUID) -> PolicyState:
    """What the organization lays down for its devices, and for this server."""
    laid_down = repository.policy(session, organization_id)
    if laid_down is None:
        return PolicyState()
    return PolicyState(
        server_sees=ServerSees(laid_down.server_sees),
        retention_years=laid_down.retention_years,
        lock_minutes=laid_down.lock_minutes,
    )


def set_policy(session: Session, organization_id: UUID, wanted: PolicyState, now: datetime) -> None:
    """The organization lays down so much, and its devices will hear of it."""
    row = Policy(
        organization_id=organization_id,
        server_sees=wanted.server_sees.value,
        retention_years=wanted.retention_years,
        lock_minutes=wanted.lock_minutes,
    )
    repository.set_policy(session, row)
    payload: Payload = wanted.model_dump(mode="json", exclude_none=True)
    changes.put(session, Entity(organization_id, POLICY, str(organization_id)), payload, now)


def check_content_wanted(session: Session, organization_id: UUID) -> None:
    """Raises ContentNotWanted where the organization lets the server see metadata only."""
    if policy(session, organization_id).server_sees is ServerSees.METADATA:
        raise ContentNotWanted(
            "The organization lets this server see metadata only, and this holds what stands on documents. Nothing of "
            "it was kept. A desktop sends metadata once it knows: sync there again; update it if that does not help."
        )


def change_tier(session: Session, organization_id: UUID, tier: str) -> None:
    """The organization is on that tier."""
    repository.get(session, organization_id).tier = tier


def all_ids(session: Session) -> list[UUID]:
    """Every organization's id, the earliest first."""
    return repository.all_ids(session)


def organization_key(session: Session, keys: ServerKeys, organization_id: UUID) -> bytes:
    """The 32-byte key that seals what belongs to the organization."""
    return opened_key(keys, organization_id, repository.get(session, organization_id).sealed_key)


def opened_key(keys: ServerKeys, organization_id: UUID, sealed_key: bytes) -> bytes:
    """The 32-byte key of the organization, whose row holds it as `sealed_key`."""
    return unseal(keys.master, sealed_key, _context(organization_id))


def rewrap_keys(session: Session, old: ServerKeys, new: ServerKeys) -> list[UUID]:
    """Every organization's key is sealed under the new master key, and is what it was; whose those are."""
    organizations = repository.all_of_all(session)
    for organization in organizations:
        key = opened_key(old, organization.id, organization.sealed_key)
        organization.sealed_key = seal(new.master, key, _context(organization.id))
    return [organization.id for organization in organizations]


def check_master_key(session: Session, keys: ServerKeys) -> None:
    """Raises CannotStart when the secret is not the one that the organizations' keys were sealed under."""
    if organization := repository.any_of_all(session):
        try:
            unseal(keys.master, organization.sealed_key, _context(organization.id))
        except SealBroken as error:
            raise CannotStart(
                "CHARTDROP_SECRET_KEY is not the one that this database was made with; with another, nothing opens."
            ) from error


def _tenant(organization: Organization) -> Tenant:
    return Tenant(organization.id, organization.name, organization.tier)


def _context(organization_id: UUID) -> bytes:
    return f"organization-key:{organization_id}".encode()
