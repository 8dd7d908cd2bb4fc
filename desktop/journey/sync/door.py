"""The way to the server's sync routes: with the device's short-lived token, a new one where it ran out."""

from typing import TypeVar

from pydantic import BaseModel

from desktop.journey.sync.server import Refusal, Server
from desktop.vault.connection import Vault
from shared.crypto.signing import sign
from shared.wire.v1.devices import TOKEN_CONTEXT, Challenge, ChallengeRequest, DeviceToken, TokenRequest

_UNAUTHORIZED = 401

Answer = TypeVar("Answer", bound=BaseModel)


class Door:
    """Sends as this device; keeps its token between rounds."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._token: tuple[str, str] | None = None  # of which server, and the token

    def send(self, server: Server, path: str, body: bytes, answer: type[Answer], encoding: str = "") -> Answer:
        """The server's answer to the JSON in `body`, which is encoded as `encoding` says."""
        try:
            return self._sent(server, path, body, answer, encoding)
        except Refusal as refusal:
            if refusal.status != _UNAUTHORIZED:
                raise
            self._token = None  # it ran out, by the server's clock
            return self._sent(server, path, body, answer, encoding)

    def _sent(self, server: Server, path: str, body: bytes, answer: type[Answer], encoding: str) -> Answer:
        headers = {"Authorization": f"Bearer {self._authorized(server)}", "Content-Type": "application/json"}
        return server.send(path, body, answer, headers | ({"Content-Encoding": encoding} if encoding else {}))

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
