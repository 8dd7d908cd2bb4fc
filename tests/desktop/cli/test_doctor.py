"""`chartdrop doctor`, as a real process on real faults."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from desktop.doctor import here, store
from desktop.settings import Settings
from desktop.vault.connection import Vault, open_vault
from shared.doctor import Finding, examine
from shared.reading.ocr.models import ALL, BESIDE_THE_CODE, FOLDER_VARIABLE
from tests.desktop.conftest import CommandLine, fingerprint, nobody_answers, quick_settings

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def findings(done: "subprocess.CompletedProcess[str]") -> dict[str, dict[str, Any]]:
    return {one["check"]: one for one in map(json.loads, done.stdout.splitlines())}


def test_a_machine_that_is_well_ends_with_0_and_nothing_was_made(chartdrop: CommandLine) -> None:
    done = chartdrop.run("doctor", "--json", **OFFSCREEN)

    found = findings(done)
    assert done.returncode == 0, done.stdout
    assert {"processor", "memory", "disk", "models", "reading", "display", "keyring", "data_folder", "store"} <= set(
        found
    )
    assert found["reading"]["state"] == found["models"]["state"] == found["display"]["state"] == "well"
    assert "offscreen" in found["display"]["message"]
    assert all(bool(one["remedy"]) == (one["state"] != "well") for one in found.values())
    assert not chartdrop.data_dir.exists()


def test_weights_that_were_changed_are_a_fault_and_the_exit_code_says_so(
    chartdrop: CommandLine, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(BESIDE_THE_CODE, models)
    with (models / ALL[0].name / "inference.onnx").open("ab") as file:
        file.write(b"x")

    done = chartdrop.run("doctor", **OFFSCREEN, **{FOLDER_VARIABLE: str(models)})

    assert done.returncode == 3
    faults = [line for line in done.stdout.splitlines() if line.startswith("fault")]
    assert {line.split()[1] for line in faults} == {"models", "reading"}
    assert "was changed. Install Chartdrop again" in done.stdout


def test_without_a_display_a_window_is_tried_and_the_commands_are_said_to_work(
    monkeypatch: pytest.MonkeyPatch, chartdrop: CommandLine
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")

    [found] = here.display([str(word) for word in chartdrop.command()])

    assert (found.check, found.state) == ("display", "warning")


def look(settings: Settings) -> dict[str, Finding]:
    return {one.check: one for one in examine([("store", lambda: store.look_into(settings))])}


def test_a_store_that_asks_for_its_passphrase_is_left_alone(vault: Vault, settings: Settings) -> None:
    vault.close()
    locked = settings.model_copy(update={"passphrase": None})
    before = fingerprint(settings.data_dir)

    found = look(locked)

    assert (found["store"].state, set(found)) == ("warning", {"store"})
    assert "CHARTDROP_PASSPHRASE" in found["store"].remedy
    assert fingerprint(settings.data_dir) == before


def test_a_byte_that_was_changed_in_the_database_is_found(vault: Vault, settings: Settings) -> None:
    vault.fold_log()
    vault.close()
    content = bytearray(vault.folder.database.read_bytes())
    content[-2000] ^= 1
    vault.folder.database.write_bytes(content)

    assert look(settings)["store"].state == "fault"


def test_drop_folders_that_are_away_are_named(tmp_path: Path) -> None:
    there, away = tmp_path / "scans", tmp_path / "share"
    there.mkdir()
    settings = quick_settings(tmp_path / "data", watch=away)
    open_vault(settings, nobody_answers).close()

    found = look(settings)["drop_folder"]
    assert (found.state, str(away) in found.message) == ("fault", True)

    settings = quick_settings(tmp_path / "data", watch=there)
    assert look(settings)["drop_folder"].state == "well"


def test_a_data_directory_that_others_may_enter_is_a_warning(vault: Vault, settings: Settings) -> None:
    assert [one.state for one in here.data_folder(settings.data_dir)] == ["well"]
    settings.data_dir.chmod(0o755)

    [found] = here.data_folder(settings.data_dir)

    assert (found.state, "chmod 700" in found.remedy) == ("warning", True)


def test_the_server_is_asked_and_its_clock_compared(chartdrop: CommandLine, server_url: str) -> None:
    import httpx

    account = {"email": "doctor@clinic.example.com", "password": "quite long enough"}
    registered = account | {"full_name": "Dana", "organization_name": "Looked at"}
    httpx.post(f"{server_url}/api/v1/register", json=registered).raise_for_status()
    who = {f"CHARTDROP_{name.upper()}": value for name, value in account.items()}
    assert chartdrop.run("connect", server_url, **who).returncode == 0

    found = look(quick_settings(chartdrop.data_dir))

    assert found["server"].state == found["clock"].state == "well"
    assert server_url in found["server"].message
