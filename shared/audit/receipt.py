"""The server's word for how far a device's chain had come: the witness against a tail cut off or written anew."""

from dataclasses import dataclass

import rfc8785

from shared.audit.verify import Head
from shared.crypto.signing import is_signed, sign, verifying_key

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
        try:
            key, signature = bytes.fromhex(self.server_key), bytes.fromhex(self.signature)
            return is_signed(key, _signed_bytes(self.chain, self.head, self.at), signature)
        except ValueError:  # no hexadecimal, or no text and number that JSON can hold
            return False


def countersign(signing_key: bytes, chain: str, head: Head, at: str) -> Receipt:
    """The receipt for `head` of `chain`, signed with the server's private key."""
    signature = sign(signing_key, _signed_bytes(chain, head, at))
    return Receipt(chain, *head, at, verifying_key(signing_key).hex(), signature.hex())


def _signed_bytes(chain: str, head: Head, at: str) -> bytes:
    sequence, digest = head
    return RECEIPT_CONTEXT + rfc8785.dumps({"at": at, "chain": chain, "digest": digest, "sequence": sequence})
