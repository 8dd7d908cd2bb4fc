"""The second half of a sync round: what changed at the organization is fetched, page by page (PROTOCOL.md, 5)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection

from desktop.errors import ServerRefused
from desktop.journey.sync.corrections import Taken, take
from desktop.journey.sync.door import Door
from desktop.journey.sync.members import lock_out
from desktop.journey.sync.members import take as take_member
from desktop.journey.sync.server import Refusal, Server
from desktop.vault import audit_log, corrections, device, feed, members
from desktop.vault.connection import Vault
from desktop.vault.device import ServerLink
from shared.wire.v1 import pull
from shared.wire.v1.lease import Lease
from shared.wire.v1.policy import PolicyState
from shared.wire.v1.pull import Change, DeviceState, Op, PullAnswer, PullRequest, TemplateState

_PATH = "/api/v1/sync/pull"
_OLDER_SERVER = frozenset({404, 405})  # has no such route
_LEASE_IS_FRESH = timedelta(days=1)


class Fetch:
    """One round's fetching from the server of `link`; `count` changes have been taken over.

    `changed` hears of each document of which people elsewhere said something, once that is committed."""

    def __init__(self, vault: Vault, door: Door, link: ServerLink, changed: Callable[[UUID], None]) -> None:
        self._vault = vault
        self._door = door
        self._link = link
        self._changed = changed
        self.count = 0

    def all(self, server: Server) -> None:
        """Everything there was is applied. Raises ServerUnreachable, ServerRefused; what came before stays."""
        came_back = False
        while True:
            try:
                if not self._fetch_page(server):
                    return
            except Refusal as refusal:
                if refusal.status in _OLDER_SERVER:
                    return
                if refusal.problem_code != "resync_required" or came_back:
                    raise
                came_back = True
                self._begin_anew()

    def _fetch_page(self, server: Server) -> bool:
        """Whether there is more."""
        request = self._request()
        answer = self._door.send(server, _PATH, request.model_dump_json().encode(), PullAnswer)
        if answer.more and answer.cursor == request.cursor:
            raise ServerRefused(f"The server at {server.url} goes round in circles. Ask its administrator.")
        with self._vault.act() as connection:
            is_ours = device.link_is_still(connection, self._link) and feed.cursor(connection) == request.cursor
            # no other process fetched meanwhile, nor gave this device another server
            corrected = self._apply(connection, answer) if is_ours else set()
        for document_id in sorted(corrected):
            self._changed(document_id)
        if answer.lease and not self._is_right(answer.lease):
            raise ServerRefused(
                f"The server at {server.url} signed what this organization may use with a key or for a device that is "
                "not the right one. Nothing of that was taken over, but is it your server? Ask its administrator.",
                "lease_wrong",
            )
        return is_ours and answer.more

    def _request(self) -> PullRequest:
        with self._vault.read() as connection:
            terms = feed.terms(connection)
            is_ours = terms is not None and terms.device_id == self._vault.device_id
            is_fresh = terms is not None and is_ours and abs(self._vault.clock() - terms.at) < _LEASE_IS_FRESH
            return PullRequest(cursor=feed.cursor(connection), lease=not is_fresh)

    def _begin_anew(self) -> None:
        with self._vault.act() as connection:
            if device.link_is_still(connection, self._link):
                feed.move(connection, None)

    def _apply(self, connection: Connection, answer: PullAnswer) -> set[UUID]:
        """Documents that were corrected elsewhere."""
        taken: list[Taken] = []
        if answer.cursor and feed.cursor(connection) is None:  # its first answer, or the first of another life
            device.doubt_accepted(connection, self._link)
        for change in answer.changes:
            self.count += self._applied(connection, answer, change, taken)
        # Of known ones too: what is shown may be another by when the server took them.
        for document_id in sorted({one.document_id for one in taken}):
            corrections.refresh(connection, document_id)
        feed.move(connection, answer.cursor)
        if answer.lease and self._is_right(answer.lease):
            feed.keep_lease(connection, answer.lease)
        if not answer.more:
            self._remove_older(connection, answer.cursor.epoch if answer.cursor else None)
        return {one.document_id for one in taken if one.is_new}

    def _remove_older(self, connection: Connection, epoch: UUID | None) -> None:
        for name in feed.remove_older(connection, epoch):
            self._note(connection, "template.withdrawn", name)
        for member_id in members.remove_older(connection, epoch):
            lock_out(self._vault, connection, member_id)

    def _applied(self, connection: Connection, answer: PullAnswer, change: Change, taken: list[Taken]) -> bool:
        """Whether the change was taken over; one that this version does not understand is skipped."""
        try:
            return self._take_over(connection, answer, change, taken)
        except ValueError:  # pydantic's, or an id that is none
            return False

    def _take_over(self, connection: Connection, answer: PullAnswer, change: Change, taken: list[Taken]) -> bool:
        match change.entity, change.op:
            case ((pull.TEMPLATE | pull.PERSON), Op.PUT) if answer.cursor:
                take_over = self._put_template if change.entity == pull.TEMPLATE else self._put_member
                return take_over(connection, answer.cursor.epoch, change)
            case pull.TEMPLATE, Op.DELETE:
                return self._remove_template(connection, change.entity_id)
            case pull.DEVICE, Op.PUT if change.entity_id == self._vault.chain.device_id:
                feed.name_device(connection, DeviceState.model_validate(change.payload).name)
                return True
            case pull.POLICY, Op.PUT:
                return self._keep_policy(connection, PolicyState.model_validate(change.payload))
            case pull.CORRECTION, Op.PUT:
                if one := take(self._vault, connection, change):
                    taken.append(one)
                return one is not None and one.is_new
        return change.entity == pull.ENTITLEMENT

    def _put_member(self, connection: Connection, epoch: UUID, change: Change) -> bool:
        return take_member(self._vault, connection, epoch, change)

    def _put_template(self, connection: Connection, epoch: UUID, change: Change) -> bool:
        state = TemplateState.model_validate(change.payload)
        is_new = feed.put_template(connection, epoch, change, state)
        if is_new:
            self._note(connection, "template.fetched", change.entity_id, state.version)
        return is_new

    def _remove_template(self, connection: Connection, name: str) -> bool:
        is_gone = feed.remove_template(connection, name)
        if is_gone:
            self._note(connection, "template.withdrawn", name)
        return is_gone

    def _keep_policy(self, connection: Connection, policy: PolicyState) -> bool:
        if policy == feed.policy(connection):
            return False
        feed.keep_policy(connection, policy)
        laid_down = policy.model_dump(mode="json", exclude_none=True)
        act = audit_log.Act(audit_log.DEVICE, "policy.fetched", str(self._link.organization_id), laid_down)
        audit_log.record(connection, self._vault.chain, act)
        return True

    def _note(self, connection: Connection, action: str, name: str, version: int | None = None) -> None:
        """How documents are read is not changed without an entry in the audit chain."""
        details = {"version": version} if version else {}
        audit_log.record(connection, self._vault.chain, audit_log.Act(audit_log.DEVICE, action, name, details))

    def _is_right(self, lease: Lease) -> bool:
        try:
            terms = lease.read()
        except ValidationError:
            return False
        is_meant = (terms.device_id, terms.organization_id) == (self._vault.device_id, self._link.organization_id)
        return is_meant and self._link.audit_key in (None, lease.server_key) and lease.is_genuine()
