"""`chartdrop conflicts`, as typed."""

import json
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from desktop.journey.review.decisions import Reviewer, Word, correct
from desktop.services import open_workspace
from desktop.vault import audit_log
from desktop.vault.connection import open_vault
from desktop.vault.people import Role
from tests.desktop.conftest import PASSPHRASE, CommandLine, nobody_answers, quick_settings
from tests.desktop.journey.review.test_decisions import NAME, came, kept, shown

PIN = "493817"


@pytest.fixture
def contradicted(tmp_path: Path) -> UUID:
    """A document of which two people said otherwise."""
    with closing(open_vault(quick_settings(tmp_path / "data"), nobody_answers)) as vault:
        document_id = kept(vault)
        correct(vault, document_id, Word(NAME, "Featherstone"), Reviewer("person:1", "Dana\x1b[31m Ortiz"))
        came(vault, document_id, "Feather-Stone")
    return document_id


def looks(place: Path) -> int:
    """How often somebody looked at the conflicts, by the audit chain."""
    with closing(open_vault(quick_settings(place / "data"), nobody_answers)) as vault, vault.read() as connection:
        return sum('"conflicts.listed"' in line for line in audit_log.lines(connection))


def test_a_conflict_is_listed_with_who_and_when_and_settled(
    chartdrop: CommandLine, contradicted: UUID, tmp_path: Path
) -> None:
    listed = chartdrop.run("conflicts", "--json")
    assert listed.returncode == 0, listed.stderr
    [line] = [json.loads(line) for line in listed.stdout.splitlines()]
    theirs, mine = line["corrections"]
    assert (line["document_id"], line["file_name"], line["field"]) == (
        str(contradicted), "intake.pdf", "fields.patient_name",
    )  # fmt: skip
    assert (theirs["value"], theirs["person"], mine["value"], mine["actor"]) == (
        "Feather-Stone", "Ravi", "Featherstone", "person:1",
    )  # fmt: skip
    assert mine["at"].endswith("Z")
    told = chartdrop.run("conflicts").stdout
    assert "Feather-Stone  (Ravi," in told
    assert "\x1b" not in told

    settled = chartdrop.run("conflicts", "settle", str(contradicted), "fields.patient_name", mine["id"])

    assert settled.returncode == 0, settled.stderr
    assert chartdrop.run("conflicts", "--json").stdout == ""
    assert looks(tmp_path) == 3
    again = chartdrop.run("conflicts", "settle", str(contradicted), "fields.patient_name", mine["id"])
    assert (again.returncode, "somebody may have settled it" in again.stderr) == (2, True)
    with closing(open_vault(quick_settings(tmp_path / "data"), nobody_answers)) as vault:
        value = shown(vault, contradicted).fields["patient_name"]
    assert value is not None
    assert value.value == "Featherstone"


def test_what_names_no_field_is_wrong_usage(chartdrop: CommandLine, contradicted: UUID) -> None:
    wrong = chartdrop.run("conflicts", "settle", str(contradicted), "patient_name", str(contradicted))

    assert (wrong.returncode, "fields.patient_name" in wrong.stderr) == (2, True)


def test_a_viewer_sees_conflicts_and_settles_none(chartdrop: CommandLine, contradicted: UUID, tmp_path: Path) -> None:
    with closing(open_workspace(quick_settings(tmp_path / "data"), nobody_answers)) as workspace:
        workspace.staff.add("Dana", Role.MANAGER, PIN)
        workspace.session.sign_in("Dana", PIN)
        workspace.staff.add("Vera", Role.VIEWER, PIN)
    vera = {"CHARTDROP_PERSON": "Vera", "CHARTDROP_PIN": PIN, "CHARTDROP_PASSPHRASE": PASSPHRASE}

    listed = chartdrop.run("conflicts", "--json", **vera)
    correction = json.loads(listed.stdout)["corrections"][0]["id"]
    refused = chartdrop.run("conflicts", "settle", str(contradicted), "fields.patient_name", correction, **vera)

    assert (listed.returncode, refused.returncode) == (0, 4)
    assert "may not correct or approve" in refused.stderr
