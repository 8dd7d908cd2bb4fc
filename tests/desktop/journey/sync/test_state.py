"""People see what waits to be sent, why it waits, and when it is tried again."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.errors import ServerUnreachable
from desktop.journey.sync.push import Courier
from desktop.journey.sync.retry import BackgroundSync
from desktop.journey.sync.state import SyncState, sync_state
from desktop.vault import outbox
from desktop.vault.connection import Vault
from tests.desktop.conftest import CommandLine
from tests.desktop.journey.sync.doors import Door
from tests.desktop.journey.sync.test_push import PASSWORD, connected_to_nobody, owner_of_a_new_organization, write


def state(vault: Vault, *, is_metered: bool = False) -> SyncState:
    with vault.read() as connection:
        return sync_state(connection, is_metered=is_metered)


@pytest.fixture
def door(vault: Vault) -> Iterator[Door]:
    with Door().serving() as one:
        connected_to_nobody(vault, one.url)
        yield one


def test_what_waits_is_counted_in_operations_entries_and_bytes(vault: Vault) -> None:
    write(vault, 3)

    now = state(vault)

    assert (now.waiting.operations, now.waiting.audit_entries, now.waiting.documents) == (4, 4, 0)
    with vault.read() as connection:
        assert now.waiting.bytes == sum(len(row.payload.encode()) for row in outbox.after(connection, 0))
    assert (now.why, now.next_try) == ("not_connected", None)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (503, {"Retry-After": "120"}, 120.0),
        (429, {"Retry-After": "7"}, 7.0),
        (503, {"Retry-After": "Fri, 28 Nov 2125 12:00:30 GMT"}, None),
        (503, {"Retry-After": "soon"}, 0.0),
        (500, {}, 0.0),
    ],
)
def test_a_server_that_asks_to_be_left_alone_is_heard(
    vault: Vault, door: Door, status: int, headers: dict[str, str], seconds: float | None
) -> None:
    door.headers = headers
    door.answers["/devices/challenge"] = lambda _: (status, {"title": "Later", "status": status})

    fault = Courier(vault).round().fault

    assert isinstance(fault, ServerUnreachable)
    assert fault.retry_after == seconds if seconds is not None else fault.retry_after > 0
    assert state(vault).why == "server_unreachable"


def test_the_next_try_is_told_while_the_server_is_away_and_not_when_it_is_back(vault: Vault, door: Door) -> None:
    door.headers = {"Retry-After": "1"}
    door.answers["/devices/challenge"] = lambda _: (503, {"title": "Later", "status": 503})
    background = BackgroundSync(Courier(vault), lambda: True, 3600.0, lambda _: None)
    background.start()
    try:
        wait_until(lambda: state(vault).next_try is not None)
        now = state(vault)
        assert now.next_try is not None
        assert timedelta(0) < now.next_try - vault.clock() <= timedelta(seconds=3)
        assert "cannot answer now (status 503)" in (now.message or "")
        door.answers.clear()
        wait_until(lambda: state(vault).why is None)
        assert state(vault).next_try is None
    finally:
        background.stop(5.0)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_refusal_says_so_and_a_metered_network_too(vault: Vault, door: Door) -> None:
    write(vault, 1)
    assert state(vault, is_metered=True).why == "metered"
    assert "chartdrop sync" in (state(vault, is_metered=True).message or "")
    door.answers["/sync/push"] = lambda _: (422, {"title": "No", "status": 422, "code": "audit_chain_broken"})
    Courier(vault).round()

    assert state(vault).why == "server_refused"


def test_on_a_metered_network_nothing_is_sent_until_a_person_asks(
    chartdrop: CommandLine, server_url: str, scan: Path, tmp_path: Path
) -> None:
    owner_of_a_new_organization(server_url, "metered@example.com")
    credentials = {"CHARTDROP_EMAIL": "metered@example.com", "CHARTDROP_PASSWORD": PASSWORD}
    assert chartdrop.run("connect", server_url, **credentials).returncode == 0
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "page.png").write_bytes(scan.read_bytes())

    watched = chartdrop.run("watch", folder, "--until-idle", CHARTDROP_SYNC_METERED="1")

    assert watched.returncode == 0, watched.stderr
    status = json.loads(chartdrop.run("status", "--json", CHARTDROP_SYNC_METERED="1").stdout)
    assert (status["sync_waits"], status["to_send"]["documents"], status["last_sync"]) == ("metered", 1, None)
    assert chartdrop.run("sync", CHARTDROP_SYNC_METERED="1").returncode == 0
    status = json.loads(chartdrop.run("status", "--json", CHARTDROP_SYNC_METERED="1").stdout)
    assert (status["sync_waits"], status["to_send"]["operations"]) == (None, 0)
