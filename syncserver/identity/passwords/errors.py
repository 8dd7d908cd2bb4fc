"""Why a password stays as it was."""

from syncserver.identity.errors import NotAllowed


class PasswordWrong(NotAllowed):
    """The password given as the present one is not."""

    code = "password_wrong"


class ResetRefused(NotAllowed):
    """The token is unknown, over, or was used."""

    code = "reset_refused"
