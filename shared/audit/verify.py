"""Checking a chain: the first entry that is not what its device wrote, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.audit.chain import GENESIS
from shared.audit.entry import SignedEntry, digest_of
from shared.crypto.signing import is_signed

Head = tuple[int, str]
"""How long a chain was once, and its digest then."""
Writer = tuple[str, bytes]
"""Whom entries name as their chain, and the Ed25519 public key that they are signed with."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The place (counted from 1) of the first wrong entry, and what is wrong with it."""

    position: int
    reason: str


def verify_chain(  # noqa: PLR0913, PLR0917 - whose chain, and what is known of it from elsewhere
    entries: Iterable[SignedEntry],
    device_id: str,
    public_key: bytes,
    heads: Iterable[Head] = (),
    after: Head = (0, GENESIS),
    ancestors: Sequence[Writer] = (),
) -> ChainFault | None:
    """None when every entry is whole, in order and signed by `device_id`'s key; else the first fault.

    `heads` are what somebody else holds (the store, the server's receipts): with them a chain whose tail was cut off,
    or that was written anew from end to end, is found out, which the chain alone cannot show.
    Of a chain whose first entries were given up when their time was over, `after` is the last of those.
    `ancestors` are identities that the device had before, the first one first: each wrote on until the next one did.
    """
    witnessed: dict[int, set[str]] = {}
    for length, digest in heads:
        witnessed.setdefault(length, set()).add(digest)
    count, previous = after
    writers = [*ancestors, (device_id, public_key)]
    for count, signed in enumerate(entries, start=after[0] + 1):
        while len(writers) > 1 and signed.entry.chain != writers[0][0]:
            del writers[0]
        if reason := entry_fault(signed, count, previous, *writers[0]):
            return ChainFault(count, reason)
        previous = signed.digest
        if witnessed.get(count, {previous}) != {previous}:
            return ChainFault(count, "the entry is not the one that was countersigned")
    longest = max(witnessed, default=0)
    if count < longest:
        return ChainFault(count + 1, f"the chain ends here, but {longest} entries were written")
    return None


def entry_fault(signed: SignedEntry, position: int, previous: str, device_id: str, public_key: bytes) -> str | None:
    """None when `signed` is what `device_id` wrote at `position`, after the digest `previous`; else why not."""
    entry = signed.entry
    if entry.sequence != position:
        return f"sequence {entry.sequence} stands where {position} belongs"
    if entry.chain != device_id:
        return "the entry belongs to another device"
    if entry.previous != previous:
        return "the entry does not follow the one before it"
    return _content_fault(signed, public_key)


def _content_fault(signed: SignedEntry, public_key: bytes) -> str | None:
    try:
        canonical = signed.entry.canonical()
    except (ValueError, TypeError, RecursionError):  # numbers and text that JSON cannot hold
        return "the entry is not readable"
    if digest_of(canonical) != signed.digest:
        return "the entry was changed after it was written"
    if not is_signed(public_key, canonical, _signature_bytes(signed)):
        return "the signature is not the device's"
    return None


def _signature_bytes(signed: SignedEntry) -> bytes:
    try:
        found = bytes.fromhex(signed.signature)
    except ValueError:
        return b""
    return found if found.hex() == signed.signature else b""  # one spelling: no digest covers the signature
