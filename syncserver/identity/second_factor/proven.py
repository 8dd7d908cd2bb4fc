"""What changes one's second factor, at the edge: each proof of who asks is counted and kept, whatever becomes of it."""

from syncserver.events.transaction import Begin
from syncserver.identity.access import Access
from syncserver.identity.passwords import proof
from syncserver.identity.second_factor import service
from syncserver.identity.second_factor.schemas import Confirmation, RecoveryCodes, Removal, SetUp, SetUpRequest
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only


def begin_set_up(begin: Begin, keys: ServerKeys, access: Access, wanted: SetUpRequest) -> SetUp:
    """A secret for the person's app. Raises PasswordWrong, SecondFactorOn, TooManyRequests."""
    account = proof.prove(begin, access.user_id, wanted.password.get_secret_value())
    with begin(only(access.organization_id)) as transaction:
        return service.begin(transaction, keys, access.organization_id, access.user_id, account.email)


def confirm(begin: Begin, keys: ServerKeys, access: Access, wanted: Confirmation) -> RecoveryCodes:
    """The second factor is on. Raises SecondFactorMissing, SecondFactorOn, CodeRefused, TooManyRequests."""
    proof.count(begin, access.user_id)
    with begin(only(access.organization_id)) as transaction:
        return service.confirm(transaction, keys, access.user_id, wanted.otp)


def renew_codes(begin: Begin, keys: ServerKeys, access: Access, wanted: Confirmation) -> RecoveryCodes:
    """Fresh recovery codes alone open. Raises SecondFactorMissing, CodeRefused, TooManyRequests."""
    proof.count(begin, access.user_id)
    with begin(only(access.organization_id)) as transaction:
        return service.renew_codes(transaction, keys, access.user_id, wanted.otp)


def remove(begin: Begin, keys: ServerKeys, access: Access, wanted: Removal) -> None:
    """The password alone opens. Raises PasswordWrong, SecondFactorMissing, CodeRefused, TooManyRequests."""
    proof.prove(begin, access.user_id, wanted.password.get_secret_value())
    with begin(only(access.organization_id)) as transaction:
        service.remove(transaction, keys, access.user_id, wanted.otp)
