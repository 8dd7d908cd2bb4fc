"""One watched folder: takes what is whole, and puts each file in its place once its document is safe."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from desktop.errors import FileRefused, WatchRefused
from desktop.events import ArrivalOutcome, ArrivalSettled, Event, WatchTrouble
from desktop.journey.hotfolder.places import PLACES, Place, Places
from desktop.journey.hotfolder.trust import StillBusy, WholeFile, read_whole
from desktop.journey.hotfolder.watcher import Pace, Watcher, list_eligible
from desktop.settings import Settings
from desktop.vault import arrivals, audit_log
from desktop.vault.arrivals import Arrival, Unsettled
from desktop.vault.connection import Vault
from desktop.vault.documents import FINAL_STATES, DocumentState
from desktop.vault.files import shown_name
from shared.ids import new_id
from shared.reading.settings import MEGABYTE

_TROUBLE_SECONDS = 60.0  # how long a file may be busy untold, and how often the same trouble is told
_OUTCOMES: dict[Place, ArrivalOutcome] = {"Processed": "processed", "Failed": "failed", "Duplicates": "duplicate"}

Intake = Callable[[WholeFile, str], UUID]
"""Takes a whole file under the name of a template, remembers its arrival, and says which document it is."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a watched folder works with: where events go, what takes files in, and which names choose a template."""

    vault: Vault
    settings: Settings
    publish: Callable[[Event], None]
    intake: Intake
    templates: frozenset[str]


class HotFolder:
    """Watches `root` from `start` to `stop`."""

    def __init__(self, root: Path, around: Surroundings) -> None:
        self.root = usable_root(root, around.vault.folder.root)
        self._around = around
        self._places = Places(self.root)
        self._settling = threading.Lock()
        self._unsettled: dict[Path, Arrival] = {}
        self._troubles: dict[Path, float] = {}  # when each was first seen, or last told
        pace = Pace(around.settings.settle_seconds, around.settings.sweep_seconds)
        self._watcher = Watcher(self.root, pace, self)

    def start(self) -> None:
        """The three places are there, what a crash left behind is in its place, and files are taken.

        Raises WatchRefused."""
        self._places.make()
        self.settle()
        self._watcher.start()

    def stop(self) -> None:
        """No file is taken or moved any more."""
        self._watcher.stop()

    def is_idle(self) -> bool:
        """Whether every file here has its place; one that is out of reach is not idle."""
        try:
            if any(True for _ in list_eligible(self.root)):
                return False
        except OSError:
            return False
        with self._around.vault.read() as connection:
            return not arrivals.unsettled(connection, self.root)

    def settle(self) -> None:
        """Every arrival whose document is safe has its place; what cannot be moved now is tried again later."""
        with self._settling:
            with self._around.vault.read() as connection:
                waiting = arrivals.unsettled(connection, self.root)
            self._unsettled = {one.arrival.path: one.arrival for one in waiting}
            for one in waiting:
                if one.state is None or one.state in FINAL_STATES or one.arrival.outcome != "accepted":
                    self._settle_or_tell(one)

    def _settle_or_tell(self, one: Unsettled) -> None:
        try:
            self._put_in_place(one)
        except OSError as error:
            path, why = one.arrival.path, os.strerror(error.errno or 0)
            self._trouble(
                path, f"{shown_name(path)} cannot be moved now ({why}). It is safe in the store, and moved later."
            )

    def _put_in_place(self, one: Unsettled) -> None:
        arrival, place = one.arrival, _place_of(one)
        destination = self._destination(arrival, place)
        if self._lies_where_it_was(arrival):
            if place == "Failed":
                self._places.explain(destination, _reason(one))
            self._places.put(arrival.path, destination)
        elif arrival.size:
            self._places.release(destination)  # a name that was kept for a file that then vanished
        with self._around.vault.act() as connection:
            arrivals.settle(connection, arrival.id, self._around.vault.clock())
        self._unsettled.pop(arrival.path, None)
        self._around.publish(_settled(one, place, destination if os.path.lexists(destination) else None))

    def _destination(self, arrival: Arrival, place: Place) -> Path:
        """Decided once and written down, so that a move that a crash cut in two ends where it began to go."""
        if arrival.destination and not _is_taken(arrival.destination):
            return arrival.destination
        if arrival.destination and not self._lies_where_it_was(arrival):
            return arrival.destination  # it was moved; only the note of it was lost
        destination = self._places.free_name(place, arrival.path.name)
        with self._around.vault.act() as connection:
            arrivals.set_destination(connection, arrival.id, destination)
        return destination

    def _lies_where_it_was(self, arrival: Arrival) -> bool:
        try:
            status = arrival.path.lstat()
        except FileNotFoundError:
            return False
        return (status.st_size, status.st_mtime_ns) == (arrival.size, arrival.modified_ns)

    def is_known(self, path: Path, status: os.stat_result) -> bool:
        arrival = self._unsettled.get(path)
        return arrival is not None and (arrival.size, arrival.modified_ns) == (status.st_size, status.st_mtime_ns)

    def look_after(self, fault: OSError | None) -> None:
        """What could not be moved before is tried again; a folder that is not there is told of."""
        if fault is not None:
            self._trouble(self.root, f"{self.root} cannot be reached ({os.strerror(fault.errno or 0)}).")
            return
        try:
            self._places.make()
        except WatchRefused as refusal:
            self._trouble(self.root, refusal.message)
        self.settle()

    def take(self, path: Path) -> bool:
        """The file is a document, or on its way to `Failed/`; False when it must be looked at again."""
        try:
            self._take(path)
        except FileNotFoundError:
            return True
        except StillBusy:
            self._tell_when_long(
                path, f"{shown_name(path)} is held open by another program; it is taken once that lets go."
            )
            return False
        except OSError as error:
            self._trouble(
                path, f"{shown_name(path)} cannot be read now ({os.strerror(error.errno or 0)}). It is tried again."
            )
            return False
        self._troubles.pop(path, None)
        self.settle()
        return True

    def _take(self, path: Path) -> None:
        try:
            whole = read_whole(self.root, path, self._around.settings.max_file_mb * MEGABYTE)
        except FileRefused as refusal:
            self._refuse(path, refusal)
            return
        earlier = self._unsettled.get(path)
        vault = self._around.vault
        if earlier and earlier.sha256 == whole.sha256:
            with vault.act() as connection:
                arrivals.see_again(connection, earlier.id, whole.seen.size, whole.seen.modified_ns)
            return
        if earlier:  # written over before it was moved: what was there is safe in the store
            with vault.act() as connection:
                arrivals.settle(connection, earlier.id, vault.clock())
        self._around.intake(whole, self._template_of(path))

    def _refuse(self, path: Path, refusal: FileRefused) -> None:
        """What is never opened becomes no document, but goes to `Failed/` like any other."""
        vault, status = self._around.vault, path.lstat()
        now = vault.clock()
        arrival = Arrival(
            id=new_id(lambda: now),
            folder=self.root,
            path=path,
            size=status.st_size,
            modified_ns=status.st_mtime_ns,
            sha256=None,
            document_id=None,
            outcome="refused",
            message=refusal.message,
        )
        with vault.act() as connection:
            arrivals.note(connection, arrival, now)
            act = audit_log.Act(audit_log.DEVICE, "arrival.refused", str(arrival.id), {"error": refusal.code})
            audit_log.record(connection, vault.chain, act)

    def _template_of(self, path: Path) -> str:
        folders = (part.lower() for part in path.relative_to(self.root).parts[:-1])
        return next((name for name in folders if name in self._around.templates), "auto")

    def _tell_when_long(self, path: Path, message: str) -> None:
        if path in self._troubles:
            self._trouble(path, message)
        else:
            self._troubles[path] = time.monotonic()

    def _trouble(self, path: Path, message: str) -> None:
        """People hear of it now, and again while it lasts, but not twice a second."""
        now = time.monotonic()
        if now - self._troubles.get(path, -_TROUBLE_SECONDS) >= _TROUBLE_SECONDS:
            self._troubles[path] = now
            self._around.publish(WatchTrouble(str(self.root), message))


def usable_root(root: Path, data_dir: Path) -> Path:
    """`root`, absolute and without links on the way; made when it is not there. Raises WatchRefused.

    A folder around the store, or in it, is refused: its files would be taken for scans."""
    store = data_dir.resolve()
    if root.resolve().is_relative_to(store) or store.is_relative_to(root.resolve()):
        raise WatchRefused(f"{root} and the data directory {data_dir} lie in each other. Watch another folder.")
    try:
        if root.exists() and not root.is_dir():
            raise WatchRefused(f"{root} is a file, not a folder.")
        root.mkdir(parents=True, exist_ok=True)
        resolved = root.resolve(strict=True)
    except OSError as error:
        raise WatchRefused(f"{root} cannot be watched: {os.strerror(error.errno or 0)}.") from error
    if resolved.name in PLACES and (resolved.parent / PLACES[0]).is_dir() and (resolved.parent / PLACES[1]).is_dir():
        raise WatchRefused(f"{root} is where another watched folder puts its files. Watch {resolved.parent} instead.")
    return resolved


def _place_of(one: Unsettled) -> Place:
    if one.arrival.outcome == "duplicate":
        return "Duplicates"
    if one.arrival.outcome == "refused" or one.state is not DocumentState.DONE:
        return "Failed"
    return "Processed"


def _is_taken(destination: Path) -> bool:
    """Whether something lies there that is not the empty file that keeps the name."""
    try:
        return destination.lstat().st_size > 0
    except FileNotFoundError:
        return False


def _reason(one: Unsettled) -> str:
    return one.arrival.message or (one.error.message if one.error else "The document could not be read.")


def _settled(one: Unsettled, place: Place, destination: Path | None) -> ArrivalSettled:
    detail = "" if place == "Processed" else _reason(one) if place == "Failed" else one.arrival.message
    return ArrivalSettled(
        shown_name(one.arrival.path),
        _OUTCOMES[place],
        detail,
        one.arrival.document_id,
        os.fsencode(destination).decode("utf-8", "replace") if destination else None,
    )
