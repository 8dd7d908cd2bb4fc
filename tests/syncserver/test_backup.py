"""Backups of an embedded server: taken while it serves, restored elsewhere, and refused when they are damaged."""

import shutil
import tarfile
from pathlib import Path

import pytest

from shared.ids import new_id
from tests.syncserver.desktop import FILE_NAME, PATIENT, Desktop
from tests.syncserver.scripted import document
from tests.syncserver.test_commands import ACCOUNT, Run, assert_a_sentence, run, serving, sign_up

__all__ = ["run"]
pytestmark = pytest.mark.timeout(120)


def test_what_was_backed_up_while_serving_is_served_again_elsewhere(tmp_path: Path, run: Run) -> None:
    old, new, out = tmp_path / "data", tmp_path / "new" / "data", tmp_path / "backup.tar"
    with serving(tmp_path, CHARTDROP_WORKERS="0") as (_, http):
        sign_up(http)
        desktop = Desktop(http)
        desktop.enrol(http.post("/api/v1/devices/enrolment-codes").json()["code"])
        read = desktop.read(new_id())
        assert desktop.push().status_code == 200
        cursor = desktop.pull().json()["cursor"]
        sent = http.post("/api/v1/jobs", files={"file": (FILE_NAME, document(pages=1))}).json()["job_id"]
        assert_a_sentence(run("backup", "--out", str(out), "--data-dir", str(old)), 0, "1 stored files")
        http.post("/api/v1/api-keys", data={"name": "made after the backup"})

    new.mkdir(parents=True)
    assert_a_sentence(run("restore", str(out), "--data-dir", str(new)), 1, "secret.key")
    shutil.copy(old / "secret.key", new)
    assert_a_sentence(run("restore", str(out), "--data-dir", str(new)), 0, "holds what was backed up")
    with serving(tmp_path / "new", CHARTDROP_WORKERS="0") as (_, http):
        login = {"username": ACCOUNT["email"], "password": ACCOUNT["password"]}
        http.headers["Authorization"] = f"Bearer {http.post('/api/v1/login', data=login).json()['access_token']}"
        assert PATIENT in http.get(f"/api/v1/jobs/{read}").text
        link = http.get(f"/api/v1/jobs/{sent}/original").json()["url"]
        assert http.get(link).content == document(pages=1)
        assert http.get("/api/v1/api-keys").json()["items"] == []
        desktop.http = http
        assert desktop.push().status_code == 200
        assert desktop.pull(cursor).json()["code"] == "resync_required"
        again = desktop.pull().json()["cursor"]
        assert again["epoch"] != cursor["epoch"]
    verified = run("audit", "verify", "--data-dir", str(new))
    assert (verified.returncode, " verified\n" in verified.stdout) == (0, True)


def test_after_other_tools_restored_the_database_the_operator_has_devices_fetch_anew(tmp_path: Path, run: Run) -> None:
    with serving(tmp_path, CHARTDROP_WORKERS="0") as (_, http):
        sign_up(http)
        desktop = Desktop(http)
        desktop.enrol(http.post("/api/v1/devices/enrolment-codes").json()["code"])
        cursor = desktop.pull().json()["cursor"]

        assert_a_sentence(run("resync", "--data-dir", str(tmp_path / "data")), 0, "of 1 organizations")

        assert desktop.pull(cursor).json()["code"] == "resync_required"
        http.post("/api/v1/devices/enrolment-codes")
        assert "feed.restarted" in http.get("/api/v1/audit").text


def backed_up(place: Path, run: Run) -> Path:
    assert run("migrate", "--data-dir", str(place / "data")).returncode == 0
    assert run("backup", "--out", str(place / "backup.tar"), "--data-dir", str(place / "data")).returncode == 0
    return place / "backup.tar"


def test_nothing_in_a_backup_is_in_the_clear(tmp_path: Path, run: Run) -> None:
    held = backed_up(tmp_path, run).read_bytes()

    assert b"SQLite format 3" not in held
    assert (tmp_path / "data" / "secret.key").read_bytes().strip() not in held
    assert not [path for path in (tmp_path / "data").iterdir() if path.name.startswith(".")]


def test_a_damaged_backup_is_refused_and_leaves_no_server(tmp_path: Path, run: Run) -> None:
    backup, new = backed_up(tmp_path, run), tmp_path / "new"
    content = bytearray(backup.read_bytes())
    content[5000] ^= 1
    backup.write_bytes(content)
    new.mkdir()
    shutil.copy(tmp_path / "data" / "secret.key", new)

    assert_a_sentence(run("restore", str(backup), "--data-dir", str(new)), 1, "damaged")
    assert [path.name for path in new.iterdir()] == ["secret.key"]


def test_an_archive_that_leads_out_of_its_place_is_refused(tmp_path: Path, run: Run) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "secret.key").write_text("0" * 64)
    (tmp_path / "evil").write_text("evil")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "evil", "../escaped")

    assert_a_sentence(run("restore", str(tmp_path / "evil.tar"), "--data-dir", str(new)), 1, "no backup")
    assert not list(tmp_path.glob("**/escaped"))


def test_a_server_that_is_there_is_not_overwritten(tmp_path: Path, run: Run) -> None:
    backup = backed_up(tmp_path, run)

    assert_a_sentence(run("restore", str(backup), "--data-dir", str(tmp_path / "data")), 1, "There is a server")


def test_a_server_on_postgresql_is_sent_to_its_own_tools(tmp_path: Path, run: Run) -> None:
    settings = {"CHARTDROP_STORAGE_URL": f"file://{tmp_path}/elsewhere"}
    backed_up(tmp_path, run)

    finished = run("backup", "--out", str(tmp_path / "b"), "--data-dir", str(tmp_path / "data"), **settings)

    assert_a_sentence(finished, 1, "own tools")
