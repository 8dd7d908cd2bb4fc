"""Statistics measured: every route, as an organization's jobs go from ten thousand to a million.

`make bench-analytics` takes some minutes. One API process, PostgreSQL and whoever asks share the machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
from rich.console import Console

from shared.clock import system_clock
from shared.ids import new_id
from syncserver.analytics.days import Quarter, added, empty, quarter_of
from syncserver.analytics.rollup import WIDTH, Addition, Kind, additions, additions_of_checks
from syncserver.documents.figures import Figures
from tests.quality.server.asking import Asked, one_by_one
from tests.quality.server.furnishing import ASKED, Running, fill, running
from tests.quality.tables import Table, markdown, show, this_machine
from tests.syncserver.worker_process import environment

_FOLDER = Path(__file__).parents[3] / "build" / "bench" / "analytics"
_GROWTH = 1.2  # at most
_SMALL = 10_000
_DISTINCT = 10_000
"""So many different readings there are, spread over the days; each stands for as many jobs as make up the number."""
_DAYS, _TYPES, _CAUSES, _FIELDS = 365, 12, 6, 30
_ROUNDS, _A_ROUND = 40, 5
_FILE_WIDTH = 160
_OPERATOR, _PASSWORD = "root@example.com", "a horse in the waiting room"
_ROUTES = (
    "/api/v1/analytics/stats",
    "/api/v1/analytics/jobs-over-time?days=30&tz=America/New_York",
    "/api/v1/analytics/jobs-over-time?days=366&tz=America/New_York",
    "/api/v1/analytics/accuracy",
    "/api/v1/analytics/accuracy?by=field",
    "/api/v1/analytics/cost",
    "/api/v1/analytics/errors",
    "/api/v1/usage?by=template",
    "/api/v1/me",
)
_ADMIN_ROUTES = ("/api/v1/admin/stats", "/api/v1/admin/top-users")


def main() -> int:
    """Measures, prints the table and writes it; 1 when a route's cost grows more than it may."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.analytics", description="Statistics, as jobs grow.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the large table")
    rows = parser.parse_args().rows
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    with running() as few, running() as many:
        small, large = _measured(_furnished(few, _SMALL), _furnished(many, rows))
    table = _table(small, large, rows)
    show(console, [table])
    _FOLDER.mkdir(parents=True, exist_ok=True)
    (_FOLDER / "summary.md").write_text(markdown("Statistics", this_machine(), [table]))
    return 0 if all(large[route] / small[route] <= _GROWTH for route in small) else 1


def _furnished(server: Running, rows: int) -> dict[str, Asked]:
    """What is asked of a server whose one organization has so many jobs."""
    fill(server, rows // ASKED - 1)
    _count(server, rows)
    operator = _operator(server)
    asked = {route: Asked(server.url, server.bearer, (route,)) for route in _ROUTES}
    return asked | {route: Asked(server.url, operator, (route,)) for route in _ADMIN_ROUTES}


def _measured(few: dict[str, Asked], many: dict[str, Asked]) -> tuple[dict[str, float], dict[str, float]]:
    """Median milliseconds of each route at both servers, in turns: what else the machine does meets both alike."""
    taken: dict[str, tuple[list[float], list[float]]] = {route: ([], []) for route in few}
    for number in range(_ROUNDS + 1):
        for route, times in taken.items():
            for asked, seen in zip((few[route], many[route]), times, strict=True):
                answers = one_by_one(asked, _A_ROUND)
                assert not answers.refused, route
                if number:  # the first round warms up
                    seen.extend(answers.taken)
    small, large = ({route: statistics.median(times[which]) for route, times in taken.items()} for which in (0, 1))
    return small, large


def _count(server: Running, rows: int) -> None:
    """The roll-ups hold what so many jobs, told of one by one, would have left in them."""
    days: dict[tuple[Kind, date, str], bytes] = {}
    now, each = system_clock(), rows // _DISTINCT
    for number in range(_DISTINCT):
        figures = _invented(number, now)
        quarter: Quarter = quarter_of(figures.read_at)
        for addition in (*additions(figures), *_checks(number, figures)):
            place = (addition.kind, quarter.day, addition.name)
            amounts = {counter: amount * each for counter, amount in addition.amounts.items()}
            days[place] = added(days.get(place) or empty(WIDTH[addition.kind]), quarter.place, amounts)
    with psycopg.connect(server.database) as connection:
        connection.execute("SET ROLE chartdrop_server")
        for name in ("reading_days", "reading_totals", "usage_days"):
            connection.execute(f"DELETE FROM {name}".encode())  # noqa: S608 - ours
        connection.cursor().executemany(
            "INSERT INTO reading_days (organization_id, kind, day, name, counts) VALUES (%s, %s, %s, %s, %s)",
            [(server.organization_id, *place, counts) for place, counts in days.items()],
        )
        connection.execute(
            "INSERT INTO reading_totals (organization_id, completed, failed) VALUES (%s, %s, %s)",
            (server.organization_id, rows * 9 // 10, rows // 10),
        )
        connection.cursor().executemany(
            "INSERT INTO usage_days (organization_id, day, device, person, template, pages, documents) "
            "VALUES (%s, %s, '', '', %s, %s, %s)",
            [
                (server.organization_id, (now - timedelta(days=day)).date(), f"type_{kind}", each * 3, each)
                for day in range(_DAYS)
                for kind in range(_TYPES)
            ],
        )
        connection.execute("RESET ROLE")
    with psycopg.connect(server.database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _invented(number: int, now: datetime) -> Figures:
    failed = number % 10 == 0
    return Figures(
        document_id=new_id(),
        read_at=now - timedelta(seconds=number * _DAYS * 24 * 3600 / _DISTINCT),
        document_type=f"type_{number % _TYPES}",
        error=f"cause_{number % _CAUSES}" if failed else "",
        pages=1 + number % 4,
        fields=20,
        confidence=1_800,
        to_review=number % 3,
        ms=1_000 + 37 * (number % 200),
    )


def _checks(number: int, figures: Figures) -> Iterator[Addition]:
    """What people checked of the reading: some fields of it, of all that its kind has."""
    if not figures.error:
        of_fields = {f"field_{(number + more) % _FIELDS}": (1, number % 2) for more in range(3)}
        yield from additions_of_checks(figures.document_type, of_fields)


def _operator(server: Running) -> dict[str, str]:
    command = [sys.executable, "-m", "syncserver", "create-superuser", _OPERATOR]
    given = environment(server.settings) | {"CHARTDROP_PASSWORD": _PASSWORD, "PATH": os.environ["PATH"]}
    subprocess.run(command, env=given, check=True, stderr=subprocess.DEVNULL)
    signed_in = httpx.post(f"{server.url}/api/v1/login", data={"username": _OPERATOR, "password": _PASSWORD})
    return {"Authorization": f"Bearer {signed_in.json()['access_token']}"}


def _table(small: dict[str, float], large: dict[str, float], rows: int) -> Table:
    lines = tuple(
        (route, f"{small[route]:.2f}", f"{large[route]:.2f}", f"{large[route] / small[route]:.2f}×") for route in small
    )
    note = f"One request at a time, medians; jobs spread over {_DAYS} days. Each may grow by at most {_GROWTH}×."
    return Table("Statistics as jobs grow", note, ("what", f"{_SMALL:,} ms", f"{rows:,} ms", "ratio"), lines)


if __name__ == "__main__":
    sys.exit(main())
