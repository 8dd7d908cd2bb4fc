"""The bundles that PyInstaller made: small, quick, whole, and in need of nothing else, a network least of all."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.installers.conftest import PAGE, PASSPHRASE, ROOT, SAMPLES, Bundle, bare_environment, send_a_page, sizes

pytestmark = pytest.mark.installers

_MEGABYTE = 1_000_000
_RUNS = 5
_NO_NETWORK = ("unshare", "--net", "--")

needs_namespaces = pytest.mark.skipif(
    sys.platform != "linux" or subprocess.run(["unshare", "--net", "true"], check=False).returncode != 0,
    reason="needs the right to make a network namespace",
)


def test_each_takes_less_than_600_mb(desktop: Bundle, server: Bundle) -> None:
    for bundle in (desktop, server):
        held = sizes(bundle.folder)
        total = sum(held.values()) / _MEGABYTE
        largest = sorted(held.items(), key=lambda one: -one[1])[:8]
        print(f"\n{bundle.folder.name}: {total:.0f} MB in {len(held)} files; the largest:")
        print("".join(f"  {size / _MEGABYTE:6.1f} {path}\n" for path, size in largest))

        assert total < 600


def median_seconds(act: Callable[[], None]) -> float:
    """Of some runs, the first of which only fills the disk's cache."""
    taken = []
    for _ in range(_RUNS + 1):
        began = time.monotonic()
        act()
        taken.append(time.monotonic() - began)
    return statistics.median(taken[1:])


def from_source(*words: str | Path) -> None:
    environment = bare_environment() | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "desktop", *words]
    subprocess.run(command, env=environment, capture_output=True, timeout=180, check=True)


@pytest.mark.parametrize(
    "words",
    [("--version",), ("scan", "--json", PAGE), ("doctor", "--display")],
    ids=["a command", "a page that is read", "a window"],
)
def test_it_starts_in_less_than_half_as_long_again_as_from_source(desktop: Bundle, words: tuple[str | Path]) -> None:
    def frozen() -> None:
        done = desktop.run(*words)
        assert done.returncode == 0, done.stderr

    source, bundled = median_seconds(lambda: from_source(*words)), median_seconds(frozen)
    print(f"\n{words[0]}: from source {source:.2f} s, bundled {bundled:.2f} s, {bundled / source:.2f} times")

    assert bundled < 1.5 * source


@needs_namespaces
def test_it_reads_every_sample_without_any_network(desktop: Bundle) -> None:
    interfaces = subprocess.run([*_NO_NETWORK, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True)
    assert "eth" not in interfaces.stdout

    samples = sorted(SAMPLES.iterdir())
    done = desktop.run("scan", "--json", *samples, before=_NO_NETWORK)

    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file_name"] for one in read] == [path.name for path in samples]
    assert all(one["error"] is None and one["document_type"] != "unknown" for one in read)


@needs_namespaces
def test_the_whole_way_without_a_network_from_the_folder_to_each_export(desktop: Bundle, tmp_path: Path) -> None:
    """What is imported by name alone, and what is read as a file, is all in the bundle."""
    scans, data = tmp_path / "scans", tmp_path / "data"
    scans.mkdir()
    shutil.copy(PAGE, scans)

    def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
        done = desktop.run(*words, "--data-dir", data, before=_NO_NETWORK, CHARTDROP_PASSPHRASE=PASSPHRASE)
        assert done.returncode == 0, done.stderr
        return done

    run("watch", scans, "--until-idle")
    [document] = [json.loads(line) for line in run("documents", "--json").stdout.splitlines()]
    assert document["state"] == "done"
    for form in ("csv", "xlsx", "json", "fhir", "hl7", "pdf"):
        out = tmp_path / f"handed-on.{form}"
        run("export", document["id"], "--format", form, "--out", out)
        assert out.stat().st_size > 0
    run("templates", "list")
    run("audit", "verify")
    run("audit", "verifier", "--out", tmp_path / "verify.py")
    run("backup", "--out", tmp_path / "backup.zip")


@needs_namespaces
def test_its_doctor_finds_nothing_wrong_without_a_network(desktop: Bundle, tmp_path: Path) -> None:
    done = desktop.run("doctor", "--json", "--data-dir", tmp_path / "data", before=_NO_NETWORK)

    found = {one["check"]: one["state"] for one in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, done.stdout
    assert found["reading"] == found["models"] == found["display"] == "well"


def test_what_it_starts_finds_the_systems_libraries(desktop: Bundle, tmp_path: Path) -> None:
    """Poppler, a program of the system, must not be handed the bundle's libraries: a PDF that only it opens is read."""
    broken = tmp_path / "broken.pdf"
    whole = (SAMPLES / "scan 0042.pdf").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])

    from_the_source = subprocess.run(
        [sys.executable, "-m", "desktop", "scan", "--json", broken],
        env=bare_environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert desktop.run("scan", "--json", broken).returncode == from_the_source.returncode


def test_the_server_serves_and_reads(server: Bundle, tmp_path: Path) -> None:
    command = [str(server.program), "serve", "--port", "0", "--data-dir", str(tmp_path / "server")]
    running = subprocess.Popen(command, env=bare_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        url = running.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, timeout=60) as client:
            assert client.get("/health").json()["status"] == "ok"
            assert client.get("/api/docs").status_code == client.get("/api/openapi.json").status_code == 200
            job = send_a_page(client)
            assert job["status"] == "completed", job
            for form in ("xlsx", "fhir", "hl7", "pdf"):
                assert client.get(f"/api/v1/jobs/{job['job_id']}/export?format={form}").status_code == 200
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)
    assert running.returncode in (0, -signal.SIGTERM)


@pytest.mark.parametrize("product", ["desktop", "server"])
def test_its_bill_of_materials_is_valid_and_names_what_is_in_it(product: str, request: pytest.FixtureRequest) -> None:
    bundle: Bundle = request.getfixturevalue(product)
    text = (bundle.folder / "_internal" / "sbom.cdx.json").read_text()
    names = {one["name"] for one in bundle.bill()["components"]}

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert {"paddleocr", "opencv-contrib-python", "onnxruntime", "Python", "PaddleOCR models", "sqlcipher3"} <= names
    assert ("PySide6_Essentials" in names) == (product == "desktop")
    assert ("fastapi" in names) == (product == "server")
    assert not names & {"pytest", "mypy", "localstripe", "hypothesis", "PyInstaller"}


@pytest.mark.parametrize("product", ["desktop", "server"])
def test_no_part_of_it_is_under_a_licence_that_asks_for_our_code(product: str, request: pytest.FixtureRequest) -> None:
    bundle: Bundle = request.getfixturevalue(product)
    parts = json.loads((bundle.folder / "_internal" / "licences.json").read_bytes())
    asking = [
        part["name"]
        for part in parts
        if "GPL" in part["licence"] and "LGPL" not in part["licence"] and "exception" not in part["licence"]
    ]

    assert parts
    assert not asking
    assert all(part["text"] for part in parts if "LGPL" in part["licence"])


def test_the_weights_are_in_it_and_nothing_of_the_tests(desktop: Bundle) -> None:
    files = {str(path) for path in sizes(desktop.folder)}

    assert sum(path.endswith("inference.onnx") for path in files) == 4
    ours = [path for path in files if path.startswith(("_internal/desktop/", "_internal/shared/"))]
    assert ours
    assert not [path for path in ours if path.endswith(".md")], "documents for developers"
    assert not [path for path in files if "/tests/" in path or path.endswith("conftest.py")]
    assert os.access(desktop.folder / "chartdrop-reader", os.X_OK)
