"""Where the organization's pages are used up: files are taken in and wait, and all that was read stays at hand."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from desktop.settings import Settings
from desktop.vault import device, feed
from desktop.vault.connection import open_vault
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.lease import Terms, sign_lease
from tests.desktop.conftest import CommandLine
from tests.desktop.journey.sync.test_pull import vector


def use_up(settings: Settings, included: int | None) -> None:
    """The store has a server that is away, and its last lease includes so many pages, of which 1 is used."""
    vault = open_vault(settings, lambda: None)
    clinic = Enrolment(device_id=vault.device_id, organization_id=UUID(int=1), organization_name="A clinic")
    written = json.loads(vector("pull_answer")["lease"]["terms"])
    now = vault.clock()
    this_period = {"used_pages": 1, "included_pages": included, "period_end": "2999-01-01T00:00Z"}
    terms = Terms.model_validate(written | this_period | {"at": now, "until": now})
    with vault.act() as connection:
        device.set_link(connection, "http://127.0.0.1:9", clinic, now)
        feed.keep_lease(connection, sign_lease(bytes(range(32)), terms))
    vault.close()


@pytest.mark.timeout(180)
def test_new_files_wait_and_are_read_once_there_are_pages(
    chartdrop: CommandLine, settings: Settings, scan: Path, tmp_path: Path
) -> None:
    use_up(settings, included=1)
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "page.png").write_bytes(scan.read_bytes())

    watched = chartdrop.run("watch", folder, "--until-idle")

    assert watched.returncode == 3, watched.stderr
    assert "The 1 pages that the organization may read (trial) are used up until 2999-01-01" in watched.stderr
    status = json.loads(chartdrop.run("status", "--json").stdout)
    assert (status["waiting"], status["done"]) == (1, 0)
    assert "Files are taken in and wait" in status["reading_paused"]
    assert json.loads(chartdrop.run("documents", "--json").stdout)["state"] == "waiting"
    saved = chartdrop.run("scan", scan, "--save")
    assert saved.returncode == 3
    assert "used up" in saved.stderr

    use_up(settings, included=100)
    assert chartdrop.run("watch", folder, "--until-idle").returncode == 0
    assert json.loads(chartdrop.run("documents", "--json").stdout)["state"] == "done"
    assert (folder / "Processed" / "page.png").exists()
