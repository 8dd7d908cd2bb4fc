"""Writing the next entry of a device's chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.audit.entry import AuditEntry, Detail, SignedEntry, digest_of
from shared.clock import Clock, to_rfc3339
from shared.crypto.signing import sign

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditChain:
    """The pen of one device: its id, its signing key and its clock."""

    device_id: str
    signing_key: bytes
    clock: Clock

    def next_entry(
        self,
        last: SignedEntry | None,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Detail] | None = None,
    ) -> SignedEntry:
        """The entry that follows `last` (None: the first of the chain), hashed and signed."""
        place = (last.entry.sequence, last.digest) if last else (0, GENESIS)
        return self.entry_after(place, actor, action, subject, details)

    def entry_after(
        self, place: tuple[int, str], actor: str, action: str, subject: str, details: Mapping[str, Detail] | None = None
    ) -> SignedEntry:
        """The entry that follows the one of this sequence and digest, hashed and signed."""
        sequence, digest = place
        entry = AuditEntry(
            chain=self.device_id,
            sequence=sequence + 1,
            at=to_rfc3339(self.clock()),
            actor=actor,
            action=action,
            subject=subject,
            previous=digest,
            details=dict(details or {}),
        )
        canonical = entry.canonical()
        return SignedEntry(entry, digest_of(canonical), sign(self.signing_key, canonical).hex())
