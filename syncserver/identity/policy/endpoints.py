"""`/api/v1/policy`."""

from fastapi import APIRouter

from shared.wire.v1.policy import PolicyState
from syncserver.events.transaction import WriteTransaction
from syncserver.identity.access import AdministratorAccess, SignedInAccess
from syncserver.identity.policy import service
from syncserver.identity.policy.schemas import PolicyChange
from syncserver.kit.edge import ReadSession
from syncserver.kit.problems import documented
from syncserver.tenants import service as tenants

router = APIRouter(prefix="/api/v1/policy", tags=["devices"], responses=documented(401, 403, 422))


@router.get("")
def get_policy(access: SignedInAccess, session: ReadSession) -> PolicyState:
    """What the organization lays down for its devices."""
    return tenants.policy(session, access.organization_id)


@router.patch("")
def change_policy(wanted: PolicyChange, access: AdministratorAccess, transaction: WriteTransaction) -> PolicyState:
    """Changes what the organization lays down for its devices (owners and admins); what the server may see (owners).

    With `server_sees: "metadata"`, devices send no values, texts and file names from their next pull on, and the server
    refuses them; what it holds already stays."""
    return service.change(transaction, access, wanted)
