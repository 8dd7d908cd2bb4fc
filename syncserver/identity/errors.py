"""Why somebody is not let in."""

from shared.wire.v1.statements import Revocation
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
    """The device was revoked; `revocation` is what it believes that by, where it asked with a nonce."""

    code = "device_revoked"
    status = 403

    def __init__(self, message: str, revocation: Revocation | None = None) -> None:
        super().__init__(message)
        self.revocation = revocation
