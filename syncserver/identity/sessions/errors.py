"""Why a sign-in or a refresh is refused."""

from syncserver.identity.errors import NotSignedIn


class SignInRefused(NotSignedIn):
    """The address or the password is wrong; which one is not told."""

    code = "sign_in_refused"


class SecondFactorNeeded(NotSignedIn):
    """The password is right, and a code of the person's app is asked for."""

    code = "second_factor_needed"


class SecondFactorRefused(NotSignedIn):
    """The password is right, the code is wrong or was used before."""

    code = "second_factor_refused"


class RefreshRefused(NotSignedIn):
    """The refresh token is unknown, over, or was used before."""

    code = "refresh_refused"
