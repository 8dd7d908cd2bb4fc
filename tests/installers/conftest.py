"""What `make deb` built, as tests of it find it."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "build" / "bundle"
SAMPLES = ROOT / "tests" / "samples" / "documents"
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
