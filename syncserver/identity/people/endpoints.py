"""`/api/v1/register`."""

from fastapi import APIRouter

from syncserver.events.transaction import BeginTransaction, ServerTransaction
from syncserver.identity.people import service
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.identity.people.schemas import Person, Registration
from syncserver.identity.people.service import Newcomer
from syncserver.kit.edge import Address, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/api/v1", tags=["people"])


@router.post("/register", status_code=201, responses=documented(409, 422, 429))
def register(
    registration: Registration,
    begin: BeginTransaction,
    transaction: ServerTransaction,
    keys: TheKeys,
    address: Address,
    idempotency_key: IdempotencyKey = None,
) -> Person:
    """Registers an organization, in a free trial of 100 pages, and its owner."""
    password, organization_name = registration.password.get_secret_value(), registration.organization_name
    check_password(password, service.personal_words(registration.email, registration.full_name, organization_name))
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"register:{address}", free=100, longest_wait_s=60),))
    newcomer = Newcomer(registration.email, registration.full_name, hash_password(password))
    once = Once(transaction.session, transaction.now, keys.answers, "register", idempotency_key)
    return once.answer(registration, Person, lambda: service.register(transaction, keys, newcomer, organization_name))
