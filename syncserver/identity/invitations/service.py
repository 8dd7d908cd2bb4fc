"""Inviting people, and letting them join."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import Act, Transaction
from syncserver.identity.access import Access
from syncserver.identity.errors import NotAllowed
from syncserver.identity.invitations import repository
from syncserver.identity.invitations.errors import InvitationRefused
from syncserver.identity.invitations.models import Invitation
from syncserver.identity.invitations.schemas import InvitationMade, InvitationRequest, InvitationView
from syncserver.identity.people import service as people
from syncserver.identity.people.schemas import Person
from syncserver.identity.people.service import Newcomer
from syncserver.identity.roles import Role
from syncserver.kit.errors import NotFound
from syncserver.kit.mail import Mail
from syncserver.kit.opaque import digest, new_token
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.tenants import service as tenants

_LIFETIME = timedelta(days=7)
_PREFIX = "inv_"


@dataclass(frozen=True, slots=True)
class Invited:
    """To what an invitation invites."""

    email: str
    organization_name: str


def invite(transaction: Transaction, access: Access, request: InvitationRequest) -> InvitationMade:
    """An invitation for 7 days, the only one to this address. Raises NotAllowed, EmailTaken."""
    if request.role is Role.OWNER and access.role is not Role.OWNER:
        raise NotAllowed("Only an owner invites an owner.")
    repository.end_others(transaction.session, access.organization_id, request.email, transaction.now)
    token = new_token(_PREFIX)
    row = Invitation(
        id=new_id(),
        organization_id=access.organization_id,
        email=request.email,
        role=request.role,
        digest=digest(token),
        created_at=transaction.now,
        expires_at=transaction.now + _LIFETIME,
    )
    repository.add(transaction.session, row)
    transaction.record(
        Act(access.organization_id, access.actor, "invitation.made", str(row.id), {"role": request.role.value})
    )
    return InvitationMade(**InvitationView.model_validate(row).model_dump(), token=token)


def invitation_mail(session: Session, organization_id: UUID, made: InvitationMade) -> Mail:
    """What tells the invited person the token."""
    name = tenants.tenant(session, organization_id).name
    text = (
        f"{name} invites you to its Chartdrop.\n\n"
        f"Your code, good for 7 days and once: {made.token}\n\n"
        "If you do not know why, do nothing.\n"
    )
    return Mail(made.email, "An invitation to Chartdrop", text)


def invited(transaction: Transaction, token: str) -> Invited:
    """To what the token invites. Raises InvitationRefused."""
    row = _by_token(transaction, token)
    return Invited(row.email, tenants.tenant(transaction.session, row.organization_id).name)


def accept(transaction: Transaction, token: str, full_name: str, password_hash: str) -> Person:
    """The invited person belongs to the organization. Raises InvitationRefused, EmailTaken."""
    row = _by_token(transaction, token)
    people.check_free(transaction.session, row.email)
    newcomer = Newcomer(row.email, full_name, password_hash, Role(row.role))
    user_id = people.add(transaction, row.organization_id, newcomer)
    row.ended_at = transaction.now
    transaction.record(
        Act(row.organization_id, f"user:{user_id}", "invitation.accepted", str(row.id), {"user_id": str(user_id)})
    )
    people.tell(transaction, row.organization_id, user_id)
    return people.person(transaction.session, row.organization_id, user_id)


def take_back(transaction: Transaction, access: Access, invitation_id: UUID) -> None:
    """The invitation opens nothing any more. Raises NotFound."""
    row = repository.waiting(transaction.session, access.organization_id, invitation_id)
    if row is None:
        raise NotFound("There is no invitation with this id that waits.")
    row.ended_at = transaction.now
    transaction.record(Act(access.organization_id, access.actor, "invitation.taken_back", str(row.id)))


def page(
    session: Session, organization_id: UUID, now: datetime, cursor: str | None, limit: int
) -> PageOf[InvitationView]:
    """The organization's invitations that wait, the newest first."""
    rows = repository.page(session, organization_id, now, place_of(cursor), limit + 1)
    return page_of(rows, limit, InvitationView.model_validate, lambda row: (row.created_at, row.id))


def _by_token(transaction: Transaction, token: str) -> Invitation:
    row = repository.by_token(transaction.session, digest(token), transaction.now)
    if row is None:
        raise InvitationRefused("This invitation is unknown, was used or taken back, or is over: it lasts 7 days.")
    return row
