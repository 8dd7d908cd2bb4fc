"""`/api/v1/users`, and `/api/v1/admin/users` for the operator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from syncserver.events.transaction import ServerTransaction, WriteTransaction
from syncserver.identity.access import AdministratorAccess, AdministratorPersonAccess, SuperuserAccess
from syncserver.identity.members import service
from syncserver.identity.members.schemas import ActiveChange, UserChange, UserView
from syncserver.identity.passwords import service as passwords
from syncserver.identity.passwords.schemas import ResetIssued
from syncserver.identity.second_factor import service as second_factor
from syncserver.kit.edge import ReadSession, ServerReadSession
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented

router = APIRouter(prefix="/api/v1", tags=["people"], responses=documented(401, 403, 422))


@router.get("/users")
def list_users(
    access: AdministratorAccess, session: ReadSession, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[UserView]:
    """The people of the organization (owners and admins), who came first first."""
    return service.page(session, access.organization_id, cursor, limit)


@router.get("/users/{user_id}", responses=documented(404))
def get_user(user_id: UUID, access: AdministratorAccess, session: ReadSession) -> UserView:
    """One person of the organization (owners and admins)."""
    return service.view(session, access.organization_id, user_id)


@router.patch("/users/{user_id}", responses=documented(404, 409))
def change_user(
    user_id: UUID, wanted: UserChange, access: AdministratorAccess, transaction: WriteTransaction
) -> UserView:
    """Changes a person's name or role, or whether they may sign in (owners and admins; owners' own by owners)."""
    return service.change(transaction, access, user_id, wanted)


@router.post("/users/{user_id}/password-reset", status_code=201, responses=documented(404))
def issue_password_reset(
    user_id: UUID, access: AdministratorPersonAccess, transaction: WriteTransaction
) -> ResetIssued:
    """Issues a token that sets a person's password once, to be handed over in person (owners and admins)."""
    user = service.in_reach(transaction.session, access, user_id)
    return passwords.issue_reset(transaction, user.organization_id, user.id, access.actor)


@router.delete("/users/{user_id}/second-factor", status_code=204, responses=documented(404, 409))
def take_second_factor_away(user_id: UUID, access: AdministratorPersonAccess, transaction: WriteTransaction) -> None:
    """Takes the second factor of somebody who lost phone and recovery codes away (owners and admins)."""
    user = service.in_reach(transaction.session, access, user_id)
    second_factor.take_away(transaction, user.organization_id, user.id, access.actor)


@router.get("/admin/users")
def list_all_users(
    _: SuperuserAccess,
    session: ServerReadSession,
    email: Annotated[str | None, Query(max_length=254, description="The one with this address.")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[UserView]:
    """The people of all organizations (operator)."""
    return service.page_of_all(session, email.strip().lower() if email else None, cursor, limit)


@router.patch("/admin/users/{user_id}", responses=documented(404, 409))
def change_any_user(
    user_id: UUID, wanted: ActiveChange, access: SuperuserAccess, transaction: ServerTransaction
) -> UserView:
    """Says whether a person of whichever organization may sign in (operator)."""
    return service.change_activity(transaction, access.actor, user_id, wanted.is_active)


@router.post("/admin/users/{user_id}/password-reset", status_code=201, responses=documented(404))
def issue_any_password_reset(user_id: UUID, access: SuperuserAccess, transaction: ServerTransaction) -> ResetIssued:
    """Issues a token that sets the password of a person of whichever organization once (operator)."""
    user = service.of_all(transaction.session, user_id)
    return passwords.issue_reset(transaction, user.organization_id, user.id, access.actor)


@router.delete("/admin/users/{user_id}/second-factor", status_code=204, responses=documented(404, 409))
def take_any_second_factor_away(user_id: UUID, access: SuperuserAccess, transaction: ServerTransaction) -> None:
    """Takes the second factor of a person of whichever organization away (operator)."""
    user = service.of_all(transaction.session, user_id)
    second_factor.take_away(transaction, user.organization_id, user.id, access.actor)
