"""One sync round: everything that waits in the outbox is sent, batch by batch, then what is new is fetched."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import httpx

from desktop.errors import NotConnected, ServerError, ServerRefused
from desktop.events import SyncFinished
from desktop.journey.sync import fork
from desktop.journey.sync.door import Door
from desktop.journey.sync.pack import Push, pack
from desktop.journey.sync.pull import Fetch
from desktop.journey.sync.server import Refusal, Server
from desktop.vault import ancestry, device, feed, outbox, receipts
from desktop.vault.connection import Vault
from desktop.vault.device import ServerLink
from shared.audit import Receipt
from shared.wire.v1.policy import ServerSees
from shared.wire.v1.sync import AuditReceipt, PushAnswer


@dataclass(frozen=True, slots=True)
class Round:
    """How a round went: operations `sent` and still `waiting`, changes `fetched` by one that went well.

    `fault` is None when nothing is left to do. `note` is a sentence where the device goes on under another identity."""

    sent: int
    waiting: int
    fetched: int
    fault: ServerError | None
    note: str | None = None

    @property
    def news(self) -> SyncFinished:
        """What is told of it."""
        message, code = (self.fault.message, self.fault.code) if self.fault else (None, None)
        return SyncFinished(self.sent, self.waiting, message, code, self.note)


class Courier:
    """Takes rounds, one at a time, from any thread; `changed` hears of documents that were corrected elsewhere.

    `transport` is the way to the server, None for the network."""

    def __init__(
        self,
        vault: Vault,
        changed: Callable[[UUID], None] = lambda _: None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._vault = vault
        self._changed = changed
        self._transport = transport
        self._door = Door(vault)
        self._one_round = threading.Lock()

    def round(self) -> Round:
        """Everything that waited is with the server and what is new there is here, or `fault` says why not.

        Never raises for the server."""
        with self._one_round:
            link, fetched, fault, identity = self._link(), 0, None, self._vault.chain.device_id
            try:
                fetched = self._exchange(link)
            except ServerError as error:
                fault = error
            done = self._close_round(link, fetched, fault)
        return done if self._vault.chain.device_id == identity else replace(done, note=self._what_became())

    def note_next_try(self, seconds: float) -> None:
        """The next round is taken in so many seconds; whoever asks for the status hears of it."""
        with self._vault.act() as connection:
            if link := device.link(connection):
                device.note_next_try(connection, link, self._vault.clock() + timedelta(seconds=seconds))

    def _close_round(self, before: ServerLink | None, fetched: int, fault: ServerError | None) -> Round:
        with self._vault.act() as connection:
            if before:
                device.note_round(connection, before, self._vault.clock(), fault)
            now, last = device.link(connection), outbox.last_sequence(connection)
        began = before.accepted_through if before else 0
        through = now.accepted_through if now else began
        return Round(max(0, through - began), last - through, fetched, fault)

    def _what_became(self) -> str:
        with self._vault.read() as connection:
            return ancestry.held(connection)[-1].sentence

    def _link(self) -> ServerLink | None:
        with self._vault.read() as connection:
            return device.link(connection)

    def _exchange(self, link: ServerLink | None) -> int:
        """How many changes were fetched."""
        if link is None:
            raise NotConnected("This device is not connected to a server. Connect it first: chartdrop connect URL")
        identity = self._vault.chain.device_id
        try:
            return self._exchange_once(link)
        except Refusal as refusal:
            if not fork.go_on_anew(self._vault, link, identity, refusal):
                raise
        return self._exchange_once(self._link() or link)

    def _exchange_once(self, link: ServerLink) -> int:
        with Server(link.url, link.authority, self._transport) as server:
            fetch = Fetch(self._vault, self._door, link, self._changed)
            if self._is_first_contact() and self._next_push(link.accepted_through):
                fetch.all(server)  # what this server may see is heard before anything is sent
            self._send_all(server, link, self._accepted(link))
            fetch.all(server)
            # what was fetched stands in the audit chain, which is sent as well
            self._send_all(server, link, self._accepted(link))
        return fetch.count

    def _is_first_contact(self) -> bool:
        with self._vault.read() as connection:
            return feed.cursor(connection) is None

    def _accepted(self, before: ServerLink) -> int:
        """Through which operation the server of `before` is taken to hold everything by now."""
        with self._vault.read() as connection:
            now = device.link(connection)
            is_still = device.link_is_still(connection, before)
        return now.accepted_through if now and is_still else before.accepted_through

    def _send_all(self, server: Server, link: ServerLink, through: int) -> None:
        """The server holds everything that follows `through`."""
        came_back = False
        while (push := self._next_push(through)) is not None:
            try:
                answer = self._pushed(server, push)
                through = answer.accepted_through
            except Refusal as refusal:
                held = refusal.problem.accepted_through
                if refusal.problem_code != "sequence_gap" or held is None or came_back:
                    raise
                answer = PushAnswer(accepted_through=held)  # another server, or one restored from a backup
                # its last row goes again: were it another than ours, two histories would become one unseen
                through, came_back = max(held - 1, 0), True
            self._note(link, answer)

    def _next_push(self, through: int) -> Push | None:
        with self._vault.read() as connection:
            rows = outbox.after(connection, through)
            if feed.policy(connection).server_sees is ServerSees.METADATA:
                rows = map(outbox.withheld, rows)
            return pack(rows)

    def _pushed(self, server: Server, push: Push) -> PushAnswer:
        answer = self._door.send(server, "/api/v1/sync/push", push.body, PushAnswer, "gzip")
        if answer.accepted_through < push.last:
            raise ServerRefused(f"The server at {server.url} took only a part of what was sent. Try again later.")
        through = min(answer.accepted_through, self._last_sequence())
        return answer.model_copy(update={"accepted_through": through})

    def _note(self, link: ServerLink, answer: PushAnswer) -> None:
        """What was accepted is noted even where the receipt is refused: the server does hold it."""
        receipt = _receipt(answer.audit_receipt) if answer.audit_receipt else None
        is_wrong = receipt is not None and not is_receipt_of(link, self._vault.chain.device_id, receipt)
        with self._vault.act() as connection:
            device.note_accepted(connection, link, answer.accepted_through)
            if receipt and not is_wrong:
                if link.audit_key is None:
                    device.note_audit_key(connection, link, receipt.server_key)
                receipts.keep(connection, receipt)
        if is_wrong:
            raise ServerRefused(
                f"The server at {link.url} countersigned the audit chain with a key or for a device that is not the "
                "right one. What was sent is there, but is it your server? Ask its administrator.",
                "audit_receipt_wrong",
            )

    def _last_sequence(self) -> int:
        with self._vault.read() as connection:
            return outbox.last_sequence(connection)


def is_receipt_of(link: ServerLink, device_id: str, receipt: Receipt) -> bool:
    """Whether the server of `link` signed `receipt`, for this device."""
    is_its_key = link.audit_key in (None, receipt.server_key)
    return is_its_key and receipt.chain == device_id and receipt.is_genuine()


def _receipt(signed: AuditReceipt) -> Receipt:
    return Receipt(str(signed.chain), signed.sequence, signed.digest, signed.at, signed.server_key, signed.signature)
