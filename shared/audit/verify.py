"""Checking a chain: the first entry that is not what its device wrote, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.audit.chain import GENESIS
from shared.audit.entry import SignedEntry
from shared.crypto.signing import is_signed


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The place (counted from 1) of the first wrong entry, and what is wrong with it."""

    position: int
    reason: str


def verify_chain(
    entries: Iterable[SignedEntry], device_id: str, public_key: bytes, head: tuple[int, str] | None = None
) -> ChainFault | None:
    """None when every entry is whole, in order and signed by `device_id`'s key; else the first fault.

    `head` is the length and last digest that somebody else holds (the store, the server's receipt): with it a chain
    whose tail was cut off or rewritten is found out, which the chain alone cannot show.
    """
    previous, count = GENESIS, 0
    for count, signed in enumerate(entries, start=1):
        if reason := entry_fault(signed, count, previous, device_id, public_key):
            return ChainFault(count, reason)
        previous = signed.digest
        if head and count == head[0] and previous != head[1]:
            return ChainFault(count, "the entry is not the one that was countersigned")
    if head and count < head[0]:
        return ChainFault(count + 1, f"the chain ends here, but {head[0]} entries were written")
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
    if entry.digest() != signed.digest:
        return "the entry was changed after it was written"
    if not is_signed(public_key, entry.canonical(), _signature_bytes(signed)):
        return "the signature is not the device's"
    return None


def _signature_bytes(signed: SignedEntry) -> bytes:
    try:
        return bytes.fromhex(signed.signature)
    except ValueError:
        return b""
