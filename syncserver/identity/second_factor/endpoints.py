"""`/api/v1/me/second-factor`."""

from fastapi import APIRouter

from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.access import PersonAccess
from syncserver.identity.passwords import proof
from syncserver.identity.second_factor import service
from syncserver.identity.second_factor.schemas import Confirmation, RecoveryCodes, Removal, SetUp, SetUpRequest
from syncserver.kit.edge import TheKeys
from syncserver.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/me/second-factor", tags=["second factor"], responses=documented(401, 403, 409, 422, 429)
)


@router.post("", status_code=201)
def begin_second_factor(
    request: SetUpRequest, access: PersonAccess, begin: BeginTransaction, transaction: WriteTransaction, keys: TheKeys
) -> SetUp:
    """Begins the set-up of a second factor: a secret for an authenticator app. It counts once confirmed."""
    account = proof.prove(begin, access.user_id, request.password.get_secret_value())
    return service.begin(transaction, keys, access.organization_id, access.user_id, account.email)


@router.post("/confirm")
def confirm_second_factor(
    request: Confirmation, access: PersonAccess, begin: BeginTransaction, transaction: WriteTransaction, keys: TheKeys
) -> RecoveryCodes:
    """Turns the second factor on, proved by a code of the app. The recovery codes are shown in this answer alone."""
    proof.count(begin, access.user_id)
    return service.confirm(transaction, keys, access.user_id, request.otp)


@router.post("/recovery-codes")
def renew_recovery_codes(
    request: Confirmation, access: PersonAccess, begin: BeginTransaction, transaction: WriteTransaction, keys: TheKeys
) -> RecoveryCodes:
    """Makes new recovery codes; those before open nothing any more."""
    proof.count(begin, access.user_id)
    return service.renew_codes(transaction, keys, access.user_id, request.otp)


@router.post("/remove", status_code=204)
def remove_second_factor(
    request: Removal, access: PersonAccess, begin: BeginTransaction, transaction: WriteTransaction, keys: TheKeys
) -> None:
    """Takes the second factor away, proved by the password and a code of the app or a recovery code."""
    proof.prove(begin, access.user_id, request.password.get_secret_value())
    service.remove(transaction, keys, access.user_id, request.otp)
