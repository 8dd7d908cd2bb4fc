"""Why an invitation does not open."""

from syncserver.identity.errors import NotAllowed


class InvitationRefused(NotAllowed):
    """The token is unknown, over, was used or taken back."""

    code = "invitation_refused"
