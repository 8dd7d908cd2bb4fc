"""What the organization lays down reaches its devices, and what its server may not see is not sent."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.journey.sync.push import Courier
from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.vault import feed
from desktop.vault.connection import Vault, open_vault
from shared.wire.v1.policy import PolicyState
from tests.desktop.conftest import PATIENT, CommandLine
from tests.desktop.journey.sync.doors import Door
from tests.desktop.journey.sync.test_pull import V1, administrator
from tests.desktop.journey.sync.test_push import PASSWORD, connected_to_nobody, owner_of_a_new_organization

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def owner(server_url: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    email = f"{abs(hash(request.node.name))}@policy.example.com"
    owner_of_a_new_organization(server_url, email)
    client = administrator(server_url, email)
    client.headers["X-Email"] = email
    yield client
    client.close()


def connect(chartdrop: CommandLine, owner: httpx.Client) -> None:
    url = str(owner.base_url).rstrip("/")
    done = chartdrop.run("connect", url, CHARTDROP_EMAIL=owner.headers["X-Email"], CHARTDROP_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr


def jobs(owner: httpx.Client) -> list[Any]:
    """Each job of the organization as the server shows it, whole."""
    found = owner.get(f"{V1}/jobs").json()["items"]
    return [owner.get(f"{V1}/jobs/{job['job_id']}").json() for job in found]


def test_a_server_that_may_see_metadata_only_is_sent_nothing_else_from_the_first_contact_on(
    chartdrop: CommandLine, owner: httpx.Client, scan: Path
) -> None:
    assert chartdrop.run("scan", scan, "--save").returncode == 0
    owner.patch(f"{V1}/policy", json={"server_sees": "metadata"})
    connect(chartdrop, owner)

    synced = chartdrop.run("sync", "--json")

    assert (synced.returncode, json.loads(synced.stdout)["waiting"]) == (0, 0), synced.stderr
    [job] = jobs(owner)
    for secret in (PATIENT, PATIENT.upper(), scan.name):
        assert secret not in json.dumps(job)
    [kept] = [json.loads(line) for line in chartdrop.run("documents", "--json").stdout.splitlines()]
    assert (job["document_type"], job["sha256"], job["page_count"]) == (kept["document_type"], kept["sha256"], 1)
    assert kept["file_name"] == scan.name
    assert json.loads(chartdrop.run("status", "--json").stdout)["server_sees"] == "metadata"


def test_everything_is_sent_where_the_organization_says_nothing(
    chartdrop: CommandLine, owner: httpx.Client, scan: Path
) -> None:
    assert chartdrop.run("scan", scan, "--save").returncode == 0
    connect(chartdrop, owner)
    assert chartdrop.run("sync").returncode == 0

    assert PATIENT in json.dumps(jobs(owner))


def test_nothing_is_sent_before_it_was_heard_what_the_server_may_see(vault: Vault) -> None:
    with Door().serving() as door:
        connected_to_nobody(vault, door.url)
        assert Courier(vault).round().fault is None

    assert [path for path in door.asked if path.startswith("/sync")][:2] == ["/sync/pull", "/sync/push"]


def lay_down(settings: Settings, policy: PolicyState) -> None:
    vault = open_vault(settings, lambda: None)
    with vault.act() as connection:
        feed.keep_policy(connection, policy)
    vault.close()


def test_documents_are_kept_for_as_long_as_is_laid_down(
    chartdrop: CommandLine, settings: Settings, scan: Path, tmp_path: Path
) -> None:
    assert chartdrop.run("scan", scan, "--save").returncode == 0
    vault = open_vault(settings, lambda: None)
    with vault.act() as connection:
        long_ago = (vault.clock() - timedelta(days=3 * 366)).isoformat()
        connection.exec_driver_sql("UPDATE documents SET received_at = ?", (long_ago,))
    vault.close()
    folder = tmp_path / "scans"

    assert chartdrop.run("watch", folder, "--until-idle").returncode == 0
    assert len(chartdrop.run("documents", "--json").stdout.splitlines()) == 1  # seven years by itself
    lay_down(settings, PolicyState(retention_years=2))
    workspace = open_workspace(settings, lambda: None)
    workspace.start(None)
    try:
        while workspace.documents():
            time.sleep(0.05)
    finally:
        workspace.close()
