"""Real parts for the desktop's tests: an encrypted store in a folder of its own, a drawn scan, the real programs."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from desktop.settings import Settings
from desktop.vault.connection import Vault, open_vault
from tests import forking

PASSPHRASE = "correct horse battery"
PATIENT = "Quillabamba Featherstone"
PROGRAMS = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CHARTDROP_") and name != "CHARTDROP_MODELS_DIR"]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return quick_settings(tmp_path / "data")


@pytest.fixture
def vault(settings: Settings) -> Iterator[Vault]:
    opened = open_vault(settings, lambda: None)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that names a patient, as a scanner would deliver it."""
    path = tmp_path_factory.mktemp("scan") / "page.png"
    draw_scan(path, PATIENT)
    return path


def draw_scan(path: Path, patient: str) -> None:
    page = Image.new("L", (1000, 700), "white")
    font = ImageFont.load_default(34)
    for number, line in enumerate(("HOSPICE ADMISSION", f"Patient Name: {patient}", "Date of Birth: 02/03/1941")):
        ImageDraw.Draw(page).text((80, 80 + number * 90), line, font=font, fill="black")
    page.save(path)


def quick_settings(data_dir: Path, **more: object) -> Settings:
    quick = {"passphrase": PASSPHRASE, "settle_seconds": 0.2, "sweep_seconds": 0.3, "workers": 1}
    return Settings.model_validate(quick | {"data_dir": data_dir} | more)


def nobody_answers() -> str | None:
    """Stands for a prompt that nobody is there to answer."""
    return None


needs_secret_service = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs a Secret Service: Debian's packages dbus and gnome-keyring",
)


_SERVED = (  # the daemon forks before it answers; asked earlier, the bus would start another, which is locked
    "until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner "
    "string:org.freedesktop.secrets | grep -q true; do sleep 0.1; done"
)


def run_with_secret_service(script: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """Runs the Python `script` in a session of its own, whose Secret Service is real, unlocked and empty."""
    session = (
        f'printf "login" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && {_SERVED} && "$0" -c "$1"'
    )
    return subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", session, sys.executable, script],
        env=dict(os.environ) | {"HOME": str(home), "XDG_DATA_HOME": str(home / "share")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below `folder` with a hash of what it holds, and of when it was last written."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        str(path): hashlib.sha256(path.read_bytes() + str(path.stat().st_mtime_ns).encode()).hexdigest()
        for path in files
    }


def files_that_tell(folder: Path, *words: str) -> list[Path]:
    """Files below `folder` in which one of the `words` can be read."""
    needles = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [path for path in folder.rglob("*") if path.is_file() and any(n in path.read_bytes() for n in needles)]


def environment(**more: str) -> dict[str, str]:
    quick = {"CHARTDROP_SETTLE_SECONDS": "0.2", "CHARTDROP_SWEEP_SECONDS": "0.3", "CHARTDROP_WORKERS": "1"}
    return dict(os.environ) | quick | {"CHARTDROP_PASSPHRASE": PASSPHRASE} | more


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The real `chartdrop` on one data directory, in a process of its own."""

    data_dir: Path

    def run(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """To its end; an empty setting is one that is not there."""
        env = {name: value for name, value in environment(**settings).items() if value}
        return forking.chartdrop("--data-dir", self.data_dir, *words, env=env)

    def start(self, *words: str | Path) -> "subprocess.Popen[str]":
        """As people start it, and left running."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command(*words), env=environment(), stdout=pipe, stderr=pipe, text=True)

    def command(self, *words: str | Path) -> list[str | Path]:
        return [sys.executable, "-m", "desktop", "--data-dir", self.data_dir, *words]


@pytest.fixture
def chartdrop(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real server, on a database of its own."""
    place = str(tmp_path_factory.mktemp("server"))
    command = [str(PROGRAMS / "chartdrop-server"), "serve", "--port", "0", "--data-dir", place]
    server = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line.startswith("listening on "), line
    yield line.split()[-1]
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)
