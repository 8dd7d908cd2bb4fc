"""What a pull with nothing new costs: beside the bare read of the feed's row, and as the feed grows."""

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import httpx
import psycopg

from tests.quality.server.furnishing import Running
from tests.quality.sync.outboxes import Device

_PATH = "/api/v1/sync/pull"
_ROUNDS, _A_ROUND = 10, 50
_TABLES = ("devices", "feeds", "changes", "organizations", "pages_read", "usage_days")
_OTHERS = 5_000
"""So many other organizations have feeds and devices: of a few rows, PostgreSQL would read no index."""
_READ = "SELECT * FROM feeds WHERE organization_id = %s"


@dataclass(frozen=True, slots=True)
class Idle:
    """Of a feed of one length: median milliseconds of a pull and of the bare read; of each table, rows that one pull
    reads by an index, and how often it reads a whole table; how the feed's row is found."""

    length: int
    pull_ms: float
    bare_ms: float
    by_index: dict[str, float]
    whole: dict[str, float]
    plan: str


def furnish(server: Running) -> None:
    """There are many organizations, each with a feed and a device."""
    with psycopg.connect(server.database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO organizations (id, name, tier, sealed_key, created_at) "
            "SELECT gen_random_uuid(), 'x', 'trial', '\\x00', now() FROM generate_series(1, %s)",
            [_OTHERS],
        )
        connection.execute(
            "INSERT INTO feeds SELECT id, gen_random_uuid(), 0 FROM organizations ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO devices (id, organization_id, name, public_key, platform, app_version, enrolled_at, "
            "accepted_through, destroy_keys) SELECT gen_random_uuid(), id, 'x', '00', '', '', now(), 0, false "
            "FROM organizations"
        )


def idle(server: Running, device: Device, length: int) -> Idle:
    """Measured of a feed that is `length` changes long."""
    with psycopg.connect(server.database, autocommit=True) as connection:
        _lengthen(connection, server, length)
        headers = {"Authorization": f"Bearer {device.desktop.token()}"}
        cursor = {"epoch": _epoch(connection, server), "seq": length}
        body = json.dumps({"protocol": 1, "cursor": cursor}).encode()
        with httpx.Client(base_url=server.url, headers=headers) as http:
            _pull(http, body)
            before = _reads(connection)
            pulls, reads = [], []
            for _ in range(_ROUNDS):  # in turns: what else the machine does meets both
                pulls += [_pull(http, body) for _ in range(_A_ROUND)]
                reads += [_read(connection, server) for _ in range(_A_ROUND)]
        by_index, whole = _per_pull(before, _reads(connection), len(reads))
        plan = connection.execute(f"EXPLAIN {_READ}", [server.organization_id]).fetchone()
    return Idle(length, statistics.median(pulls), statistics.median(reads), by_index, whole, plan[0] if plan else "")


def together(turns: Sequence[Idle]) -> Idle:
    """One feed measured several times: the medians, and what was read the last time."""
    pull_ms, bare_ms = (statistics.median(getattr(one, name) for one in turns) for name in ("pull_ms", "bare_ms"))
    return replace(turns[-1], pull_ms=pull_ms, bare_ms=bare_ms)


def _lengthen(connection: psycopg.Connection, server: Running, length: int) -> None:
    connection.execute("DELETE FROM changes")
    connection.execute(
        "INSERT INTO changes (organization_id, entity, entity_id, seq, revision, op, payload, changed_at) "
        "SELECT %s, 'template', number, number, 1, 'put', '{}', now() FROM generate_series(1, %s) AS number",
        [server.organization_id, length],
    )
    connection.execute("UPDATE feeds SET last_seq = %s WHERE organization_id = %s", [length, server.organization_id])
    connection.execute("VACUUM ANALYZE")


def _epoch(connection: psycopg.Connection, server: Running) -> str:
    found = connection.execute("SELECT epoch FROM feeds WHERE organization_id = %s", [server.organization_id])
    return str(found.fetchall()[0][0])


def _pull(http: httpx.Client, body: bytes) -> float:
    began = time.perf_counter()
    answer = http.post(_PATH, content=body, headers={"Content-Type": "application/json"})
    took = (time.perf_counter() - began) * 1000
    assert answer.json()["changes"] == [], answer.text
    return took


def _read(connection: psycopg.Connection, server: Running) -> float:
    began = time.perf_counter()
    connection.execute(_READ, [server.organization_id]).fetchone()
    return (time.perf_counter() - began) * 1000


def _reads(connection: psycopg.Connection) -> dict[str, tuple[int, int]]:
    """Of each table: index scans and whole scans so far."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    time.sleep(11)  # a process tells of its own once it was idle for ten
    rows = connection.execute("SELECT relname, coalesce(idx_scan, 0), seq_scan FROM pg_stat_user_tables").fetchall()
    return {name: (by_index, whole) for name, by_index, whole in rows if name in _TABLES}


def _per_pull(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]], bare_reads: int
) -> tuple[dict[str, float], dict[str, float]]:
    pulls = _ROUNDS * _A_ROUND
    bare = {"feeds": bare_reads}  # those of the comparison
    by_index = {name: (after[name][0] - before[name][0] - bare.get(name, 0)) / pulls for name in _TABLES}
    return by_index, {name: (after[name][1] - before[name][1]) / pulls for name in _TABLES}
