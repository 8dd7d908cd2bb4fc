"""Making, listing and revoking API keys."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import Act, Transaction
from syncserver.identity.api_keys import repository
from syncserver.identity.api_keys.format import PREFIX_CHARACTERS, is_well_formed, new_api_key
from syncserver.identity.api_keys.models import ApiKey
from syncserver.identity.api_keys.schemas import ApiKeyCreated, ApiKeyForm, ApiKeyView
from syncserver.identity.api_keys.scopes import Scope, covers
from syncserver.identity.errors import NotAllowed
from syncserver.identity.roles import Role
from syncserver.kit.errors import InvalidRequest, NotFound
from syncserver.kit.opaque import digest
from syncserver.kit.paging import PageOf, page_of, place_of


@dataclass(frozen=True, slots=True)
class UsedKey:
    """A key that opened a request, and for whom it acts."""

    id: UUID
    organization_id: UUID
    user_id: UUID
    role: Role
    is_superuser: bool
    scopes: frozenset[Scope]
    expires_at: datetime | None


def calls_since(session: Session, organization_id: UUID, day: date) -> int:
    """How often the organization's keys were used from that day (UTC) on."""
    return repository.calls_since(session, organization_id, day)


def find(connection: Connection, key: str, now: datetime) -> UsedKey | None:
    """What `key` opens; None when it opens nothing."""
    if not is_well_formed(key):
        return None
    row = repository.find(connection, digest(key), now)
    if row is None:
        return None
    return UsedKey(
        id=row.id,
        organization_id=row.organization_id,
        user_id=row.user_id,
        role=Role(row.role),
        is_superuser=row.is_superuser,
        scopes=frozenset(_scopes(row.scopes)),
        expires_at=row.expires_at,
    )


def check_reach(maker: UsedKey | None, form: ApiKeyForm) -> None:
    """Raises NotAllowed when a key would make one that may do more than itself, or lasts longer."""
    if maker is None:
        return
    if not all(covers(maker.scopes, scope) for scope in form.scopes):
        raise NotAllowed("A key makes no key that may do more than itself: name its scopes.")
    if maker.expires_at and not (form.expires_at and form.expires_at <= maker.expires_at):
        raise NotAllowed("A key makes no key that lasts longer than itself: set expires_at.")


def create(
    transaction: Transaction, organization_id: UUID, user_id: UUID, actor: str, form: ApiKeyForm
) -> ApiKeyCreated:
    """A new key of the organization, acting for `user_id`. Raises InvalidRequest when it would be over already."""
    if form.expires_at and form.expires_at <= transaction.now:
        raise InvalidRequest("expires_at: lies in the past.")
    key = new_api_key(form.environment)
    row = ApiKey(
        id=new_id(),
        organization_id=organization_id,
        user_id=user_id,
        name=form.name,
        prefix=key[:PREFIX_CHARACTERS],
        digest=digest(key),
        scopes=" ".join(form.scopes),
        created_at=transaction.now,
        expires_at=form.expires_at,
        calls=0,
    )
    repository.add(transaction.session, row)
    transaction.record(Act(organization_id, actor, "api-key.created", str(row.id)))
    return ApiKeyCreated(**_view(row).model_dump(exclude={"user_id", "last_used_at", "calls"}), key=key)


def page(
    session: Session, organization_id: UUID, owner: UUID | None, cursor: str | None, limit: int
) -> PageOf[ApiKeyView]:
    """The organization's live keys, or those of its person `owner`, the newest first."""
    rows = repository.page(session, organization_id, owner, place_of(cursor), limit + 1)
    return page_of(rows, limit, _view, lambda row: (row.created_at, row.id))


def view(session: Session, organization_id: UUID, owner: UUID | None, key_id: UUID) -> ApiKeyView:
    """A live key of the organization, or of its person `owner`. Raises NotFound."""
    return _view(_found(session, organization_id, owner, key_id))


def revoke(transaction: Transaction, organization_id: UUID, owner: UUID | None, actor: str, key_id: UUID) -> None:
    """The key opens nothing any more. Raises NotFound, also for a key of another person than `owner`."""
    row = _found(transaction.session, organization_id, owner, key_id)
    row.revoked_at = transaction.now
    transaction.record(Act(organization_id, actor, "api-key.revoked", str(key_id)))


def _found(session: Session, organization_id: UUID, owner: UUID | None, key_id: UUID) -> ApiKey:
    row = repository.get(session, organization_id, key_id)
    if row is None or owner not in (None, row.user_id):
        raise NotFound("There is no API key with this id.")
    return row


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        prefix=row.prefix,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        calls=row.calls,
    )


def _scopes(written: str) -> list[Scope]:
    return [Scope(scope) for scope in written.split()]
