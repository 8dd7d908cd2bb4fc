"""`/api/v1/me/second-factor`."""

from fastapi import APIRouter

from syncserver.events.transaction import BeginTransaction
from syncserver.identity.access import PersonAccess
from syncserver.identity.second_factor import proven
from syncserver.identity.second_factor.schemas import Confirmation, RecoveryCodes, Removal, SetUp, SetUpRequest
from syncserver.kit.edge import TheKeys
from syncserver.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/me/second-factor", tags=["second factor"], responses=documented(401, 403, 409, 422, 429)
)


@router.post("", status_code=201)
def begin_second_factor(request: SetUpRequest, access: PersonAccess, begin: BeginTransaction, keys: TheKeys) -> SetUp:
    """Begins the set-up of a second factor: a secret for an authenticator app. It counts once confirmed."""
    return proven.begin_set_up(begin, keys, access, request)


@router.post("/confirm")
def confirm_second_factor(
    request: Confirmation, access: PersonAccess, begin: BeginTransaction, keys: TheKeys
) -> RecoveryCodes:
    """Turns the second factor on, proved by a code of the app. The recovery codes are shown in this answer alone."""
    return proven.confirm(begin, keys, access, request)


@router.post("/recovery-codes")
def renew_recovery_codes(
    request: Confirmation, access: PersonAccess, begin: BeginTransaction, keys: TheKeys
) -> RecoveryCodes:
    """Makes new recovery codes; those before open nothing any more."""
    return proven.renew_codes(begin, keys, access, request)


@router.post("/remove", status_code=204)
def remove_second_factor(request: Removal, access: PersonAccess, begin: BeginTransaction, keys: TheKeys) -> None:
    """Takes the second factor away, proved by the password and a code of the app or a recovery code."""
    proven.remove(begin, keys, access, request)
