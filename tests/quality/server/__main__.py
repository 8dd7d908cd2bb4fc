"""The server measured: asking for a job, beside a bare FastAPI endpoint and the bare query, and as the table grows.

`make bench-server` takes some minutes. One API process, PostgreSQL and whoever asks share the machine.
"""

import argparse
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from rich.console import Console

from tests.quality.server.asking import Answers, Asked, at_once, at_rate, one_by_one
from tests.quality.server.furnishing import ASKED, Running, fill, running, serving
from tests.quality.tables import Table, markdown, show, this_machine

_FOLDER = Path(__file__).parents[3] / "build" / "bench" / "server"
_RATE, _P99_MS, _GROWTH = 300.0, 100.0, 1.2  # what must be reached
_KEPT_UP = 0.98  # of the rate that was asked for
_FILE_WIDTH = 160
_SECONDS = 20.0
_ROUNDS, _A_ROUND = 4, 150
_CLIENTS = 16
_OURS = ("a job, signed in", "a job, with an API key")
_BARE = "a bare FastAPI endpoint"
_QUERY = "SELECT * FROM jobs WHERE organization_id = %s AND id = %s"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was seen of a table of one size."""

    rows: int
    loads: dict[str, Answers]
    alone: dict[str, float]
    """Median milliseconds of one request at a time."""


def main() -> int:
    """Measures, prints the tables and writes them; 1 when something is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.server", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the large table")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="that each load lasts")
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    with running() as server:
        small = _measure(server, ASKED, asked.seconds)
        large = _measure(server, asked.rows, asked.seconds)
    tables = (_loads(small), _loads(large), _growth(small, large))
    show(console, tables)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    (_FOLDER / "summary.md").write_text(markdown("The server", this_machine(), tables))
    return 0 if all(_reached(measured) for measured in (small, large)) and _ratio(small, large) <= _GROWTH else 1


def _measure(server: Running, rows: int, seconds: float) -> Measured:
    ids = fill(server, rows // ASKED - 1)
    paths = tuple(f"/api/v1/jobs/{job_id}" for job_id in ids)
    bearer, key = (Asked(server.url, opens, paths) for opens in (server.bearer, server.api_key))
    bare_process = subprocess.Popen(
        [sys.executable, "-m", "tests.quality.server.bare"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
    )
    with serving(bare_process, "running on ") as address:
        bare = Asked(address, {}, paths)
        asked = dict(zip((*_OURS, _BARE), (bearer, key, bare), strict=True))
        for warming in asked.values():
            at_once(warming, 200, _CLIENTS)
        loads = {name: at_rate(one, _RATE, seconds) for name, one in asked.items()}
        loads |= {
            f"{name}, as fast as it can": at_once(one, int(_RATE * seconds / 2), _CLIENTS)
            for name, one in asked.items()
        }
        alone = _alone(server, asked, ids)
    return Measured(rows, loads, alone)


def _alone(server: Running, asked: dict[str, Asked], ids: list[UUID]) -> dict[str, float]:
    """In turns, so that what else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in (*asked, "the bare query")}
    for _ in range(_ROUNDS):
        for name, one in asked.items():
            taken[name] += one_by_one(one, _A_ROUND).taken
        taken["the bare query"] += _queries(server, ids)
    return {name: statistics.median(times) for name, times in taken.items()}


def _queries(server: Running, ids: list[UUID]) -> list[float]:
    taken = []
    with psycopg.connect(server.database) as connection:
        connection.execute("SET ROLE chartdrop_server")
        for job_id in ids[:_A_ROUND]:
            began = time.perf_counter()
            connection.execute(_QUERY, (server.organization_id, job_id)).fetchone()
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _reached(measured: Measured) -> bool:
    ours = [measured.loads[name] for name in _OURS]
    return all(not one.refused and one.quantile(0.99) < _P99_MS and one.rate > _KEPT_UP * _RATE for one in ours)


def _ratio(small: Measured, large: Measured) -> float:
    return max(large.alone[name] / small.alone[name] for name in _OURS)


def _loads(measured: Measured) -> Table:
    rows = tuple(
        (name, f"{one.rate:.0f}", *(f"{one.quantile(share):.1f}" for share in (0.5, 0.95, 0.99)), str(one.refused))
        for name, one in measured.loads.items()
    )
    note = f"{_RATE:.0f} a second are asked for and must be answered, 99 of 100 within {_P99_MS:.0f} ms of being due."
    columns = ("what is asked for", "answers/s", "median ms", "95 % ms", "99 % ms", "refused")
    return Table(f"Load on one API process, {measured.rows:,} jobs", note, columns, rows)


def _growth(small: Measured, large: Measured) -> Table:
    rows = tuple(
        (name, f"{small.alone[name]:.2f}", f"{large.alone[name]:.2f}", f"{large.alone[name] / small.alone[name]:.2f}×")
        for name in small.alone
    )
    note = f"One request at a time, medians. Ours may grow by at most {_GROWTH}×."
    return Table("Cost as the table grows", note, ("what", f"{small.rows:,} ms", f"{large.rows:,} ms", "ratio"), rows)


if __name__ == "__main__":
    sys.exit(main())
