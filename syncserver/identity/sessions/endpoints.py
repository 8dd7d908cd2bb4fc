"""`login`, `refresh`, `logout`, and `/api/v1/me/sessions`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form

from syncserver.events.transaction import BeginTransaction, ServerTransaction, WriteTransaction
from syncserver.identity.access import PersonAccess
from syncserver.identity.sessions import service, sign_in
from syncserver.identity.sessions.errors import RefreshRefused
from syncserver.identity.sessions.schemas import RefreshRequest, SessionView, SignedIn
from syncserver.identity.sessions.sign_in import TheArrival
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented

router = APIRouter(prefix="/api/v1", tags=["sessions"])


@router.post("/login", responses=documented(401, 422, 429))
def login(
    username: Annotated[str, Form(max_length=254, description="The e-mail address.")],
    password: Annotated[str, Form(max_length=1024)],
    database: TheDatabase,
    begin: BeginTransaction,
    keys: TheKeys,
    came: TheArrival,
    otp: Annotated[str | None, Form(max_length=32, description="A code of the second factor, if there is one.")] = None,
) -> SignedIn:
    """Signs a person in. Repeated failures slow down; nobody is locked out for good."""
    account, allowances = sign_in.counted(database, begin, username, came.address)
    known = sign_in.proven(begin, keys, account, password, otp)
    return sign_in.let_in(begin, keys, known, allowances, came)


@router.post("/refresh", responses=documented(401, 422))
def refresh(request: RefreshRequest, begin: BeginTransaction, keys: TheKeys) -> SignedIn:
    """Exchanges a refresh token for new tokens. A token used before ends its session."""
    with begin() as transaction:
        answer = service.refresh(transaction, keys, request.refresh_token)
    if answer is None:
        raise RefreshRefused("The refresh token was used before, so the session was ended. Sign in again.")
    return answer


@router.post("/logout", status_code=204, responses=documented(422))
def logout(request: RefreshRequest, transaction: ServerTransaction) -> None:
    """Ends the session of a refresh token; its access tokens end at once."""
    service.sign_out(transaction, request.refresh_token)


@router.get("/me/sessions", responses=documented(401, 403, 422))
def list_my_sessions(
    access: PersonAccess, session: ReadSession, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[SessionView]:
    """Where the person who asks is signed in, the last sign-in first."""
    return service.page(session, (access.organization_id, access.user_id), access.session_id, cursor, limit)


@router.delete("/me/sessions/{session_id}", status_code=204, responses=documented(401, 403, 404, 422))
def end_my_session(session_id: UUID, access: PersonAccess, transaction: WriteTransaction) -> None:
    """Ends one of one's own sessions: its tokens open nothing any more."""
    service.end_one(transaction, access.organization_id, access.user_id, session_id)
