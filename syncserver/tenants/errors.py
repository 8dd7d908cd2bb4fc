"""What an organization does not want of its server."""

from syncserver.kit.errors import ServerError


class ContentNotWanted(ServerError):
    """The organization lets this server see metadata only, and this is more than that."""

    code = "content_not_wanted"
    status = 422
