"""Every command's exit code, its words and its JSON, through the real program."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.desktop.conftest import CommandLine, fingerprint

TWO_PAGES = Path(__file__).parents[2] / "samples" / "documents" / "intake, two pages.pdf"


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_new_store_is_empty_and_its_chain_holds(chartdrop: CommandLine) -> None:
    status = chartdrop.run("status", "--json")
    audit = chartdrop.run("audit", "verify", "--json")

    assert status.returncode == audit.returncode == 0
    [counts] = lines(status)
    assert {counts[name] for name in ("waiting", "processing", "done", "failed", "quarantined", "unsynced")} == {0}
    assert (counts["last_sync"], counts["server"]) == (None, None)
    assert lines(audit) == [{"ok": True, "entries": 1, "countersigned_through": None, "fault": None}]
    assert chartdrop.run("documents", "--json").stdout == ""


def test_the_data_directory_may_stand_before_or_after_the_command(chartdrop: CommandLine, tmp_path: Path) -> None:
    assert chartdrop.run("status", "--data-dir", tmp_path / "other").returncode == 0

    assert (tmp_path / "other" / "store.db").exists()
    assert not chartdrop.data_dir.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a place where not even root may make a folder")
def test_a_data_directory_that_cannot_be_made_is_named_with_the_reason(chartdrop: CommandLine) -> None:
    done = chartdrop.run("status", "--data-dir", "/proc/chartdrop")

    assert done.returncode == 4
    assert done.stderr == "chartdrop: The data directory /proc/chartdrop cannot be used: No such file or directory.\n"


@pytest.mark.parametrize("passphrase", ["wrong", ""])
def test_a_store_that_stays_locked_exits_4_and_is_not_touched(chartdrop: CommandLine, passphrase: str) -> None:
    chartdrop.run("status")
    before = fingerprint(chartdrop.data_dir)

    for command in (["status"], ["watch", str(chartdrop.data_dir.parent / "scans"), "--until-idle"]):
        done = chartdrop.run(*command, CHARTDROP_PASSPHRASE=passphrase)
        assert done.returncode == 4
        assert "passphrase" in done.stderr
        assert done.stdout == ""

    assert fingerprint(chartdrop.data_dir) == before
    assert not (chartdrop.data_dir.parent / "scans").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["scan"],
        ["scan", "x.pdf", "--template", "hospis_admission"],
        ["connect", "http://127.0.0.1:1"],
        ["watch", __file__, "--until-idle"],
    ],
)
def test_wrong_usage_exits_2_with_a_hint(chartdrop: CommandLine, words: list[str]) -> None:
    done = chartdrop.run(*words)

    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_template_is_met_with_the_nearest(chartdrop: CommandLine) -> None:
    assert "Did you mean 'hospice_admission'?" in chartdrop.run("scan", "x", "--template", "hospis_admission").stderr


def test_a_setting_that_is_none_is_named_without_its_value(chartdrop: CommandLine) -> None:
    done = chartdrop.run("status", CHARTDROP_SETTLE_SECONDS="secret")

    assert done.returncode == 2
    assert "CHARTDROP_SETTLE_SECONDS" in done.stderr
    assert "secret" not in done.stderr


def test_scan_prints_one_object_a_file_and_names_what_it_could_not_read(
    chartdrop: CommandLine, scan: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.pdf").touch()
    done = chartdrop.run("scan", scan, tmp_path / "empty.pdf", tmp_path / "missing.pdf", tmp_path, "--json")

    assert done.returncode == 3
    read, empty, missing, folder = lines(done)
    assert read["error"] is None
    assert read["pages"][0]["lines"]
    assert set(read) >= {"file_name", "sha256", "page_count", "document_type", "template", "fields", "tables"}
    assert empty["error"]["code"] == "file_empty"
    assert "missing.pdf" in missing["error"]["message"]
    assert "folder" in folder["error"]["message"]
    assert len(done.stderr.splitlines()) == 3
    assert not chartdrop.data_dir.exists()


def test_scan_prints_in_the_order_given_whichever_is_read_first(
    chartdrop: CommandLine, scan: Path, tmp_path: Path
) -> None:
    names = ["long.png", "no document.pdf", "short.png", "missing.pdf"]
    for name in ("long.png", "short.png"):
        (tmp_path / name).write_bytes(scan.read_bytes())
    (tmp_path / "no document.pdf").write_bytes(b"nothing")

    done = chartdrop.run("scan", *(tmp_path / name for name in names), "--json", CHARTDROP_WORKERS="2")

    assert done.returncode == 3
    assert [line["file_name"] for line in lines(done)] == names
    assert [line["error"] is None for line in lines(done)] == [True, False, True, False]


def worked(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


def test_ctrl_c_ends_a_scan_in_the_middle_of_a_page_and_leaves_no_process(
    chartdrop: CommandLine, tmp_path: Path
) -> None:
    scanning = chartdrop.start("scan", *[TWO_PAGES] * 3)
    program = psutil.Process(scanning.pid)
    deadline = time.monotonic() + 60
    # In the middle of a page, whatever else runs: a reader loads for 2.3 s. Earlier, `chartdrop` may be importing, and
    # Python ends by the signal itself, not by 130, when it comes while a dataclass is made.
    while not (readers := program.children()) or worked(readers[0]) < 3.0:
        assert time.monotonic() < deadline
        time.sleep(0.05)

    scanning.send_signal(signal.SIGINT)
    _, told = scanning.communicate(timeout=10)

    assert scanning.returncode == 130, told
    assert psutil.wait_procs(readers, timeout=5)[1] == []


def test_scan_can_keep_what_it_read(chartdrop: CommandLine, scan: Path) -> None:
    done = chartdrop.run("scan", scan, "--save")
    [document] = lines(chartdrop.run("documents", "--json"))

    assert done.returncode == 0
    assert "page.png" in done.stdout
    assert (document["state"], document["file_name"], document["page_count"]) == ("done", "page.png", 1)


def test_a_server_that_is_down_exits_5_and_nothing_is_lost(chartdrop: CommandLine) -> None:
    refused = chartdrop.run("connect", "http://127.0.0.1:1", CHARTDROP_ENROLMENT_CODE="x")
    unconnected = chartdrop.run("sync", "--json")

    assert refused.returncode == unconnected.returncode == 5
    assert "cannot be reached" in refused.stderr
    assert lines(unconnected)[0]["error"]["code"] == "not_connected"
    assert chartdrop.run("disconnect").returncode == 0


def test_the_chain_is_exported_line_by_line(chartdrop: CommandLine, tmp_path: Path) -> None:
    done = chartdrop.run("audit", "export", "--out", tmp_path / "chain.jsonl")

    assert done.returncode == 0
    entries = [json.loads(line) for line in (tmp_path / "chain.jsonl").read_text().splitlines()]
    assert [(entry["sequence"], entry["action"]) for entry in entries] == [(1, "store.created"), (2, "audit.exported")]


def test_help_loads_nothing_that_takes_time() -> None:
    program = "import sys; from desktop.cli import run; run(['--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert "click" in loaded
    assert not {"pydantic", "sqlalchemy", "rich", "cryptography", "numpy", "PySide6", "structlog"} & set(loaded)


def test_the_command_line_never_loads_qt_or_ocr_into_its_own_process(chartdrop: CommandLine) -> None:
    program = (
        "import sys; from desktop.cli import run; "
        f"run(['--data-dir', {str(chartdrop.data_dir)!r}, 'status']); import desktop.cli.watching; print(*sys.modules)"
    )
    environment = {"CHARTDROP_PASSPHRASE": "x"}
    loaded = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()

    assert "sqlalchemy" in loaded
    assert not {"PySide6", "cv2", "paddleocr", "onnxruntime"} & set(loaded)
