"""Putting files in their places once their documents are safe: decided once, written down, ended after a crash."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.errors import StoreDamaged
from desktop.events import ArrivalOutcome, ArrivalSettled
from desktop.journey.hotfolder.places import Place, Places, free_name_in
from desktop.vault import arrivals, blobs
from desktop.vault.arrivals import Arrival, Unsettled
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentState
from desktop.vault.files import shown_name, sync_folder
from desktop.vault.watched import Originals

_OUTCOMES: dict[Place, ArrivalOutcome] = {"Processed": "processed", "Failed": "failed", "Duplicates": "duplicate"}
_CLAIMED = ".chartdrop-deleted-"  # a name that no sweep takes; with the arrival's id behind it


class CopyDoubtful(Exception):
    """The original is not deleted, since its encrypted copy could not be read back; it is spared."""


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles arrivals of one folder. `is_there` raises OSError while the folder is out of reach."""

    vault: Vault
    places: Places
    originals: Originals
    is_there: Callable[[], None]

    def settle(self, one: Unsettled) -> ArrivalSettled:
        """The file has its place, and the store knows. Raises OSError when that has to wait, CopyDoubtful."""
        if self.originals == "kept":
            return self._keep(one)
        if self._is_to_be_deleted(one):
            return self._delete(one)
        return self.move(one)

    def move(self, one: Unsettled) -> ArrivalSettled:
        """The file lies in one of the three places."""
        arrival, place = one.arrival, place_of(one)
        destination = self._destination(arrival, lambda: self.places.free_name(place, arrival.path.name))
        if self._lies_where_it_was(arrival):
            if place == "Failed":
                self.places.explain(destination, reason(one))
            self.places.put(arrival.path, destination)
        elif arrival.size:
            self.places.release(destination)  # a name that was kept for a file that then vanished
        self._settled(arrival)
        return told(one, destination if os.path.lexists(destination) else None)

    def spare(self, one: Unsettled) -> ArrivalSettled:
        """The file was to be deleted and is not: it is moved; or, when it was claimed already, dropped again."""
        claimed = one.arrival.destination
        if claimed is None or not claimed.name.startswith(_CLAIMED):
            return self.move(one)
        back = self._give_back(one.arrival, claimed) if os.path.lexists(claimed) else None
        self._settled(one.arrival)
        return told(one, back)

    def _keep(self, one: Unsettled) -> ArrivalSettled:
        self._settled(one.arrival, kept=True)
        return told(one, one.arrival.path if os.path.lexists(one.arrival.path) else None)

    def _is_to_be_deleted(self, one: Unsettled) -> bool:
        """What was begun is ended as it began, even when the folder's profile was changed meanwhile."""
        begun = one.arrival.destination
        if begun is not None:
            return begun.name.startswith(_CLAIMED)
        return self.originals == "deleted" and place_of(one) != "Failed"

    def _delete(self, one: Unsettled) -> ArrivalSettled:
        """Out of everybody's way first, and looked at there: what was written over meanwhile is not what was read."""
        arrival = one.arrival
        self._verify_copy(arrival)
        claimed = self._destination(arrival, lambda: self.places.root / f"{_CLAIMED}{arrival.id}")
        if self._lies_where_it_was(arrival):
            self.places.put(arrival.path, claimed)
        if os.path.lexists(claimed) and not _holds(claimed, arrival):
            self._give_back(arrival, claimed)
        claimed.unlink(missing_ok=True)
        sync_folder(claimed.parent)
        self._settled(arrival)
        return told(one, None)

    def _verify_copy(self, arrival: Arrival) -> None:
        with self.vault.read() as connection:
            original = blobs.find(connection, arrival.document_id, "original") if arrival.document_id else None
        try:
            if original and hashlib.sha256(self.vault.blobs.read(original)).hexdigest() == arrival.sha256:
                return
        except StoreDamaged as damage:
            raise CopyDoubtful from damage
        raise CopyDoubtful

    def _give_back(self, arrival: Arrival, claimed: Path) -> Path:
        """The claimed file is dropped again, under the first name that is free where it lay."""
        back = free_name_in(arrival.path.parent, arrival.path.name)
        self.places.put(claimed, back)
        return back

    def _destination(self, arrival: Arrival, decide: Callable[[], Path]) -> Path:
        """Decided once and written down, so that a move that a crash cut in two ends where it began to go."""
        if arrival.destination and not _is_taken(arrival.destination):
            return arrival.destination
        if arrival.destination and not self._lies_where_it_was(arrival):
            return arrival.destination  # it was moved; only the note of it was lost
        destination = decide()
        with self.vault.act() as connection:
            arrivals.set_destination(connection, arrival.id, destination)
        return destination

    def _lies_where_it_was(self, arrival: Arrival) -> bool:
        try:
            return _is_as_it_was(arrival.path, arrival)
        except FileNotFoundError:
            self.is_there()  # a file whose share is gone is not gone
            return False

    def _settled(self, arrival: Arrival, *, kept: bool = False) -> None:
        with self.vault.act() as connection:
            arrivals.settle(connection, arrival.id, self.vault.clock(), kept=kept)


def place_of(one: Unsettled) -> Place:
    """Where the file belongs."""
    if one.arrival.outcome == "duplicate":
        return "Duplicates"
    if one.arrival.outcome == "refused" or one.state is not DocumentState.DONE:
        return "Failed"
    return "Processed"


def reason(one: Unsettled) -> str:
    """Why the file was not read."""
    return one.arrival.message or (one.error.message if one.error else "The document could not be read.")


def told(one: Unsettled, lies_at: Path | None) -> ArrivalSettled:
    """What people and programs hear of the file that lies at `lies_at` now."""
    place = place_of(one)
    return ArrivalSettled(
        shown_name(one.arrival.path),
        _OUTCOMES[place],
        "" if place == "Processed" else reason(one) if place == "Failed" else one.arrival.message,
        one.arrival.document_id,
        os.fsencode(lies_at).decode("utf-8", "replace") if lies_at else None,
    )


def _is_as_it_was(path: Path, arrival: Arrival) -> bool:
    status = path.lstat()
    return (status.st_size, status.st_mtime_ns) == (arrival.size, arrival.modified_ns)


def _holds(path: Path, arrival: Arrival) -> bool:
    if not _is_as_it_was(path, arrival):
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == arrival.sha256


def _is_taken(destination: Path) -> bool:
    """Whether something lies there that is not the empty file that keeps the name."""
    try:
        return destination.lstat().st_size > 0
    except FileNotFoundError:
        return False
