"""Why an enrolment or a device token is refused."""

from syncserver.identity.errors import NotAllowed, NotSignedIn
from syncserver.kit.errors import ServerError


class EnrolmentCodeRefused(NotAllowed):
    """The code is unknown, over, or was used by another device."""

    code = "enrolment_code_refused"


class DeviceKnown(ServerError):
    """A device with this id is enrolled already, with another key or elsewhere."""

    code = "device_known"
    status = 409


class DeviceNotProven(NotSignedIn):
    """The device is unknown, or the signature is not its own."""

    code = "device_not_proven"
