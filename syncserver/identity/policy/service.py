"""Changing the policy: owners decide what the server may see, admins the rest."""

from shared.wire.v1.policy import PolicyState
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity.access import Access
from syncserver.identity.errors import NotAllowed
from syncserver.identity.policy.schemas import PolicyChange
from syncserver.identity.roles import Role
from syncserver.tenants import service as tenants


def change(transaction: Transaction, access: Access, wanted: PolicyChange) -> PolicyState:
    """The policy as it is now; devices hear of it when they next pull. Raises NotAllowed."""
    before = tenants.policy(transaction.session, access.organization_id)
    after = before.model_copy(update=wanted.model_dump(exclude_unset=True))
    if after.server_sees != before.server_sees and (access.role is not Role.OWNER or access.key):
        raise NotAllowed("What the server may see is for an owner of the organization to say, in person.")
    if after != before:
        details: dict[str, Detail] = after.model_dump(mode="json", exclude_none=True)
        organization = str(access.organization_id)
        transaction.record(Act(access.organization_id, access.actor, "policy.changed", organization, details))
        tenants.set_policy(transaction.session, access.organization_id, after, transaction.now)
    return after
