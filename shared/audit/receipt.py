"""The server's word for how far a device's chain had come: the witness against a tail cut off or written anew."""

from dataclasses import dataclass

from shared.audit.statement import is_stated, state
from shared.audit.verify import Head

RECEIPT_CONTEXT = b"chartdrop audit receipt v1\n"
"""Stands before what is signed, so that a receipt is never an entry of a chain, nor an entry a receipt."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry `sequence` of `chain` (a device's id) had `digest`, by the server's clock at `at` (RFC 3339, UTC).

    `server_key` is the server's Ed25519 public key and `signature` its signature, both hexadecimal."""

    chain: str
    sequence: int
    digest: str
    at: str
    server_key: str
    signature: str

    @property
    def head(self) -> Head:
        """What `verify_chain` compares a chain with."""
        return self.sequence, self.digest

    def is_genuine(self) -> bool:
        """Whether the holder of `server_key` signed it; whose key that is, the caller knows."""
        return is_stated(self.server_key, self.signature, RECEIPT_CONTEXT, _members(self.chain, self.head, self.at))


def countersign(signing_key: bytes, chain: str, head: Head, at: str) -> Receipt:
    """The receipt for `head` of `chain`, signed with the server's private key."""
    return Receipt(chain, *head, at, *state(signing_key, RECEIPT_CONTEXT, _members(chain, head, at)))


def _members(chain: str, head: Head, at: str) -> dict[str, str | int]:
    sequence, digest = head
    return {"at": at, "chain": chain, "digest": digest, "sequence": sequence}
