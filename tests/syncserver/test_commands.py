"""`chartdrop-server`, as a process of its own: what it prints, how it ends, what survives its death."""

import json
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import httpx
import pytest

from shared.wire.v1.sync import PushRequest
from syncserver.__main__ import main
from tests.forking import chartdrop_server, end, first_line
from tests.syncserver.conftest import SECRET, fresh_postgres, ordinary_logging
from tests.syncserver.desktop import Desktop

pytestmark = pytest.mark.timeout(120)
ACCOUNT = {
    "email": "owner@clinic.example.com",
    "password": "quite long enough",
    "full_name": "Olivia Owner",
    "organization_name": "Clinic",
}


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    """Runs a command to its end, with these settings alone."""

    def __call__(self, *arguments: str, **settings: str) -> Finished: ...


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs commands in this process (starting one takes two seconds), in an empty working directory."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str, **settings: str) -> Finished:
        for name in [name for name in os.environ if name.startswith("CHARTDROP_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["chartdrop-server", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        written = capsys.readouterr()
        return Finished(int(end.value.code or 0), written.out, written.err)

    with ordinary_logging():
        yield run_command


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHARTDROP_")}
    return kept | settings


@contextmanager
def serving(place: Path, *arguments: str, **settings: str) -> Iterator[tuple[ForkServerProcess, httpx.Client]]:
    """A running server and a client of it; killed at the end if it still runs."""
    out, log = place / f"address-{uuid4()}", place / "log"
    words = ("serve", "--port", "0", "--data-dir", str(place / "data"), *arguments)
    process = chartdrop_server(*words, env=environment(**settings), out=out, err=log)
    try:
        line = first_line(process, out)
        assert re.match("listening on https?://127.0.0.1:", line), log.read_text()
        with httpx.Client(base_url=line.removeprefix("listening on "), timeout=30) as client:
            yield process, client
    finally:
        end(process)


def sign_up(http: httpx.Client) -> None:
    """An organization's owner, signed in."""
    assert http.post("/api/v1/register", json=ACCOUNT).status_code == 201
    login = {"username": ACCOUNT["email"], "password": ACCOUNT["password"]}
    http.headers["Authorization"] = f"Bearer {http.post('/api/v1/login', data=login).json()['access_token']}"


def assert_a_sentence(finished: Finished, code: int, *words: str) -> None:
    assert finished.returncode == code, finished.stderr
    assert finished.stdout == ""
    assert "Traceback" not in finished.stderr
    for word in words:
        assert word in finished.stderr


def test_it_serves_until_it_is_told_to_end_and_ends_well(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, http):
        assert http.get("/health").json()["status"] == "ok"
        process.terminate()
        process.join(15)
        assert process.exitcode == 0

    log = (tmp_path / "log").read_text()
    assert '"event": "request"' in log
    assert "Traceback" not in log


def test_what_was_accepted_survives_a_kill_in_the_middle_of_pushes(tmp_path: Path, run: Run) -> None:
    with serving(tmp_path) as (process, http):
        sign_up(http)
        desktop = Desktop(http)
        desktop.enrol(http.post("/api/v1/devices/enrolment-codes").json()["code"])
        token, answers = desktop.token(), [0]
        for _ in range(60):
            desktop.read()
        killer = threading.Timer(0.02, process.kill)
        try:
            for row in range(0, len(desktop.outbox), 3):
                if row == 30:
                    killer.start()
                body = PushRequest(operations=desktop.outbox[row : row + 3]).model_dump_json().encode()
                answers.append(desktop.send(body, token).json()["accepted_through"])
        except httpx.TransportError:
            pass
        process.join()
        assert 30 <= answers[-1] < 180

    with serving(tmp_path) as (_, http):
        desktop.http = http
        held = desktop.push(desktop.outbox[-1:]).json().get("accepted_through", len(desktop.outbox))
        assert held >= answers[-1]
        assert desktop.push().json()["accepted_through"] == 180
        login = {"username": ACCOUNT["email"], "password": ACCOUNT["password"]}
        http.headers["Authorization"] = f"Bearer {http.post('/api/v1/login', data=login).json()['access_token']}"
        assert http.get("/api/v1/stats").json()["total_jobs"] == 60

    verified = run("audit", "verify", "--data-dir", str(tmp_path / "data"))
    assert verified.returncode == 0
    assert verified.stdout.count(" verified\n") == 3  # the organization's chain, the desktop's, and the tree


def test_the_audit_log_is_verified_and_a_head_kept_elsewhere_holds_it(tmp_path: Path, run: Run) -> None:
    with serving(tmp_path) as (_, http):
        sign_up(http)
        head = http.get("/api/v1/audit/tree-head").json()
    kept, forged = tmp_path / "kept.json", tmp_path / "forged.json"
    kept.write_text(json.dumps(head))
    forged.write_text(json.dumps(head | {"root": "ab" * 32}))
    verify = ["audit", "verify", "--json", "--data-dir", str(tmp_path / "data")]

    found = [json.loads(line) for line in run(*verify, "--head", str(kept)).stdout.splitlines()]
    assert [(one["kind"], one["fault"]) for one in found] == [("chain", None), ("tree", None)]
    assert found[1]["organization_id"] == head["tree"]

    anew = run(*verify, "--head", str(forged))
    assert anew.returncode == 6
    assert json.loads(anew.stdout.splitlines()[1])["fault"]["leaf"] == head["size"] - 1
    assert_a_sentence(run(*verify, "--head", str(tmp_path / "data" / "secret.key")), 2, "is no tree head")

    removed = run("audit", "remove-expired", "--data-dir", str(tmp_path / "data"))
    assert (removed.returncode, removed.stdout.split()[-3:]) == (0, ["entries", "0", "removed"])


def test_it_serves_on_postgresql_once_that_is_migrated(tmp_path: Path, postgres: str, run: Run) -> None:
    with fresh_postgres(postgres) as url:
        settings = {"CHARTDROP_SECRET_KEY": SECRET, "CHARTDROP_DATABASE_URL": url}
        assert_a_sentence(run("serve", "--port", "0", **settings), 1, "chartdrop-server migrate")
        assert_a_sentence(run("migrate", **settings), 0, "up to date")
        with serving(tmp_path, **settings) as (_, http):
            sign_up(http)
        other = settings | {"CHARTDROP_SECRET_KEY": SECRET[::-1]}
        assert_a_sentence(run("serve", "--port", "0", **other), 1, "CHARTDROP_SECRET_KEY is not the one")


def test_a_port_in_use_is_told(tmp_path: Path, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        finished = run("serve", "--port", port, "--data-dir", str(tmp_path / "data"))

    assert_a_sentence(finished, 1, f"Port {port} on 127.0.0.1 is in use")


def test_an_unreachable_database_is_told_without_its_password(run: Run) -> None:
    url = "postgresql+psycopg://me:hush@127.0.0.1:1/none"
    finished = run("serve", "--database-url", url, CHARTDROP_SECRET_KEY=SECRET)

    assert_a_sentence(finished, 1, "PostgreSQL at 127.0.0.1, database none, cannot be used")
    assert "hush" not in finished.stderr


def test_a_wrong_secret_touches_nothing(tmp_path: Path, run: Run) -> None:
    data = str(tmp_path / "data")
    assert run("migrate", "--data-dir", data).returncode == 0
    before = (tmp_path / "data" / "server.db").read_bytes()

    finished = run("serve", "--data-dir", data, CHARTDROP_SECRET_KEY=SECRET)

    assert_a_sentence(finished, 1, "does not open with this secret")
    assert (tmp_path / "data" / "server.db").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["serve", "--port", "x"], 2, "--port"),
        (["serve", "--port", "70000"], 2, "--port"),
        (["no-such-command"], 2, "no-such-command"),
        (["serve", "--data-dir", "/proc/none"], 1, "cannot be made"),
        (["serve", "--host", "no.such.host.invalid", "--data-dir", "d"], 1, "no address"),
        (["serve", "--database-url", "mysql://x"], 1, "postgresql"),
        (["audit", "verify", "--data-dir", "d"], 1, "no server's database"),
        (["create-superuser", "nobody", "--data-dir", "d"], 2, "EMAIL"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(run: Run, arguments: list[str], code: int, word: str) -> None:
    assert_a_sentence(run(*arguments, CHARTDROP_PASSWORD="quite long enough"), code, word)


def test_a_superuser_can_sign_in(tmp_path: Path, run: Run) -> None:
    made = run(
        "create-superuser",
        "Root@Example.com",
        "--data-dir",
        str(tmp_path / "data"),
        CHARTDROP_PASSWORD="horse on a roof",
    )
    assert made.returncode == 0, made.stderr

    with serving(tmp_path) as (_, http):
        tokens = http.post("/api/v1/login", data={"username": "root@example.com", "password": "horse on a roof"}).json()
        me = http.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert me["user"]["is_superuser"] is True


def test_an_organization_is_put_on_a_tier(tmp_path: Path, run: Run) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    with serving(tmp_path) as (_, http):
        organization = http.post("/api/v1/register", json=ACCOUNT).json()["organization_id"]
    assert run("organizations", "tier", organization, "gold", *data).returncode == 2
    assert run("organizations", "tier", str(uuid4()), "starter", *data).returncode == 1

    put = run("organizations", "tier", organization, "starter", *data)
    assert (put.returncode, "is on the tier starter" in put.stderr) == (0, True), put.stderr
    listed = run("organizations", "list", *data).stdout
    assert listed.splitlines() == [f"{organization} starter people 1 devices 0 pages 0 Clinic"]
    assert run("audit", "verify", *data).returncode == 0


def test_a_common_password_makes_no_superuser(run: Run) -> None:
    finished = run("create-superuser", "root@example.com", CHARTDROP_PASSWORD="password123")

    assert_a_sentence(finished, 1, "Choose another")


def test_a_worker_without_a_broker_says_who_reads_the_jobs_then(run: Run, tmp_path: Path) -> None:
    finished = run("worker", "--data-dir", str(tmp_path / "data"))

    assert_a_sentence(finished, 1, "CHARTDROP_BROKER_URL is not set", "the server reads its jobs itself")
