"""The desktop's side: how long it takes to pack and send what waits, and that its memory stays as it was.

Each size is measured in a process of its own (`python -m tests.quality.sync.desktop_side STORE URL CODE DOCUMENTS`),
which begins with a store that has so much to send.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from desktop.journey.sync.enrol import enrol
from desktop.journey.sync.pack import pack
from desktop.journey.sync.push import Courier
from desktop.vault import audit_log, documents, outbox
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import NewDocument
from desktop.vault.outcomes import record_outcome
from shared.clock import system_clock
from shared.ids import new_id
from shared.wire.v1.readings import reading_from_json
from tests.quality.sync.outboxes import Readings, invent_readings
from tests.quality.vault.stores import settings_for

_BATCH = 50  # documents a transaction, while the store is filled
_MEGABYTE = 1024.0**2


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, in how many seconds of packing alone and of a whole round, and by how many MiB the process grew
    at most meanwhile."""

    rows: int
    packing_s: float
    round_s: float
    grown_mb: float


def measure(place: Path, url: str, code: str, number: int) -> Sent:
    """A desktop with so many documents to send, in a process of its own."""
    command = [sys.executable, "-m", "tests.quality.sync.desktop_side", str(place), url, code, str(number)]
    return Sent(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Fills a store, sends what it holds, and prints what that took."""
    place, url, code, number = sys.argv[1:]
    vault = open_vault(settings_for(Path(place)), lambda: None)
    _fill(vault, invent_readings(), int(number))
    enrol(vault, url, code, allow_insecure=False)
    vault.close()
    vault = open_vault(settings_for(Path(place)), lambda: None)
    began = time.perf_counter()
    _pack_all(vault)
    packing_s, before = time.perf_counter() - began, psutil.Process().memory_info().rss
    began = time.perf_counter()
    done = Courier(vault).round()
    round_s = time.perf_counter() - began
    assert done.fault is None, done.fault
    assert done.waiting == 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(asdict(Sent(done.sent, packing_s, round_s, max(0, peak - before) / _MEGABYTE))))


def _fill(vault: Vault, readings: Readings, number: int) -> None:
    for first in range(0, number, _BATCH):
        with vault.act() as connection:
            for place in range(first, min(first + _BATCH, number)):
                reading = reading_from_json(readings.several[place % len(readings.several)][0])
                new = NewDocument(new_id(), f"{place:064x}", reading.file_name, 1, "auto")
                documents.add(connection, new, system_clock())
                received = audit_log.Act(audit_log.DEVICE, "document.received", str(new.id), {"size": 1})
                audit_log.record(connection, vault.chain, received)
                record_outcome(vault, connection, new.id, reading)


def _pack_all(vault: Vault) -> None:
    through = 0
    with vault.read() as connection:
        while push := pack(outbox.after(connection, through)):
            through = push.last


if __name__ == "__main__":
    main()
