"""Changing and resetting passwords: every other way in that the old one opened is closed."""

from datetime import timedelta
from uuid import UUID

from syncserver.events.transaction import Act, Transaction
from syncserver.identity.passwords import repository
from syncserver.identity.passwords.errors import ResetRefused
from syncserver.identity.passwords.models import PasswordReset
from syncserver.identity.passwords.schemas import ResetIssued
from syncserver.identity.people import service as people
from syncserver.identity.people.service import Account
from syncserver.identity.sessions import service as sessions
from syncserver.kit.mail import Mail
from syncserver.kit.opaque import digest, new_token

_LIFETIME = timedelta(hours=1)
_PREFIX = "pr_"


def change(transaction: Transaction, account: Account, password_hash: str, this_session: UUID | None) -> None:
    """The person has this password; every session but this one is ended."""
    _set(transaction, account.organization_id, account.user_id, password_hash)
    sessions.end_all(transaction, account.organization_id, account.user_id, but=this_session)
    _record(transaction, account.organization_id, account.user_id, f"user:{account.user_id}", "password.changed")


def issue_reset(transaction: Transaction, organization_id: UUID, user_id: UUID, actor: str) -> ResetIssued:
    """A token that sets the person's password within an hour; one issued before does so no more."""
    token, expires_at = new_token(_PREFIX), transaction.now + _LIFETIME
    row = PasswordReset(digest=digest(token), organization_id=organization_id, user_id=user_id, expires_at=expires_at)
    repository.replace(transaction.session, row)
    _record(transaction, organization_id, user_id, actor, "password.reset_issued")
    return ResetIssued(token=token, expires_at=expires_at)


def resettable(transaction: Transaction, token: str) -> Account:
    """Whose password the token may set. Raises ResetRefused."""
    row = repository.live(transaction.session, digest(token), transaction.now)
    account = people.account_of(transaction.session, row.user_id) if row else None
    if account is None or not account.is_active:
        raise ResetRefused("This token is unknown, was used, or is over: it lasts an hour. Ask for a new one.")
    return account


def reset(transaction: Transaction, token: str, password_hash: str) -> None:
    """The token's person has this password, and every session is ended. Raises ResetRefused."""
    account = resettable(transaction, token)
    _set(transaction, account.organization_id, account.user_id, password_hash)
    sessions.end_all(transaction, account.organization_id, account.user_id)
    _record(transaction, account.organization_id, account.user_id, f"user:{account.user_id}", "password.reset")


def reset_mail(email: str, issued: ResetIssued) -> Mail:
    """What tells the person the token."""
    text = (
        "Somebody, probably you, asked for a new password of your Chartdrop account.\n\n"
        f"Your code, good for an hour and once: {issued.token}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    )
    return Mail(email, "A new password for Chartdrop", text)


def _set(transaction: Transaction, organization_id: UUID, user_id: UUID, password_hash: str) -> None:
    people.keep_hash(transaction.session, organization_id, user_id, password_hash)
    repository.forget(transaction.session, user_id)


def _record(transaction: Transaction, organization_id: UUID, user_id: UUID, actor: str, action: str) -> None:
    transaction.record(Act(organization_id, actor, action, str(user_id)))
