"""Why an audit entry is refused."""

from syncserver.kit.errors import ServerError


class AuditChainBroken(ServerError):
    """The entry does not continue its device's chain under its key."""

    code = "audit_chain_broken"
    status = 422
