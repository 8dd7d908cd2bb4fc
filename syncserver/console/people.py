"""The organization's people: invited, given a role, let go; codes for who forgot a password."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from syncserver.console.forms import REFUSALS, GivenForm, TheForm, refusal_of
from syncserver.console.rendering import done, older, page, refused
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AdministratorVisit, Visit
from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.invitations import service as invitations
from syncserver.identity.invitations.schemas import InvitationMade, InvitationRequest
from syncserver.identity.members import service as members
from syncserver.identity.members.schemas import UserChange
from syncserver.identity.passwords import service as passwords
from syncserver.identity.second_factor import service as second_factor
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.errors import ServerError
from syncserver.kit.idempotency import Once
from syncserver.kit.mail import TheMailer
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.tenancy import only

HERE = "/console/people"
_WAITING_SHOWN = 100

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Refused:
    """An invitation that was not made: what was asked, and why not."""

    email: str
    role: str
    problem: str
    status: int


@router.get("")
def show_people(
    request: Request, visit: AdministratorVisit, session: ReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """Who belongs to the organization, and who is invited."""
    return _listed(request, visit, session, cursor)


def _listed(
    request: Request, visit: Visit, session: Session, cursor: str | None = None, was_refused: Refused | None = None
) -> Response:
    found = members.page(session, visit.organization_id, cursor, DEFAULT_LIMIT)
    waiting = invitations.page(session, visit.organization_id, visit.now, None, _WAITING_SHOWN).items
    return page(
        request,
        "people",
        was_refused.status if was_refused else 200,
        people=found.items,
        older=older(request, found.next_cursor),
        invitations=waiting,
        refused=was_refused,
    )


@router.post("/invitations")
def invite(
    request: Request,
    visit: ActingAdministrator,
    form: TheForm,
    database: TheDatabase,
    begin: BeginTransaction,
    keys: TheKeys,
    mailer: TheMailer,
    later: BackgroundTasks,
) -> Response:
    """An invitation, by e-mail or with a code that is shown now."""
    try:
        wanted = form.as_wanted(InvitationRequest, email=form.text("email"), role=form.text("role"))
        with begin(only(visit.organization_id)) as transaction:
            scope = f"invitations:{visit.access.actor}"
            once = Once(transaction.session, transaction.now, keys.answers, scope, form.once_key())
            made = once.answer(wanted, InvitationMade, lambda: invitations.invite(transaction, visit.access, wanted))
            mail = invitations.invitation_mail(transaction.session, visit.organization_id, made)
    except REFUSALS as error:
        with database.reading(only(visit.organization_id)) as session:
            return _listed(request, visit, session, was_refused=_refusal(form, error))
    if mailer is None:
        return page(request, "invited", made=made)
    later.add_task(mailer.send, mail)
    told = done(request, HERE, f"An invitation is on its way to {made.email}.")
    told.background = later
    return told


def _refusal(form: GivenForm, error: ServerError | ValidationError) -> Refused:
    known = refusal_of(error)
    return Refused(form.text("email"), form.text("role"), known.message, known.status)


@router.post("/invitations/{invitation_id}/take-back")
def take_back(
    request: Request, invitation_id: UUID, visit: ActingAdministrator, transaction: WriteTransaction
) -> Response:
    """The invitation opens nothing any more."""
    invitations.take_back(transaction, visit.access, invitation_id)
    return done(request, HERE, "The invitation was taken back: its code opens nothing any more.")


@router.get("/{user_id}")
def show_person(request: Request, user_id: UUID, visit: AdministratorVisit, session: ReadSession) -> Response:
    """One person, and what can be done about them."""
    return page(request, "person", person=members.view(session, visit.organization_id, user_id))


@router.post("/{user_id}/role")
def change_role(
    request: Request, user_id: UUID, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The person has this role."""
    wanted = form.as_wanted(UserChange, role=form.text("role"))
    changed = members.change(transaction, visit.access, user_id, wanted)
    return done(request, f"{HERE}/{user_id}", f"{changed.full_name} has the role now.")


@router.post("/{user_id}/activity")
def change_activity(
    request: Request, user_id: UUID, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The person may sign in, or not any more."""
    here, is_active = f"{HERE}/{user_id}", form.flag("is_active")
    if not is_active and not form.flag("sure"):
        return refused(request, here, "Nothing was changed: tick the box to say that you mean this person.")
    changed = members.change(transaction, visit.access, user_id, UserChange(is_active=is_active))
    told = "may sign in again" if is_active else "was put out: sessions have ended and keys open nothing"
    return done(request, here, f"{changed.full_name} {told}.")


@router.post("/{user_id}/password-reset")
def issue_reset(request: Request, user_id: UUID, visit: ActingAdministrator, transaction: WriteTransaction) -> Response:
    """A code that sets the person's password once, shown now."""
    user = members.in_reach(transaction.session, visit.access, user_id)
    issued = passwords.issue_reset(transaction, user.organization_id, user.id, visit.access.actor)
    return page(
        request, "reset_issued", person=members.view(transaction.session, user.organization_id, user.id), issued=issued
    )


@router.post("/{user_id}/second-factor")
def take_second_factor_away(
    request: Request, user_id: UUID, visit: ActingAdministrator, transaction: WriteTransaction
) -> Response:
    """The person, who lost phone and codes, signs in by password alone."""
    user = members.in_reach(transaction.session, visit.access, user_id)
    second_factor.take_away(transaction, user.organization_id, user.id, visit.access.actor)
    return done(request, f"{HERE}/{user_id}", "The second factor was taken away. Have them set up a new one.")
