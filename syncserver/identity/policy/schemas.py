"""What the routes of the policy take."""

from pydantic import ConfigDict

from shared.wire.v1.policy import PolicyState


class PolicyChange(PolicyState):
    """What is to change; what is missing stays, what is null is left to the devices' own settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")
