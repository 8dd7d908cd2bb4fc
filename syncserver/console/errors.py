"""Why a page is not shown, or a form not taken."""

from syncserver.identity.errors import NotSignedIn
from syncserver.kit.errors import ServerError


class SignInFirst(NotSignedIn):
    """Nobody is signed in in this browser, or not any more: the message says which."""

    code = "sign_in_first"


class FormNotOurs(ServerError):
    """The form did not come from a page that this browser was given."""

    code = "form_not_ours"
    status = 403
