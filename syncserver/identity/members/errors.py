"""Why a person stays as they are."""

from syncserver.kit.errors import ServerError


class LastOwner(ServerError):
    """An organization needs an owner who can sign in."""

    code = "last_owner"
    status = 409
