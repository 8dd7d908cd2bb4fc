"""`/api/v1/password`."""

from fastapi import APIRouter, BackgroundTasks

from syncserver.events.transaction import BeginTransaction
from syncserver.identity.access import PersonAccess
from syncserver.identity.passwords import changing, service
from syncserver.identity.passwords.schemas import ForgottenPassword, PasswordChange, PasswordResetRequest, Sent
from syncserver.identity.people import service as people
from syncserver.kit.edge import Address
from syncserver.kit.mail import TheMailer
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/api/v1/password", tags=["passwords"], responses=documented(422, 429))


@router.post("/change", status_code=204, responses=documented(401, 403))
def change_password(request: PasswordChange, access: PersonAccess, begin: BeginTransaction) -> None:
    """Changes one's own password. Every other session of one's own is ended."""
    changing.change(begin, access.user_id, request, access.session_id)


@router.post("/forgotten", status_code=202)
def forgot_password(
    request: ForgottenPassword,
    begin: BeginTransaction,
    address: Address,
    mailer: TheMailer,
    later: BackgroundTasks,
) -> Sent:
    """Sends a token that sets a new password, if the address is that of an account. The answer tells neither.

    A server that sends no mail says so: an owner or admin of the organization can issue a token.
    """
    limits = (
        Allowance(f"forgotten:{request.email}", free=3, longest_wait_s=15 * 60),
        Allowance(f"forgotten-from:{address}", free=20, longest_wait_s=5 * 60),
    )
    with begin() as counting:
        take(counting.session, counting.now, limits)
    if mailer is None:
        return Sent(message="This server sends no e-mail. Ask an owner or admin of your organization for a code.")

    def send() -> None:
        with begin() as transaction:
            account = people.account(transaction.session, request.email)
            if account is None or not account.is_active:
                return
            actor = f"user:{account.user_id}"
            issued = service.issue_reset(transaction, account.organization_id, account.user_id, actor)
        mailer.send(service.reset_mail(account.email, issued))

    later.add_task(send)  # after the answer, which therefore takes as long for addresses that are unknown
    return Sent(message="If there is an account with this address, a code is on its way to it.")


@router.post("/reset", status_code=204, responses=documented(403))
def reset_password(request: PasswordResetRequest, begin: BeginTransaction, address: Address) -> None:
    """Sets the password of the person whom the token was issued for, and ends all of that person's sessions."""
    changing.reset(begin, request, address)
