"""Whoever types what the guides say, from top to bottom, in an empty home directory, gets through: real commands, a
real server, a real PostgreSQL. And what the guides point at is there."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click import Group
from pydantic import SecretStr

from syncserver.cli import chartdrop_server
from syncserver.settings import Settings
from tests.frugal import on_one_processor
from tests.guides.reading import (
    ADMINISTRATOR,
    GUIDES,
    INTEGRATOR,
    ROOT,
    RUNBOOK,
    SECURITY,
    USER,
    blocks,
    commands,
    commands_elsewhere,
    files,
    script,
)
from tests.installers.deployment import postgres_binaries, postgres_of_the_roles
from tests.journey.conftest import PROGRAMS, SAMPLES, Server, environment, signed_up
from tests.servers import free_ports
from tests.syncserver.conftest import SECRET, furnish

pytestmark = pytest.mark.timeout(300)
beside_a_server = pytest.mark.xdist_group("guides")  # one server and one warm reader for all of them
_LONGEST_S = 240  # on a busy machine; a quarter of it is usual
_ELSEWHERE = {"sudo", "docker", "cd", "./make-secrets.sh"}
_LARGEST_PICTURE = 200_000  # bytes: everybody who clones the repository takes them along


@dataclass(frozen=True, slots=True)
class Clinic:
    """A server that the guides share, and the owner of an organization there."""

    port: int
    owner: httpx.Client

    def enrolment_code(self) -> str:
        return str(self.owner.post("/api/v1/devices/enrolment-codes").json()["code"])

    def api_key(self) -> str:
        return str(self.owner.post("/api/v1/api-keys", data={"name": "guide"}).json()["key"])


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start(CHARTDROP_WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8")
    owner = signed_up(server.url, "owner@guides.example.com")
    yield Clinic(urlsplit(server.url).port or 0, owner)
    owner.close()
    server.stop()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home directory, with a fax and a scan in it."""
    place = tmp_path / "home"
    place.mkdir()
    shutil.copy(SAMPLES / "documents" / "fax from st. anne.tif", place / "fax.tif")
    shutil.copy(SAMPLES / "documents" / "intake, two pages.pdf", place / "intake.pdf")
    return place


def follow(guide: Path, home: Path, port: int, **given: str) -> str:
    """What the guide's commands print, typed in order; the assertion says at which line one failed."""
    for file in files(guide):
        (home / file.remark).write_text(file.text)
    typed = script(guide).replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("--port 8000", f"--port {port}")
    typed = typed.replace("8070", str(free_ports(1)[0]))
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    process = subprocess.Popen(
        [*on_one_processor(), "bash", "-c", typed],
        cwd=home,
        env=environment(HOME=str(home), PATH=path, CHARTDROP_PASSPHRASE="a passphrase of the guides") | given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed, told = process.communicate(timeout=_LONGEST_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, told = process.communicate()
        pytest.fail(f"it stood still:\n{told[-3000:]}")
    assert process.returncode == 0, f"{told[-3000:]}\nprinted: {printed[-1500:]}"
    return printed


@beside_a_server
def test_the_users_guide(clinic: Clinic, home: Path) -> None:
    given = {"ENROLMENT": clinic.enrolment_code(), "CHARTDROP_NEW_PIN": "640271", "CHARTDROP_PERSON": "Dana Ortiz"}

    printed = follow(USER, home, clinic.port, CHARTDROP_PIN="640271", **given)

    assert "Dana Ortiz" in printed
    assert (home / "fax.pdf").read_bytes().startswith(b"%PDF-")
    assert (home / "elsewhere" / "store.db").exists()
    assert clinic.owner.get("/api/v1/jobs", params={"origin": "desktop"}).json()["items"]


@beside_a_server
def test_the_administrators_guide(clinic: Clinic, home: Path) -> None:
    printed = follow(ADMINISTRATOR, home, clinic.port)

    assert '"owner"\n"Harbor Light Hospice"' in printed
    assert "the device locked itself" in printed
    assert re.search(r'^"20\d\d-.*"$', printed.splitlines()[-1])


@beside_a_server
def test_the_integrators_guide(clinic: Clinic, home: Path) -> None:
    printed = follow(INTEGRATOR, home, clinic.port, API_KEY=clinic.api_key())

    assert '"kind": "' in printed
    assert '"type":"job.completed"' in printed
    assert "Provenance" in printed
    assert "'OBX'" in printed
    assert "MDM^T02^MDM_T02" in printed


def test_the_runbook(home: Path, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    subprocess.run([RUNBOOK.with_name("make-secrets.sh"), secrets], check=True, capture_output=True)
    (home / "large-secret").write_text(SECRET)
    with postgres_of_the_roles(secrets, tmp_path) as (url, host):
        furnish(Settings(data_dir=tmp_path / "large", secret_key=SecretStr(SECRET), database_url=url))

        path = f"{PROGRAMS}:{postgres_binaries()}:{os.environ['PATH']}"
        printed = follow(RUNBOOK, home, free_ports(1)[0], PATH=path, PGHOST=host, PGUSER="postgres")

    assert printed.count('"status":"ok"') == 1
    assert printed.count(" verified") == 2 + 4  # a chain and a tree of the operator's; two of each of the large server
    assert (home / "large-secret").read_text().startswith("chartdrop2:")
    assert (home / "restored" / "secret.key").read_text() != (home / "server" / "secret.key").read_text()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_no_command_of_ours_hides_among_those_that_need_another_machine(guide: Path) -> None:
    typed = [line for block in commands_elsewhere(guide) for line in block.text.splitlines()]

    assert {line.split()[0] for line in typed} <= _ELSEWHERE
    assert not [line for line in typed if line.startswith("sudo chartdrop")]
    assert {block.language for block in blocks(guide)} <= {"sh", "python"}
    assert commands(guide) or guide == SECURITY
    ours = re.compile(r"\b(?:as-chartdrop|api chartdrop-server) ([a-z-]+)(?: ([a-z]+))?")
    for name, *more in ours.findall("\n".join(typed)):
        command = chartdrop_server.commands[name]
        assert not isinstance(command, Group) or more[0] in command.commands


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_points_at_is_there(guide: Path) -> None:
    targets = re.findall(r"\]\((?!http)([^)\s]+)\)", guide.read_text())

    for path, _, heading in (target.partition("#") for target in targets):
        found = (guide.parent / path).resolve() if path else guide
        assert found.exists(), f"{guide.name} points at {path}"
        assert not heading or heading in headings(found), f"{guide.name} points at {path}#{heading}"


def headings(document: Path) -> set[str]:
    """As GitHub makes anchors of them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_safeguards_that_are_claimed_are_shown_by_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", SECURITY.read_text())

    assert len(named) > 15
    for path, test in named:
        assert f"def {test or 'test_'}" in (ROOT / path).read_text(), f"{path}::{test}"


def test_every_technical_safeguard_is_told_of() -> None:
    told = set(re.findall(r"^\| (\([a-e]\)\S*)", SECURITY.read_text(), re.MULTILINE))

    standard = {"(a)(1)", "(a)(2)(i)", "(a)(2)(ii)", "(a)(2)(iii)", "(a)(2)(iv)", "(b)", "(c)(1)", "(c)(2)", "(d)"}
    assert told == standard | {"(e)(1)", "(e)(2)(i)", "(e)(2)(ii)"}  # 45 CFR 164.312


def test_every_picture_is_shown_and_small() -> None:
    pictures = {path.name: path.stat().st_size for path in USER.parent.glob("*.png")}

    assert set(pictures) == set(re.findall(r"!\[[^]]+\]\(([^)]+)\)", USER.read_text()))
    assert max(pictures.values()) < _LARGEST_PICTURE


def test_the_readme_leads_to_every_guide() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [guide.name for guide in GUIDES if f"({guide.relative_to(ROOT)})" not in readme] == []
