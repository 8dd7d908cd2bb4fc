"""Why nothing more is read for an organization."""

from syncserver.kit.errors import ServerError


class TrialUsedUp(ServerError):
    """The free trial's pages of this period have been read."""

    code = "trial_used_up"
    status = 402
