"""`register`, `login`, `refresh`, `logout`."""

from typing import Annotated

from fastapi import APIRouter, Form

from syncserver.events.transaction import Act, Begin, BeginTransaction, WriteTransaction
from syncserver.identity.people import service
from syncserver.identity.people.errors import RefreshRefused, SignInRefused
from syncserver.identity.people.passwords import check_password, hash_password, is_password
from syncserver.identity.people.schemas import Person, RefreshRequest, Registration, SignedIn
from syncserver.identity.people.service import Account, Newcomer
from syncserver.kit.edge import Address, TheDatabase, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/api/v1", tags=["people"])


@router.post("/register", status_code=201, responses=documented(409, 422, 429))
def register(
    registration: Registration,
    begin: BeginTransaction,
    transaction: WriteTransaction,
    keys: TheKeys,
    address: Address,
    idempotency_key: IdempotencyKey = None,
) -> Person:
    """Registers an organization, in a free trial of 100 pages, and its owner."""
    password = registration.password.get_secret_value()
    name = registration.email.split("@")[0]
    check_password(password, (registration.email, name, registration.full_name, registration.organization_name))
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"register:{address}", free=100, longest_wait_s=60),))
    newcomer = Newcomer(
        registration.email, registration.full_name, registration.organization_name, hash_password(password)
    )
    once = Once(transaction.session, transaction.now, keys.answers, "register", idempotency_key)
    return once.answer(registration, Person, lambda: service.register(transaction, keys, newcomer))


@router.post("/login", responses=documented(401, 422, 429))
def login(
    username: Annotated[str, Form(max_length=254, description="The e-mail address.")],
    password: Annotated[str, Form(max_length=1024)],
    database: TheDatabase,
    begin: BeginTransaction,
    transaction: WriteTransaction,
    keys: TheKeys,
    address: Address,
) -> SignedIn:
    """Signs a person in. Repeated failures slow down; nobody is locked out for good."""
    with database.reading() as session:
        account = service.account(session, username, address)
    allowances = service.sign_in_allowances(username, address, bool(account and account.is_known_here))
    with begin() as counting:
        take(counting.session, counting.now, allowances.all())
    known = _proven(begin, account, password)
    service.forgive_sign_in(transaction.session, allowances)
    return service.start_session(transaction, keys, known, address)


@router.post("/refresh", responses=documented(401, 422))
def refresh(request: RefreshRequest, begin: BeginTransaction, keys: TheKeys) -> SignedIn:
    """Exchanges a refresh token for new tokens. A token used before ends its session."""
    with begin() as transaction:
        answer = service.refresh(transaction, keys, request.refresh_token)
    if answer is None:
        raise RefreshRefused("The refresh token was used before, so the session was ended. Sign in again.")
    return answer


@router.post("/logout", status_code=204, responses=documented(422))
def logout(request: RefreshRequest, transaction: WriteTransaction) -> None:
    """Ends the session of a refresh token; its access tokens end at once."""
    service.sign_out(transaction, request.refresh_token)


def _proven(begin: Begin, account: Account | None, password: str) -> Account:
    is_right = is_password(password, account.password_hash if account else None)
    if account and account.is_active and is_right:
        return account
    if account:
        with begin() as refusal:
            subject = str(account.user_id)
            refusal.record(Act(account.organization_id, f"user:{subject}", "session.refused", subject))
    raise SignInRefused("The e-mail address or the password is wrong.")
