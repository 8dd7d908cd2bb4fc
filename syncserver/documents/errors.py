"""Why a document is refused."""

from syncserver.kit.errors import ServerError


class DocumentOfAnotherDevice(ServerError):
    """A document with this id came from another device."""

    code = "document_of_another_device"
    status = 409
