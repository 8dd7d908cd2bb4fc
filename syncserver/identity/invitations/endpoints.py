"""`/api/v1/invitations`."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks

from syncserver.events.transaction import BeginTransaction, ServerTransaction, WriteTransaction
from syncserver.identity.access import AdministratorAccess
from syncserver.identity.invitations import service
from syncserver.identity.invitations.schemas import Acceptance, InvitationMade, InvitationRequest, InvitationView
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.identity.people.schemas import Person
from syncserver.kit.edge import Address, ReadSession, TheClock, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.mail import TheMailer
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/api/v1/invitations", tags=["people"])


@router.post("", status_code=201, responses=documented(401, 403, 409, 422))
def invite(
    request: InvitationRequest,
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    mailer: TheMailer,
    later: BackgroundTasks,
    idempotency_key: IdempotencyKey = None,
) -> InvitationMade:
    """Invites somebody into the organization (owners and admins): by e-mail, or with a token to hand over."""

    def act() -> InvitationMade:
        made = service.invite(transaction, access, request)
        if mailer is None:
            return made
        later.add_task(mailer.send, service.invitation_mail(transaction.session, access.organization_id, made))
        return made.model_copy(update={"token": None})

    once = Once(transaction.session, transaction.now, keys.answers, f"invitations:{access.actor}", idempotency_key)
    return once.answer(request, InvitationMade, act)


@router.get("", responses=documented(401, 403, 422))
def list_invitations(
    access: AdministratorAccess,
    session: ReadSession,
    clock: TheClock,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[InvitationView]:
    """The organization's invitations that wait (owners and admins), the newest first."""
    return service.page(session, access.organization_id, clock(), cursor, limit)


@router.delete("/{invitation_id}", status_code=204, responses=documented(401, 403, 404, 422))
def take_invitation_back(invitation_id: UUID, access: AdministratorAccess, transaction: WriteTransaction) -> None:
    """Takes an invitation back (owners and admins): its token opens nothing any more."""
    service.take_back(transaction, access, invitation_id)


@router.post("/accept", status_code=201, responses=documented(403, 409, 422, 429))
def accept_invitation(
    acceptance: Acceptance,
    begin: BeginTransaction,
    transaction: ServerTransaction,
    keys: TheKeys,
    address: Address,
    idempotency_key: IdempotencyKey = None,
) -> Person:
    """Joins the organization that the token invites to. Open to everybody who holds one."""
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"accept:{address}", free=20, longest_wait_s=60),))
    password = acceptance.password.get_secret_value()

    def act() -> Person:
        invited = service.invited(transaction, acceptance.token)
        words = people.personal_words(invited.email, acceptance.full_name, invited.organization_name)
        check_password(password, words)
        return service.accept(transaction, acceptance.token, acceptance.full_name, password_hash)

    password_hash = hash_password(password)  # 0.1 s, before the transaction holds a lock
    once = Once(transaction.session, transaction.now, keys.answers, "accept", idempotency_key)
    return once.answer(acceptance, Person, act)
