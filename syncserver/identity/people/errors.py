"""Why a registration is refused."""

from syncserver.kit.errors import ServerError


class EmailTaken(ServerError):
    """An account with this e-mail address exists."""

    code = "email_taken"
    status = 409


class PasswordRefused(ServerError):
    """The password is too short, or among the first that anybody tries."""

    code = "password_refused"
    status = 422
