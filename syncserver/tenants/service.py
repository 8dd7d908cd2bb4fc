"""Founding organizations, and opening their keys."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import new_key
from shared.ids import new_id
from syncserver.kit.errors import CannotStart
from syncserver.kit.secret import ServerKeys
from syncserver.tenants import repository
from syncserver.tenants.models import Organization

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


def organization_key(session: Session, keys: ServerKeys, organization_id: UUID) -> bytes:
    """The 32-byte key that seals what belongs to the organization."""
    return opened_key(keys, organization_id, repository.get(session, organization_id).sealed_key)


def opened_key(keys: ServerKeys, organization_id: UUID, sealed_key: bytes) -> bytes:
    """The 32-byte key of the organization, whose row holds it as `sealed_key`."""
    return unseal(keys.master, sealed_key, _context(organization_id))


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
