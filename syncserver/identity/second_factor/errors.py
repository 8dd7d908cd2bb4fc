"""Why a second factor is not set up."""

from syncserver.identity.errors import NotAllowed
from syncserver.kit.errors import ServerError


class SecondFactorOn(ServerError):
    """There is one already."""

    code = "second_factor_on"
    status = 409


class SecondFactorMissing(ServerError):
    """There is none, or its set-up was not begun."""

    code = "second_factor_missing"
    status = 409


class CodeRefused(NotAllowed):
    """The code is not the one that the app shows."""

    code = "code_refused"
