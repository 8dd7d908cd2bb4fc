"""Why a pull is refused."""

from syncserver.kit.errors import ServerError


class ResyncRequired(ServerError):
    """The cursor is of another life of the feed, or beyond its end: this server was restored from a backup."""

    code = "resync_required"
    status = 409
