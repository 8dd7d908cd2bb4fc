"""One act, written down: who, when, what, on what. Identifiers and counts only, nothing about a patient."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import rfc8785

Detail = str | int | bool
_EXACT = 2**53  # RFC 8785, section 3.2.2.3
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


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
        if _is_plain(self):
            return _PLAIN(_members(self)).encode()
        return rfc8785.dumps(asdict(self))


def _members(entry: AuditEntry) -> dict[str, object]:
    """By hand: `asdict`, which copies deep, took longer than all else that is done with an entry but its signature."""
    return {
        "chain": entry.chain,
        "sequence": entry.sequence,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "previous": entry.previous,
        "details": entry.details,
    }


def _is_plain(entry: AuditEntry) -> bool:
    """Whether Python's own encoder, five times as fast, spells the entry as RFC 8785 does: members in the order of
    their names, where these are ASCII; numbers as they are, where JavaScript can hold them."""
    return (
        type(entry.details) is dict
        and all(type(name) is str and name.isascii() for name in entry.details)
        and all(
            type(value) in (str, bool) or (type(value) is int and abs(value) < _EXACT)
            for value in (entry.sequence, *entry.details.values())
        )
    )


def digest_of(canonical: bytes) -> str:
    """SHA-256 of an entry's canonical bytes, in lower-case hexadecimal."""
    return hashlib.sha256(canonical).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """An entry, its SHA-256 and the device's Ed25519 signature of its canonical bytes, both hexadecimal."""

    entry: AuditEntry
    digest: str
    signature: str


def entry_to_json(signed: SignedEntry) -> str:
    """`signed` as one line of JSON."""
    return json.dumps(
        {**_members(signed.entry), "digest": signed.digest, "signature": signed.signature},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def entry_from_json(line: str) -> SignedEntry:
    """What `entry_to_json` wrote, to the letter. Raises ValueError or TypeError when `line` is anything else."""
    try:
        members = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(members, dict):
        raise TypeError("not an object")
    digest, signature = members.pop("digest", ""), members.pop("signature", "")
    signed = SignedEntry(AuditEntry(**members), digest, signature)
    _check_types(signed)
    # One entry has one spelling: a member said twice or a number written otherwise would be read in two ways.
    if entry_to_json(signed) != line:
        raise ValueError("not the spelling of an entry")
    return signed


def _check_types(signed: SignedEntry) -> None:
    entry = signed.entry
    named = (entry.at, entry.chain, entry.actor, entry.action, entry.subject, entry.previous)
    if type(entry.sequence) is not int or type(entry.details) is not dict:
        raise TypeError("a member of another type")
    if any(type(text) is not str for text in (*named, signed.digest, signed.signature)):
        raise TypeError("a member of another type")
    if any(type(detail) not in (str, int, bool) for detail in entry.details.values()):
        raise TypeError("a detail of another type")
