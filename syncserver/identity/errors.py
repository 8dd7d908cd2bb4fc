"""Why somebody is not let in."""

from syncserver.kit.errors import ServerError


class NotSignedIn(ServerError):
    """No credentials, or none that are valid now."""

    code = "not_signed_in"
    status = 401


class NotAllowed(ServerError):
    """Signed in, but the role or the key's scopes do not reach that far."""

    code = "not_allowed"
    status = 403


class DeviceRevoked(ServerError):
    """The device was revoked; it stays so."""

    code = "device_revoked"
    status = 403
