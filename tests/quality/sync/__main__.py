"""Sync measured on PostgreSQL: what pushes reach beside bare INSERTs of the same rows; a hundred devices that come home
at once; a pull with nothing new; and the desktop's side.

`make bench-sync` takes some minutes. Server, PostgreSQL and devices share the machine.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from rich.console import Console
from rich.progress import track

from tests.quality.server.furnishing import Running, running
from tests.quality.sync import bare
from tests.quality.sync.desktop_side import Sent, measure
from tests.quality.sync.outboxes import ROWS_A_DOCUMENT, Device, Readings, enrolled, invent_readings
from tests.quality.sync.pulling import Idle, furnish, idle, together
from tests.quality.sync.pushing import Homecoming, come_home
from tests.quality.tables import Table, markdown, show, this_machine

_FOLDER = Path(__file__).parents[3] / "build" / "bench" / "sync"
_SHARE_OF_BARE, _WAIT, _GROWTH = 0.5, 3.0, 1.2  # what must be reached
_FILE_WIDTH = 160
_ROUNDS, _AT_ONCE, _DOCUMENTS = 3, 4, 1_000
_LENGTHS, _TURNS = (100, 100_000), 3
_WAITING = (1_000, 2_500)
"""Documents that a desktop has to send: four rows each."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """Documents a second of so many devices at once, each round's: of the server, and of bare INSERTs of its rows."""

    devices: int
    server: list[float]
    bare: list[float]
    bytes_a_document: float

    @property
    def ratio(self) -> float:
        return statistics.median(self.server) / statistics.median(self.bare)


def main() -> int:
    """Measures, prints the tables and writes them; 1 when something is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.sync", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=100, help="that come home at once")
    parser.add_argument("--documents", type=int, default=_DOCUMENTS, help="that each of them brings")
    asked = parser.parse_args()
    console, readings = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH), invent_readings()
    with tempfile.TemporaryDirectory(prefix="chartdrop-bench-sync-") as folder:
        place = Path(folder)
        with running() as server:
            pushes = _throughput(server, place, readings)
            sent = _desktops(server, place)  # before there are feeds that are long on purpose
            furnish(server)
            device = _enrolled(server, place, readings, 1, 0)[0]
            turns = [[idle(server, device, length) for length in _LENGTHS] for _ in range(_TURNS)]
            pulls = [together(of_length) for of_length in zip(*turns, strict=True)]
        with running() as server:
            devices = _enrolled(server, place, readings, asked.devices, asked.documents)
            home = come_home(server.url, devices)
            followed = _seconds_until_followed(server)
    tables = (_pushes(pushes, readings), _homecoming(home, asked.documents, followed), _pulls(pulls), _sent(sent))
    show(console, tables)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    (_FOLDER / "summary.md").write_text(markdown("Sync", this_machine(), tables))
    reached = (
        all(one.ratio >= _SHARE_OF_BARE for one in pushes),
        home.longest_wait <= _WAIT * home.share,
        pulls[-1].pull_ms <= _GROWTH * pulls[0].pull_ms,
    )
    return 0 if all(reached) else 1


def _throughput(server: Running, place: Path, readings: Readings) -> list[Throughput]:
    """In turns, so that what else the machine does meets both alike; the first round warms them."""
    elsewhere = bare.make_bare(server.database, "bare")
    found = []
    for number in (1, _AT_ONCE):
        ours, theirs, size = [], [], 0
        for _ in range(_ROUNDS + 1):
            devices = _enrolled(server, place, readings, number, _DOCUMENTS)
            elsewhere_too = bare.know(elsewhere, server.database)
            ours.append(number * _DOCUMENTS / come_home(server.url, devices).seconds)
            _seconds_until_followed(server)
            batches = [bare.written(server.database, one.desktop.id, len(one.bodies)) for one in devices]
            size = sum(rows.size for pushes in batches for batch in pushes for rows in batch)
            theirs.append(number * _DOCUMENTS / bare.insert(elsewhere_too, batches))
        found.append(Throughput(number, ours[1:], theirs[1:], size / number / _DOCUMENTS))
    return found


def _enrolled(server: Running, place: Path, readings: Readings, devices: int, documents: int) -> list[Device]:
    several = range(devices) if devices * documents < 10_000 else track(range(devices), "what devices have to send")
    found, http = [], httpx.Client(base_url=server.url, timeout=60)  # which they go on to ask for tokens by
    with psycopg.connect(server.database) as connection:
        for _ in several:
            found.append(enrolled(http, server.bearer, place, readings, documents))
            connection.execute("DELETE FROM attempts")  # a hundred of one address would be made to wait
            connection.commit()
    return found


def _seconds_until_followed(server: Running) -> float:
    """Until everything that was pushed has had its effects."""
    began = time.perf_counter()
    while bare.undelivered(server.database):
        time.sleep(0.1)
    return time.perf_counter() - began


def _desktops(server: Running, place: Path) -> list[Sent]:
    codes = [
        httpx.post(f"{server.url}/api/v1/devices/enrolment-codes", headers=server.bearer).json()["code"]
        for _ in _WAITING
    ]
    return [
        measure(place / f"store-{number}", server.url, code, number)
        for number, code in zip(_WAITING, codes, strict=True)
    ]


def _pushes(found: list[Throughput], readings: Readings) -> Table:
    rows = tuple(
        (
            f"{one.devices} device{'s' * (one.devices > 1)} at once",
            f"{statistics.median(one.server):.0f}",
            f"{statistics.median(one.server) * one.bytes_a_document / 1e6:.1f}",
            f"{statistics.median(one.server) * readings.mean_bytes / 1e6:.1f}",
            f"{statistics.median(one.bare):.0f}",
            f"{statistics.median(one.bare) * one.bytes_a_document / 1e6:.1f}",
            f"{one.ratio:.0%}",
        )
        for one in found
    )
    note = (
        f"The same bytes: the rows that the pushes wrote, {found[0].bytes_a_document / 1000:.1f} kB a document in "
        f"{ROWS_A_DOCUMENT} operations (its sealed reading, what was applied, audit entries, events), into the same "
        "tables by multi-row INSERTs of psycopg, a transaction a push, over as many connections as there are devices. "
        f"{_SHARE_OF_BARE:.0%} must be reached."
    )
    columns = ("pushed by", "documents/s", "rows MB/s", "JSON MB/s", "bare documents/s", "bare rows MB/s", "ratio")
    return Table("Pushes beside bare INSERTs", note, columns, rows)


def _homecoming(home: Homecoming, documents: int, followed: float) -> Table:
    number = len(home.waits)
    ends = sorted(sum(waits) for waits in home.waits)
    row = (
        f"{home.seconds:.1f}",
        f"{number * documents / home.seconds:.0f}",
        f"{home.share:.1f}",
        f"{home.longest_wait:.1f}",
        f"{home.longest_wait / home.share:.2f}×",
        f"{ends[0]:.1f}–{ends[-1]:.1f}",
        f"{followed:.1f}",
    )
    note = (
        "A share is how long a push would wait if the devices were served in strict rotation: the whole time, divided "
        f"by the pushes that a device makes. No push may wait longer than {_WAIT:.0f}× that. Effects: seconds after "
        "the last answer until pages were counted and statistics kept."
    )
    columns = (
        "seconds",
        "documents/s",
        "share s",
        "longest wait s",
        "of its share",
        "devices home after s",
        "effects s",
    )
    return Table(f"{number} devices with {documents:,} documents each come home", note, columns, (row,))


def _pulls(found: list[Idle]) -> Table:
    rows = tuple(
        (
            f"{one.length:,} changes",
            f"{one.pull_ms:.2f}",
            f"{one.bare_ms:.2f}",
            ", ".join(f"{name} {count:.2f}" for name, count in one.by_index.items() if count >= 0.005),
            ", ".join(f"{name} {count:.2f}" for name, count in one.whole.items() if count >= 0.005) or "none",
            one.plan.partition("  ")[0],
        )
        for one in found
    )
    note = (
        "Nothing new: the feed's row by its key, once it is known who asks. Scans are those of one pull, as PostgreSQL "
        f"counted them. May grow by at most {_GROWTH}×: {found[-1].pull_ms / found[0].pull_ms:.2f}×."
    )
    columns = ("feed", "pull ms", "bare SELECT ms", "index scans", "whole scans", "the feed's row")
    return Table("A pull with nothing new", note, columns, rows)


def _sent(found: list[Sent]) -> Table:
    rows = tuple(
        (
            f"{number:,} documents, {one.rows:,} rows",
            f"{one.packing_s:.1f}",
            f"{one.round_s:.1f}",
            f"{number / one.round_s:.0f}",
            f"{one.grown_mb:.0f}",
        )
        for number, one in zip(_WAITING, found, strict=True)
    )
    columns = ("to send", "packing alone s", "whole round s", "documents/s", "grown MiB")
    return Table("A desktop's round", "Grown: the process's most memory beyond that after packing.", columns, rows)


if __name__ == "__main__":
    sys.exit(main())
