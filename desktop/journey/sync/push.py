"""One sync round: everything that waits in the outbox is sent, batch by batch, as PROTOCOL.md says."""

import threading
from dataclasses import dataclass

from desktop.errors import NotConnected, ServerError, ServerRefused
from desktop.journey.sync.pack import Push, pack
from desktop.journey.sync.server import Refusal, Server
from desktop.vault import device, outbox, receipts
from desktop.vault.connection import Vault
from desktop.vault.device import ServerLink
from shared.audit import Receipt
from shared.crypto.signing import sign
from shared.wire.v1.devices import TOKEN_CONTEXT, Challenge, ChallengeRequest, DeviceToken, TokenRequest
from shared.wire.v1.sync import AuditReceipt, PushAnswer

_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Round:
    """How a round went: operations `sent` and still `waiting`; `fault` is None when nothing is left to do."""

    sent: int
    waiting: int
    fault: ServerError | None


class Courier:
    """Takes rounds, one at a time, from any thread; keeps the device's short-lived token between them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._token: tuple[str, str] | None = None  # of which server, and the token
        self._one_round = threading.Lock()

    def round(self) -> Round:
        """Everything that waited is with the server, or `fault` says why not. Never raises for the server."""
        with self._one_round:
            link, fault = self._link(), None
            try:
                self._send_all(link)
            except ServerError as error:
                fault = error
            return self._close_round(link, fault)

    def _close_round(self, before: ServerLink | None, fault: ServerError | None) -> Round:
        with self._vault.act() as connection:
            if before:
                device.note_round(connection, before, self._vault.clock(), fault.message if fault else None)
            now, last = device.link(connection), outbox.last_sequence(connection)
        began = before.accepted_through if before else 0
        through = now.accepted_through if now else began
        return Round(max(0, through - began), last - through, fault)

    def _link(self) -> ServerLink | None:
        with self._vault.read() as connection:
            return device.link(connection)

    def _send_all(self, link: ServerLink | None) -> None:
        if link is None:
            raise NotConnected("This device is not connected to a server. Connect it first: chartdrop connect URL")
        with Server(link.url) as server:
            through, came_back = link.accepted_through, False
            while (push := self._next_push(through)) is not None:
                try:
                    answer = self._pushed(server, push)
                    through = answer.accepted_through
                except Refusal as refusal:
                    held = refusal.problem.accepted_through
                    if refusal.problem_code != "sequence_gap" or held is None or came_back:
                        raise
                    answer = PushAnswer(accepted_through=held)  # another server, or one restored from a backup
                    through, came_back = held, True
                self._note(link, answer)

    def _next_push(self, through: int) -> Push | None:
        with self._vault.read() as connection:
            return pack(outbox.after(connection, through))

    def _pushed(self, server: Server, push: Push) -> PushAnswer:
        try:
            answer = self._send(server, push, self._authorized(server))
        except Refusal as refusal:
            if refusal.status != _UNAUTHORIZED:
                raise
            self._token = None  # it ran out, by the server's clock
            answer = self._send(server, push, self._authorized(server))
        if answer.accepted_through < push.last:
            raise ServerRefused(f"The server at {server.url} took only a part of what was sent. Try again later.")
        through = min(answer.accepted_through, self._last_sequence())
        return answer.model_copy(update={"accepted_through": through})

    def _send(self, server: Server, push: Push, token: str) -> PushAnswer:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }
        return server.send("/api/v1/sync/push", push.body, PushAnswer, headers)

    def _authorized(self, server: Server) -> str:
        if self._token and self._token[0] == server.url:
            return self._token[1]
        device_id = self._vault.device_id
        challenge = server.post("/api/v1/devices/challenge", ChallengeRequest(device_id=device_id), Challenge).challenge
        signature = sign(self._vault.chain.signing_key, TOKEN_CONTEXT + challenge.encode()).hex()
        proof = TokenRequest(device_id=device_id, challenge=challenge, signature=signature)
        token = server.post("/api/v1/devices/token", proof, DeviceToken).access_token
        self._token = server.url, token
        return token

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
