"""Why a push is refused, whole."""

from syncserver.kit.errors import ServerError


class SequenceGap(ServerError):
    """The rows do not continue what the server holds; `accepted_through` says where to go on."""

    code = "sequence_gap"
    status = 409

    def __init__(self, message: str, accepted_through: int) -> None:
        super().__init__(message)
        self.accepted_through = accepted_through


class SequenceReused(ServerError):
    """A sequence came before with other content: the device was restored from an old backup, or is two.

    Up to `accepted_through` the push holds nothing else than what came before."""

    code = "sequence_reused"
    status = 422

    def __init__(self, message: str, accepted_through: int) -> None:
        super().__init__(message)
        self.accepted_through = accepted_through


class BodyNotReadable(ServerError):
    """The body is not of its declared encoding."""

    code = "body_not_readable"
    status = 400


class EncodingUnknown(ServerError):
    """The body's Content-Encoding is none that the route reads."""

    code = "encoding_unknown"
    status = 415
