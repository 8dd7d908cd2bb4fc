"""One journey for all tests of this folder: real scans, a real desktop process, a real server, walked once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.frugal import on_one_processor

SAMPLES = Path(__file__).parents[1] / "samples"
PROGRAMS = Path(sys.executable).parent
PASSPHRASE = "a passphrase of the journey"
Json = dict[str, Any]


def environment(**more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHARTDROP_")}
    quick = {"CHARTDROP_SETTLE_SECONDS": "0.3", "CHARTDROP_SWEEP_SECONDS": "0.5", "CHARTDROP_WORKERS": "1"}
    return inherited | quick | more


class Server:
    """A real `chartdrop-server serve` on a database of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self, port: int = 0, **settings: str) -> None:
        command = [str(PROGRAMS / "chartdrop-server"), "serve", "--port", str(port), "--data-dir", str(self.place)]
        self._process = subprocess.Popen(
            command, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        self.url = line.split()[-1]

    def stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=30) == 0


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop's data directory, worked with through the command line alone."""

    data_dir: Path

    def run(
        self, *words: str | Path, passphrase: str = PASSPHRASE, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*on_one_processor(), PROGRAMS / "chartdrop", "--data-dir", self.data_dir, *words],
            env=environment(CHARTDROP_PASSPHRASE=passphrase, **settings),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def json(self, *words: str | Path, exit_code: int = 0) -> list[Json]:
        done = self.run(*words, "--json")
        assert done.returncode == exit_code, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@dataclass(frozen=True, slots=True)
class Journey:
    """What was dropped, and the places and people it went through."""

    scans: Path
    dropped: dict[str, Path]
    settled: list[Json]
    desktop: Desktop
    server: Server
    owner: httpx.Client

    def arrival(self, name: str) -> Json:
        return next(arrival for arrival in self.settled if arrival["file_name"] == name)

    def jobs(self) -> list[Json]:
        items: list[Json] = self.owner.get("/api/v1/jobs", params={"limit": 100}).json()["items"]
        return items


def truth_of(sample: Path) -> Json:
    truth: Json = json.loads((SAMPLES / "truth" / f"{sample.stem}.json").read_text())
    return truth


def signed_up(url: str, email: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=30)
    account = {"email": email, "password": "long enough to keep", "full_name": "Dana Owner"}
    assert client.post("/api/v1/register", json=account | {"organization_name": email}).status_code == 201
    login = {"username": email, "password": account["password"]}
    client.headers["Authorization"] = f"Bearer {client.post('/api/v1/login', data=login).json()['access_token']}"
    return client


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Two scans, a copy of one, and two files that are none, on their way to the server."""
    place = tmp_path_factory.mktemp("journey")
    server, desktop, scans = Server(place / "server"), Desktop(place / "desktop"), place / "scans"
    server.start()
    owner = signed_up(server.url, "owner@example.com")
    code = owner.post("/api/v1/devices/enrolment-codes").json()["code"]
    connected = desktop.run("connect", server.url, CHARTDROP_ENROLMENT_CODE=code)
    assert connected.returncode == 0, connected.stderr
    dropped = drop(scans)
    settled = desktop.json("watch", scans, "--until-idle", exit_code=3)
    yield Journey(scans, dropped, settled, desktop, server, owner)
    owner.close()
    server.stop()


def drop(scans: Path) -> dict[str, Path]:
    """The files now in `scans`, by name, with the sample each was made from."""
    documents = sorted((SAMPLES / "documents").iterdir())
    picture, fax = (next(path for path in documents if path.suffix == suffix) for suffix in (".png", ".tif"))
    scans.mkdir()
    dropped = {"scan 1.png": picture, "fax ünïcode.tif": fax, "again.png": picture}
    for name, sample in dropped.items():
        shutil.copy(sample, scans / name)
    (scans / "empty.pdf").write_bytes(b"")
    (scans / "letter.pdf").write_text("not a PDF at all\n" * 20)
    (scans / "still arriving.part").write_bytes(b"half a scan")
    return dropped
