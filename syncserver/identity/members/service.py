"""Listing people, changing their roles, letting them go and come back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity.access import Access
from syncserver.identity.errors import NotAllowed
from syncserver.identity.members import repository
from syncserver.identity.members.errors import LastOwner
from syncserver.identity.members.schemas import UserChange, UserView
from syncserver.identity.people import service as people
from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from syncserver.identity.sessions import service as sessions
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, page_of, place_of

_NOBODY = "There is no person with this id."


def page(session: Session, organization_id: UUID, cursor: str | None, limit: int) -> PageOf[UserView]:
    """The organization's people, who came first first."""
    return _page(repository.page(session, organization_id, place_of(cursor), limit + 1), limit)


def page_of_all(session: Session, email: str | None, cursor: str | None, limit: int) -> PageOf[UserView]:
    """The people of all organizations, for the operator."""
    return _page(repository.page_of_all(session, email, place_of(cursor), limit + 1), limit)


def addresses_of_administrators(session: Session, organization_id: UUID) -> list[str]:
    """The e-mail addresses of the organization's owners and admins who can sign in."""
    return repository.addresses(session, organization_id, (Role.OWNER, Role.ADMIN))


def view(session: Session, organization_id: UUID, user_id: UUID) -> UserView:
    """The person. Raises NotFound."""
    return _view(_found(repository.get(session, organization_id, user_id)))


def change(transaction: Transaction, access: Access, user_id: UUID, wanted: UserChange) -> UserView:
    """The person is as `wanted` says. Raises NotFound, NotAllowed, LastOwner."""
    changing = _lock(transaction.session, access.organization_id, user_id)
    _check_reach(access, changing.user)
    if access.role is not Role.OWNER and wanted.role is Role.OWNER:
        raise NotAllowed("Only an owner makes somebody an owner.")
    return _change(transaction, changing, access.actor, wanted)


def change_activity(transaction: Transaction, actor: str, user_id: UUID, is_active: bool) -> UserView:
    """The person may sign in, or not, whatever the organization: for the operator. Raises NotFound, LastOwner."""
    changing = _lock_of_all(transaction.session, user_id)
    return _change(transaction, changing, actor, UserChange(is_active=is_active))


def in_reach(session: Session, access: Access, user_id: UUID) -> User:
    """A person of the organization whom `access` may change, locked. Raises NotFound, NotAllowed."""
    user = _lock(session, access.organization_id, user_id).user
    _check_reach(access, user)
    return user


def of_all(session: Session, user_id: UUID) -> User:
    """A person of whichever organization, locked: for the operator. Raises NotFound."""
    return _lock_of_all(session, user_id).user


@dataclass(frozen=True, slots=True)
class _Changing:
    """A person whose row is locked, with those of the organization's owners."""

    user: User
    is_last_owner: bool


def _lock(session: Session, organization_id: UUID, user_id: UUID) -> _Changing:
    locked = repository.lock(session, organization_id, user_id)
    user = _found(next((user for user in locked if user.id == user_id), None))
    owners = {user.id for user in locked if user.role == Role.OWNER and user.is_active}
    return _Changing(user, owners == {user_id})


def _lock_of_all(session: Session, user_id: UUID) -> _Changing:
    organization_id = repository.organization_of(session, user_id)
    if organization_id is None:
        raise NotFound(_NOBODY)
    return _lock(session, organization_id, user_id)


def _check_reach(access: Access, user: User) -> None:
    if user.is_superuser and not access.is_superuser:
        raise NotAllowed("This account is the operator's: an organization cannot change it.")
    if user.role == Role.OWNER and access.role is not Role.OWNER:
        raise NotAllowed("Only an owner changes what is an owner's.")


def _change(transaction: Transaction, changing: _Changing, actor: str, wanted: UserChange) -> UserView:
    user, changed = changing.user, dict[str, Detail]()
    if wanted.full_name and wanted.full_name != user.full_name:
        user.full_name = wanted.full_name
        changed["full_name"] = True  # that it changed; the name itself is nobody's who reads the log
    if wanted.role and wanted.role != user.role:
        _keep_an_owner(changing)
        user.role, changed["role"] = wanted.role, wanted.role.value
    if wanted.is_active is not None and wanted.is_active != user.is_active:
        _keep_an_owner(changing)
        user.is_active, changed["is_active"] = wanted.is_active, wanted.is_active
    if wanted.is_active is False:
        sessions.end_all(transaction, user.organization_id, user.id)
    if changed:
        transaction.record(Act(user.organization_id, actor, "user.changed", str(user.id), changed))
        people.tell(transaction, user.organization_id, user.id)
    return _view(user)


def _keep_an_owner(changing: _Changing) -> None:
    if changing.is_last_owner:
        raise LastOwner("This is the organization's last owner. Make somebody else an owner first.")


def _found(user: User | None) -> User:
    if user is None:
        raise NotFound(_NOBODY)
    return user


def _page(rows: list[User], limit: int) -> PageOf[UserView]:
    return page_of(rows, limit, _view, lambda row: (row.created_at, row.id))


def _view(user: User) -> UserView:
    return UserView.model_validate(user)
