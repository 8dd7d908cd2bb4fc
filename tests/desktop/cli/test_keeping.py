"""What the store holds is found, held, deleted, backed up and re-keyed from the command line."""

import json
from pathlib import Path

import pytest

from desktop.vault.connection import open_vault
from tests.desktop.conftest import PATIENT, CommandLine, quick_settings
from tests.desktop.vault.test_erasure import keep
from tests.desktop.vault.test_search import NOON


@pytest.fixture
def document_id(chartdrop: CommandLine) -> str:
    """A document that names a patient, read and kept."""
    vault = open_vault(quick_settings(chartdrop.data_dir), lambda: None)
    kept = keep(vault, at=NOON)
    vault.close()
    return str(kept)


def test_a_search_prints_documents_and_pages_for_people_and_programs(chartdrop: CommandLine, document_id: str) -> None:
    people = chartdrop.run("search", "feather")
    programs = chartdrop.run("search", "quillabamba feather", "--json", "--since", "2026-03-01", "--status", "done")
    nothing = chartdrop.run("search", "nobody", "--type", "referral", "--until", "2026-03-20")

    assert document_id in people.stdout
    assert f"page 1  Patient {PATIENT}" in people.stdout
    [line] = [json.loads(line) for line in programs.stdout.splitlines()]
    assert (line["id"], line["document_type"], line["state"]) == (document_id, "referral", "done")
    [page] = line["pages"]
    assert (page["number"], len(page["polygons"])) == (1, 2)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "Nothing was found" in nothing.stderr
    assert not chartdrop.run("search", "feather", "--since", "2026-03-17", "--json").stdout


def test_a_document_is_deleted_once_it_is_not_held(chartdrop: CommandLine, document_id: str) -> None:
    assert chartdrop.run("hold", document_id).returncode == 0
    held = chartdrop.run("delete", "--yes", document_id)
    assert (held.returncode, held.stdout) == (3, "")
    assert "legal hold" in held.stderr

    assert chartdrop.run("hold", "--release", document_id).returncode == 0
    assert chartdrop.run("delete", document_id).returncode == 130, "without --yes somebody has to say so"
    assert chartdrop.run("delete", "--yes", document_id).stdout == f"{document_id}\n"
    assert chartdrop.run("documents", "--json").stdout == ""
    assert chartdrop.run("delete", "--yes", document_id).returncode == 2
    assert chartdrop.run("audit", "verify").returncode == 0


def test_a_backup_is_restored_into_a_new_data_directory_alone(
    chartdrop: CommandLine, document_id: str, tmp_path: Path
) -> None:
    made = chartdrop.run("backup", "--out", tmp_path, CHARTDROP_RECOVERY_PASSPHRASE="for the safe")
    assert made.returncode == 0
    backup, elsewhere = made.stdout.strip(), CommandLine(tmp_path / "elsewhere")

    assert chartdrop.run("restore", backup).returncode == 3
    assert elsewhere.run("restore", backup).returncode == 4
    assert not elsewhere.data_dir.exists()
    restored = elsewhere.run("restore", backup, CHARTDROP_PASSPHRASE="for the safe")

    assert (restored.returncode, "documents: 1." in restored.stdout) == (0, True)
    listed = elsewhere.run("documents", "--json", CHARTDROP_PASSPHRASE="for the safe")
    assert document_id in listed.stdout


def test_the_key_and_the_passphrase_change_without_secrets_in_arguments(
    chartdrop: CommandLine, document_id: str
) -> None:
    assert chartdrop.run("key", "rotate").returncode == 0
    assert chartdrop.run("key", "passphrase").returncode == 4, "nobody was there to choose one"
    assert chartdrop.run("key", "passphrase", CHARTDROP_NEW_PASSPHRASE="another, longer").returncode == 0

    assert chartdrop.run("documents").returncode == 4
    assert document_id in chartdrop.run("documents", CHARTDROP_PASSPHRASE="another, longer").stdout
    assert chartdrop.run("audit", "verify", CHARTDROP_PASSPHRASE="another, longer").returncode == 0
