"""One act, written down: who, when, what, on what. Identifiers and counts only, nothing about a patient."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import rfc8785

Detail = str | int | bool


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act on one device.

    `chain` is the device's id, `sequence` counts from 1 without gaps, `at` is RFC 3339 in UTC, `previous` is the
    SHA-256 of the entry before it (64 zeros for the first), in lower-case hexadecimal.
    """

    chain: str
    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    previous: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def canonical(self) -> bytes:
        """The entry's bytes as they are hashed and signed: JSON Canonicalization Scheme (RFC 8785)."""
        return rfc8785.dumps(asdict(self))

    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in lower-case hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """An entry, its SHA-256 and the device's Ed25519 signature of its canonical bytes, both hexadecimal."""

    entry: AuditEntry
    digest: str
    signature: str


def entry_to_json(signed: SignedEntry) -> str:
    """`signed` as one line of JSON."""
    return json.dumps(
        {**asdict(signed.entry), "digest": signed.digest, "signature": signed.signature},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def entry_from_json(line: str) -> SignedEntry:
    """What `entry_to_json` wrote. Raises ValueError or TypeError when it is not of that shape."""
    members = json.loads(line)
    digest, signature = members.pop("digest", ""), members.pop("signature", "")
    return SignedEntry(AuditEntry(**members), digest, signature)
