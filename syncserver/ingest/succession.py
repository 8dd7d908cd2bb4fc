"""A device that goes on under another identity, from where both histories are the same (PROTOCOL.md, section 8)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from shared.wire.v1.devices import Enrolment
from shared.wire.v1.succession import SharedRow, SuccessionRequest
from syncserver.audit import service as audit
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity.devices import service as devices
from syncserver.identity.devices.service import LiveDevice
from syncserver.ingest import repository
from syncserver.kit.secret import ServerKeys


def succeed(transaction: Transaction, keys: ServerKeys, request: SuccessionRequest) -> Enrolment:
    """The successor is enrolled in the device's organization; said again, the same.

    Raises DeviceNotProven, DeviceRevoked, DeviceKnown."""
    device = devices.proven_predecessor(transaction, request)
    if not devices.is_enrolled(transaction.session, device, request):
        _begin(transaction, device, request)
    return devices.enrolment_of(transaction, keys, device.organization_id, request.successor_id)


def _begin(transaction: Transaction, device: LiveDevice, request: SuccessionRequest) -> None:
    row = _last_shared(transaction.session, device, request.shared)
    wanted = row.audit_length if row else 0
    after = audit.begin_chain(transaction.session, device, request.successor_id, wanted)
    # Rows are told by their own ids: where the chain must come from its beginning, so do all of them.
    devices.add_successor(transaction, device, request, row.sequence if row and after == wanted else 0)
    details: dict[str, Detail] = {"predecessor": str(device.id), "after": after}
    actor = f"device:{device.id}"
    transaction.record(Act(device.organization_id, actor, audit.SUCCEEDED, str(request.successor_id), details))


def _last_shared(session: Session, device: LiveDevice, rows: Sequence[SharedRow]) -> SharedRow | None:
    """The last row that this server holds under the same number and id: then so does it all before (an outbox only
    grows, and an id is given once)."""
    held = repository.operation_ids(session, device.organization_id, device.identities, [row.sequence for row in rows])
    same = [row for row in rows if (row.sequence, row.operation_id) in held]
    return max(same, key=lambda row: row.sequence, default=None)
