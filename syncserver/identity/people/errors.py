"""Why a registration or a sign-in is refused."""

from syncserver.identity.errors import NotSignedIn
from syncserver.kit.errors import ServerError


class EmailTaken(ServerError):
    """An account with this e-mail address exists."""

    code = "email_taken"
    status = 409


class PasswordRefused(ServerError):
    """The password is too short, or among the first that anybody tries."""

    code = "password_refused"
    status = 422


class SignInRefused(NotSignedIn):
    """The address or the password is wrong; which one is not told."""

    code = "sign_in_refused"


class RefreshRefused(NotSignedIn):
    """The refresh token is unknown, over, or was used before."""

    code = "refresh_refused"
