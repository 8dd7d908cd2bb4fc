"""Registering people, and knowing them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.wire.v1.pull import PERSON
from syncserver.changes import service as changes
from syncserver.changes.service import Entity, Payload
from syncserver.events.transaction import Act, Transaction
from syncserver.identity.people import repository
from syncserver.identity.people.errors import EmailTaken
from syncserver.identity.people.models import User
from syncserver.identity.people.schemas import Person
from syncserver.identity.roles import Role
from syncserver.kit.secret import ServerKeys
from syncserver.tenants import service as tenants

_OPERATORS = "Operators"


@dataclass(frozen=True, slots=True)
class Account:
    """What proving who somebody is needs to know."""

    user_id: UUID
    organization_id: UUID
    email: str
    full_name: str
    password_hash: str
    is_active: bool

    def personal_words(self) -> tuple[str, ...]:
        """What the password must not be."""
        return personal_words(self.email, self.full_name)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins; the password is hashed already."""

    email: str
    full_name: str
    password_hash: str
    role: Role = Role.OWNER
    is_superuser: bool = False


def personal_words(email: str, *names: str) -> tuple[str, ...]:
    """What a password must not be: the address, the part before its @, and names."""
    return (email, email.split("@", maxsplit=1)[0], *names)


def register(transaction: Transaction, keys: ServerKeys, newcomer: Newcomer, organization_name: str) -> Person:
    """A new organization with its owner. Raises EmailTaken."""
    check_free(transaction.session, newcomer.email)
    tenant = tenants.found(transaction.session, keys, organization_name, transaction.now)
    user_id = add(transaction, tenant.id, newcomer)
    transaction.record(Act(tenant.id, f"user:{user_id}", "organization.registered", str(tenant.id)))
    tell(transaction, tenant.id, user_id)
    return person(transaction.session, tenant.id, user_id)


def check_free(session: Session, email: str) -> None:
    """Raises EmailTaken when the address is that of an account, in whichever organization."""
    if repository.by_email(session, email):
        raise EmailTaken("An account with this e-mail address exists. Sign in instead.")


def add(transaction: Transaction, organization_id: UUID, newcomer: Newcomer) -> UUID:
    """The newcomer is a person of the organization. Devices hear of it by `tell`."""
    user = User(
        id=new_id(),
        organization_id=organization_id,
        email=newcomer.email,
        full_name=newcomer.full_name,
        password_hash=newcomer.password_hash,
        role=newcomer.role,
        is_superuser=newcomer.is_superuser,
        is_active=True,
        created_at=transaction.now,
    )
    repository.add(transaction.session, user)
    return user.id


def make_superuser(transaction: Transaction, keys: ServerKeys, email: str, password_hash: str) -> bool:
    """The person with this address is a superuser with this password; True when the account is new."""
    session = transaction.session
    if is_new := repository.by_email(session, email) is None:
        tenant = tenants.found(session, keys, _OPERATORS, transaction.now)
        add(transaction, tenant.id, Newcomer(email, email, password_hash, is_superuser=True))
    user = repository.by_email(session, email)
    assert user is not None  # noqa: S101 - added just now, or there before
    user.is_superuser, user.is_active, user.password_hash = True, True, password_hash
    transaction.record(Act(user.organization_id, "operator", "superuser.created", str(user.id)))
    tell(transaction, user.organization_id, user.id)
    return is_new


def tell(transaction: Transaction, organization_id: UUID, user_id: UUID) -> None:
    """Devices will hear how the person is now. The last thing in its transaction, but for the commit."""
    user = repository.get(transaction.session, organization_id, user_id)
    payload: Payload = {"name": user.full_name, "role": user.role, "is_active": user.is_active}
    changes.put(transaction.session, Entity(organization_id, PERSON, str(user_id)), payload, transaction.now)


def person(session: Session, organization_id: UUID, user_id: UUID) -> Person:
    """The person, with the organization's name."""
    user = repository.get(session, organization_id, user_id)
    return Person(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        role=Role(user.role),
        is_superuser=user.is_superuser,
        organization_id=organization_id,
        organization_name=tenants.tenant(session, organization_id).name,
        created_at=user.created_at,
    )


def account(session: Session, email: str) -> Account | None:
    """The account with this e-mail address, if there is one."""
    user = repository.by_email(session, email.strip().lower())
    return _account(user) if user else None


def account_of(session: Session, user_id: UUID) -> Account:
    """The account of somebody who is known to be there."""
    return _account(repository.by_id(session, user_id))


def keep_hash(session: Session, organization_id: UUID, user_id: UUID, password_hash: str) -> None:
    """The person's password is the one hashed."""
    repository.get(session, organization_id, user_id).password_hash = password_hash


def _account(user: User) -> Account:
    return Account(user.id, user.organization_id, user.email, user.full_name, user.password_hash, user.is_active)
