"""Templates that an organization published are there after a sync, and documents are read by them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.desktop.conftest import PATIENT, CommandLine, fingerprint
from tests.desktop.journey.sync.test_pull import V1, administrator
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

ADMISSION = (
    'name = "ward_admission"\nversion = {version}\ntitle = "Ward admission"\nheadings = ["hospice admission"]\n'
    'use = ["patient_name"]\n'
)


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def admin(chartdrop: CommandLine, server_url: str, request: pytest.FixtureRequest) -> httpx.Client:
    """Who published a template at the organization that this device was enrolled with."""
    email = f"{abs(hash(request.node.name))}@cli.example.com"
    owner_of_a_new_organization(server_url, email)
    connected = chartdrop.run("connect", server_url, CHARTDROP_EMAIL=email, CHARTDROP_PASSWORD=PASSWORD)
    assert connected.returncode == 0, connected.stderr
    client = administrator(server_url, email)
    assert client.post(f"{V1}/templates", json={"source": ADMISSION.format(version=1)}).status_code == 201
    assert client.post(f"{V1}/templates/ward_admission/publish", json={}).status_code == 200
    return client


def test_documents_are_read_by_what_the_organization_published_until_it_is_withdrawn(
    chartdrop: CommandLine, admin: httpx.Client, scan: Path
) -> None:
    [synced] = lines(chartdrop.run("sync", "--json"))
    assert (synced["waiting"], synced["fetched"], synced["error"]) == (0, 3, None)
    assert [one["name"] for one in lines(chartdrop.run("templates", "list", "--json"))][-1] == "ward_admission"

    before = fingerprint(chartdrop.data_dir)
    [read] = lines(chartdrop.run("scan", scan, "--template", "ward_admission", "--json"))
    assert read["template"] == {"name": "ward_admission", "version": 1}
    assert read["fields"]["patient_name"]["value"] == PATIENT
    assert fingerprint(chartdrop.data_dir) == before

    admin.delete(f"{V1}/templates/ward_admission")
    assert "1 fetched" in chartdrop.run("sync").stdout
    refused = chartdrop.run("scan", scan, "--template", "ward_admission")
    assert refused.returncode == 2
    assert "There is no template called 'ward_admission'" in refused.stderr


def test_a_store_that_does_not_open_by_itself_lends_no_templates_and_stops_no_reading(
    chartdrop: CommandLine, admin: httpx.Client, scan: Path
) -> None:
    chartdrop.run("sync")

    [read] = lines(chartdrop.run("scan", scan, "--json", CHARTDROP_PASSPHRASE=""))

    assert read["error"] is None
    assert [one["name"] for one in lines(chartdrop.run("templates", "list", "--json", CHARTDROP_PASSPHRASE=""))][
        -1
    ] == "referral"


def test_watching_goes_by_the_versions_of_now(chartdrop: CommandLine, admin: httpx.Client, scan: Path) -> None:
    drop = chartdrop.data_dir.parent / "drop" / "ward_admission"
    drop.mkdir(parents=True)
    (drop / "page.png").write_bytes(scan.read_bytes())
    chartdrop.run("sync")

    assert chartdrop.run("watch", drop.parent, "--until-idle").returncode == 0

    [document] = lines(chartdrop.run("documents", "--json"))
    assert (document["template"], document["document_type"]) == ("ward_admission", "ward_admission")


def test_status_says_what_the_organization_may_use_and_what_it_calls_this_device(
    chartdrop: CommandLine, admin: httpx.Client
) -> None:
    before = lines(chartdrop.run("status", "--json"))[0]
    chartdrop.run("sync")
    after = lines(chartdrop.run("status", "--json"))[0]
    shown = chartdrop.run("status").stdout

    assert (before["device_name"], before["organization_templates"], before["entitlement"]) == (None, 0, None)
    assert after["device_name"]
    assert after["organization_templates"] == 1
    assert set(after["entitlement"]) == {"tier", "included_pages", "used_pages", "period_end", "until"}
    assert (after["entitlement"]["tier"], after["entitlement"]["used_pages"]) == ("trial", 0)
    for words in ("0 of 100", "(trial)", "1 of the organization", after["device_name"]):
        assert words in shown
