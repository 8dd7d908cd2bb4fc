"""One watched folder: takes what is whole, and puts each file in its place once its document is safe."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import OperationalError

from desktop.errors import FileRefused, StoreError, WatchRefused
from desktop.events import Event, WatchTrouble
from desktop.journey.hotfolder.backoff import Backoff
from desktop.journey.hotfolder.notices import Mode
from desktop.journey.hotfolder.places import PLACES, Places
from desktop.journey.hotfolder.presence import Presence
from desktop.journey.hotfolder.settling import CopyDoubtful, Settler
from desktop.journey.hotfolder.trust import StillBusy, WholeFile, read_whole
from desktop.journey.hotfolder.watcher import Pace, Watcher, list_eligible
from desktop.settings import Settings
from desktop.vault import arrivals, audit_log
from desktop.vault.arrivals import Arrival, Unsettled
from desktop.vault.connection import Vault
from desktop.vault.documents import FINAL_STATES
from desktop.vault.files import shown_name
from desktop.vault.watched import Profile
from shared.ids import new_id
from shared.reading.settings import MEGABYTE

_BUSY_SECONDS = 60.0  # how long a file may be held open untold

Intake = Callable[[WholeFile, Profile], UUID]
"""Takes a whole file in as its profile says, remembers its arrival, and says which document it is."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a watched folder works with: where events go, what takes files in, and which names choose a template."""

    vault: Vault
    settings: Settings
    publish: Callable[[Event], None]
    intake: Intake
    templates: Callable[[], frozenset[str]]


@dataclass(frozen=True, slots=True)
class WatchState:
    """How a watched folder is: how files are noticed, and what keeps it from its work now, in sentences for people."""

    root: Path
    profile: Profile
    mode: Mode
    troubles: tuple[str, ...]


class HotFolder:
    """Watches `root` from `start` to `stop`. A `patient` one waits for a folder that is not there, or not usable."""

    def __init__(
        self, root: Path, around: Surroundings, profile: Profile | None = None, *, patient: bool = False
    ) -> None:
        self.root = root if patient else usable_root(root, around.vault.folder.root)
        self.profile = profile or Profile()
        self._around = around
        self._patient = patient
        self._places = Places(self.root)
        self._presence = Presence(self.root)
        self._settler = Settler(around.vault, self._places, self.profile.originals, self._be_there)
        self._settling = threading.RLock()
        self._unsettled: dict[Path, Arrival] = {}
        self._kept: dict[Path, tuple[int, int]] = {}
        self._backoff = Backoff()
        pace = Pace(around.settings.settle_seconds, around.settings.sweep_seconds)
        self._watcher = Watcher(self.root, pace, self)

    @property
    def state(self) -> WatchState:
        """How the folder is now."""
        return WatchState(self.root, self.profile, self._watcher.mode, self._backoff.messages())

    def start(self) -> None:
        """The three places are there, what a crash left behind is in its place, and files are taken.

        Raises WatchRefused, unless it is patient."""
        with self._around.vault.read() as connection:
            self._unsettled = {one.arrival.path: one.arrival for one in arrivals.unsettled(connection, self.root)}
            self._kept = arrivals.kept(connection, self.root)
        if not self._patient:
            self._make_places()
            self.settle()
        self._watcher.start()

    def stop(self) -> None:
        """No file is taken or moved any more."""
        self._watcher.stop()

    def is_idle(self) -> bool:
        """Whether every file here has its place; one that is out of reach is not idle."""
        try:
            self._be_there()
            if not all(self._stays(path) for path in list_eligible(self.root)):
                return False
        except OSError:
            return False
        with self._around.vault.read() as connection:
            return not arrivals.unsettled(connection, self.root)

    def has_taken_all(self) -> bool:
        """Whether every file here is in the store, though it may not have its place yet."""
        try:
            self._be_there()
            return all(self._is_taken(path) for path in list_eligible(self.root))
        except OSError:
            return False

    def settle(self, document_id: UUID | None = None) -> None:
        """Every arrival whose document is safe has its place, or those of one document; what cannot be moved now is
        tried again later."""
        with self._settling:
            with self._around.vault.read() as connection:
                if document_id is None:
                    waiting = arrivals.ready(connection, self.root)
                else:
                    waiting = arrivals.unsettled_of(connection, self.root, document_id)
            self._settle_ready(waiting)

    def _settle_ready(self, waiting: Iterable[Unsettled]) -> None:
        for one in waiting:
            self._unsettled[one.arrival.path] = one.arrival
            is_ready = one.state is None or one.state in FINAL_STATES or one.arrival.outcome != "accepted"
            if is_ready and self._backoff.is_due(one.arrival.path, time.monotonic()):
                self._settle_or_tell(one)

    def _settle_or_tell(self, one: Unsettled) -> None:
        path = one.arrival.path
        try:
            event = self._settled(one)
        except OSError as error:
            why = os.strerror(error.errno or 0)
            self._trouble(
                path, f"{shown_name(path)} cannot be moved now ({why}). It is safe in the store, and moved later."
            )
            return
        except (OperationalError, StoreError) as error:
            self._store_trouble(error)
            return
        self._backoff.clear(path)
        self._unsettled.pop(path, None)
        if self.profile.originals == "kept":
            self._kept[path] = (one.arrival.size, one.arrival.modified_ns)
        self._around.publish(event)

    def _settled(self, one: Unsettled) -> Event:
        try:
            return self._settler.settle(one)
        except CopyDoubtful:
            name = shown_name(one.arrival.path)
            self._tell(f"{name} is not deleted: its encrypted copy could not be read back. Keep the original.")
            return self._settler.spare(one)

    def is_known(self, path: Path, status: os.stat_result) -> bool:
        arrival = self._unsettled.get(path)
        looks = (status.st_size, status.st_mtime_ns)
        if arrival is not None and (arrival.size, arrival.modified_ns) == looks:
            return True
        return self._kept.get(path) == looks

    def hurry(self, path: Path) -> None:
        self._backoff.hurry(path)

    def arrive(self) -> bool:
        expected = self._patient and bool(self._unsettled) and self.profile.originals != "kept"
        another = self._presence.arrive(expected=expected)
        if self._backoff.clear(self.root):
            self._tell(f"{self.root} can be reached again.")
            return True
        return another

    def look_after(self, fault: OSError | None) -> None:
        """What could not be moved before is tried again; a folder that is not there is told of."""
        if fault is not None:
            self._trouble(self.root, _absence(self.root, fault))
            return
        try:
            self._make_places()
            self._backoff.clear(self.root / PLACES[0])
        except WatchRefused as refusal:
            self._trouble(self.root / PLACES[0], refusal.message)
        self.settle()

    def take(self, path: Path) -> bool:
        """The file is a document, or on its way to `Failed/`; False when it must be looked at again."""
        now = time.monotonic()
        if not self._backoff.is_due(path, now) or not self._backoff.is_due(self._store, now):
            return False
        try:
            taken = self._take_whole(path)
        except (OSError, OperationalError, StoreError) as error:
            self._store_trouble(error)
            return False
        if taken:
            self._backoff.clear(path)
            self._backoff.clear(self._store)
            self._settle_at(path)
        return taken

    def _take_whole(self, path: Path) -> bool:
        try:
            whole = read_whole(self.root, path, self._around.settings.max_file_mb * MEGABYTE)
        except FileRefused as refusal:
            self._refuse(path, refusal)
        except FileNotFoundError:
            pass
        except StillBusy:
            message = f"{shown_name(path)} is held open by another program; it is taken once that lets go."
            self._trouble(path, message, patience=_BUSY_SECONDS)
            return False
        except OSError as error:
            why = os.strerror(error.errno or 0)
            self._trouble(path, f"{shown_name(path)} cannot be read now ({why}). It is tried again.")
            return False
        else:
            self._take_in(path, whole)
        return True

    def _take_in(self, path: Path, whole: WholeFile) -> None:
        earlier = self._unsettled.get(path)
        vault = self._around.vault
        if earlier and earlier.sha256 == whole.sha256:
            with vault.act() as connection:
                arrivals.see_again(connection, earlier.id, whole.seen.size, whole.seen.modified_ns)
            return
        if earlier:  # written over before it was moved: what was there is safe in the store
            with vault.act() as connection:
                arrivals.settle(connection, earlier.id, vault.clock())
        self._around.intake(whole, replace(self.profile, template=self._template_of(path)))

    def _settle_at(self, path: Path) -> None:
        with self._settling:
            with self._around.vault.read() as connection:
                waiting = arrivals.unsettled_at(connection, self.root, path)
            self._settle_ready(waiting)

    def _refuse(self, path: Path, refusal: FileRefused) -> None:
        """What is never opened becomes no document, but goes to `Failed/` like any other."""
        try:
            status = path.lstat()
        except FileNotFoundError:
            return
        vault = self._around.vault
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
        known = self._around.templates()
        folders = (part.lower() for part in path.relative_to(self.root).parts[:-1])
        return next((name for name in folders if name in known), self.profile.template)

    def _stays(self, path: Path) -> bool:
        return path not in self._unsettled and self._is_taken(path)

    def _is_taken(self, path: Path) -> bool:
        try:
            return self.is_known(path, path.lstat())
        except FileNotFoundError:
            return True

    def _make_places(self) -> None:
        if self.profile.originals != "kept":
            self._places.make()

    def _be_there(self) -> None:
        """Raises OSError while the folder is out of reach."""
        self._presence.require()

    @property
    def _store(self) -> Path:
        return self._around.vault.folder.root

    def _store_trouble(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            message = error.message
        elif isinstance(error, OSError):
            message = f"The store cannot be written ({os.strerror(error.errno or 0)}). Files wait until it can."
        else:
            message = "The store cannot be written. Is the disk full? Files wait until it can."
        self._trouble(self._store, message)

    def _trouble(self, path: Path, message: str, *, patience: float = 0.0) -> None:
        if self._backoff.fail(path, message, time.monotonic(), patience=patience):
            self._tell(message)

    def _tell(self, message: str) -> None:
        self._around.publish(WatchTrouble(str(self.root), message))


def _absence(root: Path, fault: OSError) -> str:
    if fault.errno == errno.ENODEV:
        return f"{root} is empty, though scans were there: is its share connected? It is watched again once it is back."
    why = os.strerror(fault.errno or 0)
    return f"{root} cannot be reached ({why}). Nothing is lost; it is watched again once it is back."


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
