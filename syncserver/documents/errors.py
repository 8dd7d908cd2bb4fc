"""Why a document is refused."""

from syncserver.kit.errors import ServerError


class DocumentOfAnotherDevice(ServerError):
    """A document with this id came from another device."""

    code = "document_of_another_device"
    status = 409


class JobOfDesktop(ServerError):
    """The job is a document that a desktop read: what concerns its file is the desktop's."""

    code = "job_of_desktop"
    status = 409
