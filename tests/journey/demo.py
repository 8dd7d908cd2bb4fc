"""One scan's whole way, shown on a terminal: drop folder, OCR, encrypted store, sync, server, audit.

`python -m tests.journey.demo` works in `build/demo/`, made anew each time. It uses the two programs as anyone would,
through their commands and the public API alone, and leaves nothing running.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.journey.demo_report import Finding, Shown, print_report

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples" / "documents"
PLACE = ROOT / "build" / "demo"
SCANS, DESKTOP, SERVER = PLACE / "scans", PLACE / "desktop", PLACE / "server"
PROGRAMS = Path(sys.executable).parent
_START_SECONDS = 60  # the server's first start makes its database

Json = dict[str, Any]
console = Console(stderr=True)


class DemoFailed(Exception):
    """A step did not do what it says; the message is the step's own last words."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The account the demo makes: an organization's owner, signed in."""

    client: httpx.Client
    organization: str


def environment(**more: str) -> dict[str, str]:
    """Ours, without what a developer may have set for Chartdrop, and with `more`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHARTDROP_")}
    return inherited | {"CHARTDROP_SETTLE_SECONDS": "0.5", "CHARTDROP_SWEEP_SECONDS": "1"} | more


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server of our own, on a database of its own, until the block ends."""
    command = [str(PROGRAMS / "chartdrop-server"), "serve", "--port", "0", "--data-dir", str(SERVER)]
    with (PLACE / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line.startswith("listening on "):
            raise DemoFailed(f"the server did not start; its log is {PLACE / 'server.log'}")
        yield line.removeprefix("listening on ").strip()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=_START_SECONDS)


def sign_up(url: str) -> Owner:
    """A new organization at `url`, its owner signed in."""
    client = httpx.Client(base_url=url, timeout=30)
    password = secrets.token_urlsafe(16)
    account = {"email": "owner@example.com", "password": password, "full_name": "Dana Owner"}
    organization = "Harbor Light Hospice"
    asked(client.post("/api/v1/register", json=account | {"organization_name": organization}))
    token = asked(client.post("/api/v1/login", data={"username": account["email"], "password": password}))
    client.headers["Authorization"] = f"Bearer {token['access_token']}"
    return Owner(client, organization)


def asked(answer: httpx.Response) -> Json:
    if answer.is_error:
        raise DemoFailed(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: {answer.text}"
        )
    content: Json = answer.json()
    return content


def chartdrop(*words: str | Path, passphrase: str, expected: tuple[int, ...] = (0,), **settings: str) -> list[Json]:
    """What the command printed, line by line. Raises DemoFailed with its own words when it ends otherwise."""
    done = subprocess.run(
        [PROGRAMS / "chartdrop", "--data-dir", DESKTOP, *words],
        env=environment(CHARTDROP_PASSPHRASE=passphrase, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in expected:
        raise DemoFailed(f"chartdrop {words[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def drop_samples() -> int:
    """How many sample scans now lie in the watched folder."""
    SCANS.mkdir(parents=True)
    samples = sorted(path for path in SAMPLES.iterdir() if path.suffix in {".pdf", ".png", ".jpg", ".tif"})
    for sample in samples:
        shutil.copy(sample, SCANS / sample.name)
    shutil.copy(samples[0], SCANS / f"scanned twice{samples[0].suffix}")
    (SCANS / "torn.pdf").write_bytes((SAMPLES.parent / "bad" / "torn.pdf").read_bytes())
    return len(samples) + 2


def watch(count: int, passphrase: str) -> list[Json]:
    """Every settled file, as `chartdrop watch --json` told it, while a bar shows how far it is."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    settled: list[Json] = []
    command = [str(PROGRAMS / "chartdrop"), "--data-dir", str(DESKTOP), "watch", str(SCANS), "--until-idle", "--json"]
    with (PLACE / "watch.log").open("w") as log:
        desktop = subprocess.Popen(
            command, env=environment(CHARTDROP_PASSPHRASE=passphrase), stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert desktop.stdout is not None
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        bar = progress.add_task("reading what was dropped", total=count)
        for line in desktop.stdout:
            settled.append(json.loads(line))
            progress.update(bar, advance=1, description=f"read {settled[-1]['file_name']}")
    if desktop.wait() not in {0, 3}:  # 3: some input could not be processed, as it should be here
        raise DemoFailed(f"chartdrop watch ended with {desktop.returncode}; its words are in {PLACE / 'watch.log'}")
    return settled


def server_copy(owner: Owner) -> list[Json]:
    """Every job the server holds, in full."""
    listed = asked(owner.client.get("/api/v1/jobs", params={"origin": "desktop", "limit": 100}))["items"]
    return [asked(owner.client.get(f"/api/v1/jobs/{job['job_id']}")) for job in listed]


def files_that_tell(names: set[str]) -> list[Path]:
    """Files below the two data directories in which one of the patients' `names` can be read."""
    needles = [name.encode(encoding) for name in names for encoding in ("utf-8", "utf-16-le")]
    files = [path for place in (DESKTOP, SERVER) for path in place.rglob("*") if path.is_file()]
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]


def run() -> Shown:
    """The whole way, once."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    passphrase = "-".join(secrets.token_hex(2) for _ in range(4))
    began = time.monotonic()
    with running_server() as url:
        console.print(f"[dim]a server of our own listens on {url}[/]")
        owner = sign_up(url)
        code = asked(owner.client.post("/api/v1/devices/enrolment-codes"))["code"]
        chartdrop("connect", url, passphrase=passphrase, CHARTDROP_ENROLMENT_CODE=code)
        console.print(f"[dim]this desktop is enrolled with {owner.organization}[/]")
        settled = watch(drop_samples(), passphrase)
        jobs = server_copy(owner)
        audit = chartdrop("audit", "verify", "--json", passphrase=passphrase)[0]
        status = chartdrop("status", "--json", passphrase=passphrase)[0]
    findings = [Finding.of(arrival, jobs) for arrival in settled]
    telling = files_that_tell({finding.patient for finding in findings if finding.patient})
    return Shown(findings, audit, status, telling, passphrase, time.monotonic() - began, PLACE.relative_to(ROOT))


def main() -> int:
    try:
        shown = run()
    except DemoFailed as failure:
        console.print(f"[bold red]the demo stopped:[/] {failure}")
        return 1
    print_report(shown)
    return 0 if shown.is_well() else 1


if __name__ == "__main__":
    sys.exit(main())
