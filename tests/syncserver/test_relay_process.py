"""The relay beside a server on PostgreSQL, a process of its own: it follows, comes again, and ends with its server."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from shared.clock import system_clock
from syncserver.events.relay_process import RelayProcess
from syncserver.settings import Settings
from tests.syncserver.conftest import SECRET, MovingClock, Owners, fresh_postgres, parts_of
from tests.syncserver.desktop import Desktop
from tests.syncserver.test_commands import Run, run, serving, sign_up

__all__ = ["run"]
_WITHIN_S = 30.0
HANGS = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.05)
sys.stdin.read()
"""


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def relay_of(server: int | None) -> psutil.Process:
    """The one process that the server began to see to effects."""
    found: list[psutil.Process] = []

    def is_there() -> bool:
        found[:] = [one for one in psutil.Process(server).children() if one.cmdline()[-1:] == ["relay"]]
        return len(found) == 1

    until(is_there)
    return found[0]


def pages_counted(http: httpx.Client) -> int:
    return int(http.get("/api/v1/usage").json()["pages"])


def test_effects_follow_though_the_relay_is_killed_and_it_ends_with_its_server(
    tmp_path: Path, postgres: str, run: Run
) -> None:
    with fresh_postgres(postgres) as url:
        settings = {"CHARTDROP_SECRET_KEY": SECRET, "CHARTDROP_DATABASE_URL": url}
        assert run("migrate", **settings).returncode == 0
        with serving(tmp_path, **settings) as (process, http):
            sign_up(http)
            desktop = Desktop(http)
            desktop.enrol(http.post("/api/v1/devices/enrolment-codes").json()["code"])
            desktop.read()
            desktop.push()
            until(lambda: pages_counted(http) == 2)

            killed = relay_of(process.pid)
            killed.kill()
            desktop.read()
            assert desktop.push().status_code == 200
            until(lambda: pages_counted(http) == 4)
            assert relay_of(process.pid).pid != killed.pid
            assert http.get("/health").json()["status"] == "ok"

            orphan = relay_of(process.pid)
            process.kill()
            orphan.wait(_WITHIN_S)

        with serving(tmp_path, **settings) as (process, _):
            relay = relay_of(process.pid)
            for one in (relay, process):  # as a terminal and systemd do: to all of them
                one.terminate()
            process.join(_WITHIN_S)
            assert process.exitcode == 0
            assert not relay.is_running()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_nobody_who_wakes_a_relay_that_hangs_waits_for_it(settings: Settings, owners: Owners, tmp_path: Path) -> None:
    assert owners
    goes_on, database = tmp_path / "goes on", parts_of(settings, MovingClock()).database
    hangs = (
        "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.05)\nsys.stdin.read()"
    )
    relay = RelayProcess([sys.executable, "-c", hangs, str(goes_on)], os.environ, database, system_clock)
    relay.start()
    for _ in range(100_000):  # a pipe takes 65,536
        relay.wake()
    relay.check()
    goes_on.touch()
    relay.stop()
    database.close()
