"""The way to the server's sync routes: with the device's short-lived token, a new one where it ran out."""

import secrets
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from desktop.journey.sync.fork import introduction
from desktop.journey.sync.revoked import fault_of
from desktop.journey.sync.server import Refusal, Server
from desktop.vault import outbox
from desktop.vault.connection import Vault
from shared.crypto.signing import sign
from shared.wire.v1.devices import TOKEN_CONTEXT, Challenge, ChallengeRequest, DeviceToken, Enrolment, TokenRequest
from shared.wire.v1.values import NONCE_BYTES

_UNAUTHORIZED = 401
_REVOKED = "device_revoked"
_UNKNOWN = "device_not_proven"

Answer = TypeVar("Answer", bound=BaseModel)


class Door:
    """Sends as this device; keeps its token between rounds."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._token: tuple[str, str, str] | None = None  # of which server and identity, and the token

    def send(self, server: Server, path: str, body: bytes, answer: type[Answer], encoding: str = "") -> Answer:
        """The server's answer to the JSON in `body`, which is encoded as `encoding` says."""
        try:
            return self._sent(server, path, body, answer, encoding)
        except Refusal as refusal:
            if refusal.status != _UNAUTHORIZED and refusal.problem_code != _REVOKED:
                raise
            self._token = None  # it ran out, by the server's clock; or the next one is refused with a signature
            return self._sent(server, path, body, answer, encoding)

    def _sent(self, server: Server, path: str, body: bytes, answer: type[Answer], encoding: str) -> Answer:
        headers = {"Authorization": f"Bearer {self._authorized(server)}", "Content-Type": "application/json"}
        return server.send(path, body, answer, headers | ({"Content-Encoding": encoding} if encoding else {}))

    def _authorized(self, server: Server) -> str:
        if self._token and self._token[:2] == (server.url, self._vault.chain.device_id):
            return self._token[2]
        try:
            return self._proven(server)
        except Refusal as refusal:
            request = introduction(self._vault) if refusal.problem_code == _UNKNOWN else None
            if request is None:
                raise
        server.post("/api/v1/sync/succession", request, Enrolment)
        return self._proven(server)

    def _proven(self, server: Server) -> str:
        """A token for who this device is."""
        pen = self._vault.chain
        device_id = UUID(pen.device_id)
        challenge = server.post("/api/v1/devices/challenge", ChallengeRequest(device_id=device_id), Challenge).challenge
        signature = sign(pen.signing_key, TOKEN_CONTEXT + challenge.encode()).hex()
        with self._vault.read() as connection:
            last = outbox.last_sequence(connection)
        nonce = secrets.token_hex(NONCE_BYTES)
        proof = TokenRequest(
            device_id=device_id, challenge=challenge, signature=signature, nonce=nonce, last_sequence=last
        )
        try:
            token = server.post("/api/v1/devices/token", proof, DeviceToken).access_token
        except Refusal as refusal:
            raise fault_of(self._vault, server.url, refusal, nonce) from refusal
        self._token = server.url, pen.device_id, token
        return token
