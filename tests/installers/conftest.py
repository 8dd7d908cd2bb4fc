"""What `make deb` built, as tests of it find it."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "build" / "bundle"
SAMPLES = ROOT / "tests" / "samples" / "documents"
PAGE = SAMPLES / "face sheet.png"
PASSPHRASE = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder that PyInstaller made, and its program."""

    folder: Path

    @property
    def program(self) -> Path:
        return self.folder / self.folder.name

    def bill(self) -> dict[str, Any]:
        """Its bill of materials."""
        bill: dict[str, Any] = json.loads((self.folder / "_internal" / "sbom.cdx.json").read_bytes())
        return bill

    def run(self, *words: str | Path, before: tuple[str, ...] = (), **more: str) -> "subprocess.CompletedProcess[str]":
        """The program's end; `before` stands before it on the command line."""
        command = [*before, self.program, *words]
        environment = bare_environment() | more
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)


def bare_environment() -> dict[str, str]:
    """Nothing of the developer's: no virtual environment, no search path of Python's."""
    kept = ("PATH", "HOME", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"QT_QPA_PLATFORM": "offscreen"}


def sizes(folder: Path) -> Mapping[Path, int]:
    """Of every file below `folder`, on the disk, in bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(folder): path.stat().st_blocks * 512 for path in files}


def send_a_page(client: httpx.Client) -> dict[str, str]:
    """An organization's owner signs up at a server and sends a page; the job, once it is done or has failed."""
    person = {"email": "ada@clinic.example", "password": "a long enough passphrase 42", "full_name": "Ada"}
    client.post("/api/v1/register", json=person | {"organization_name": "Clinic"}).raise_for_status()
    form = {"username": person["email"], "password": person["password"]}
    token = client.post("/api/v1/login", data=form).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    sent = client.post("/api/v1/jobs", files={"file": ("page.png", PAGE.read_bytes())}).raise_for_status().json()
    for _ in range(240):
        job: dict[str, str] = client.get(f"/api/v1/jobs/{sent['job_id']}").json()
        if job["status"] in {"completed", "failed"}:
            break
        time.sleep(0.5)
    return job


def _built(name: str) -> Bundle:
    bundle = Bundle(BUNDLES / name)
    assert bundle.program.is_file(), f"{bundle.folder} is not built: `make deb` does it"
    return bundle


@pytest.fixture(scope="session")
def desktop() -> Bundle:
    return _built("chartdrop")


@pytest.fixture(scope="session")
def server() -> Bundle:
    return _built("chartdrop-server")
