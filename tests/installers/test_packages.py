"""The Debian packages, in a bare Debian of their own: installed, started, upgraded, removed, purged.

Debootstrap makes it from this machine's own mirror, so that nothing is there but what the packages ask for."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from installers.linux.deb import DESKTOP, SERVER, make_package
from tests.installers.conftest import BUNDLES, PASSPHRASE, SAMPLES
from tests.installers.deployment import HERE, postgres_of_the_roles

pytestmark = [
    pytest.mark.installers,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("debootstrap"), reason="needs root, and Debian's package debootstrap"
    ),
]

OLD, NEW = "0.1.0", "0.1.1"
SECRETS = HERE / "make-secrets.sh"
_SETTINGS = "etc/chartdrop/chartdrop-server.env"
_SECRET = "etc/chartdrop/secrets/secret_key"
_DATA = "var/lib/chartdrop"


@dataclass(frozen=True, slots=True)
class Debian:
    """A bare system in a folder, entered by chroot."""

    root: Path

    def run(self, *words: str, check: bool = True, **more: str) -> "subprocess.CompletedProcess[str]":
        command = ["chroot", str(self.root), *words]
        done = subprocess.run(
            command, env=_environment() | more, capture_output=True, text=True, timeout=600, check=False
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done

    def install(self, package: Path) -> None:
        shutil.copy(package, self.root / "tmp")
        self.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/tmp/{package.name}")  # noqa: S108
        (self.root / "tmp" / package.name).unlink()

    def state(self, package: str) -> str:
        found = self.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package, check=False)
        return found.stdout.strip()


def _environment() -> dict[str, str]:
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
        "HOME": "/root",
    }


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    root = tmp_path_factory.mktemp("debian") / "root"
    asked = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages", "Component: main"]
    mirror = next(line.split()[0] for line in _said(asked) if "debian" in line and "bookworm" in line)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", root, mirror], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout[-2000:]
    system = Debian(root)
    with _mounted(root):
        yield system


@contextmanager
def _mounted(root: Path) -> Iterator[None]:
    """What every system has: without it, programs have no random numbers and know no processes."""
    places = {"proc": ["-t", "proc", "proc"], "dev": ["--rbind", "/dev"]}
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    for place, how in places.items():
        subprocess.run(["mount", *how, root / place], check=True)
    try:
        yield
    finally:
        for place in places:
            subprocess.run(["umount", "--recursive", "--lazy", root / place], check=False)


def _said(command: list[str]) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Both products in two versions."""
    out = tmp_path_factory.mktemp("packages")
    return {
        (product.package, version): make_package(product, BUNDLES / product.package, out, version)
        for product in (DESKTOP, SERVER)
        for version in (OLD, NEW)
    }


def test_lintian_finds_no_error(packages: dict[tuple[str, str], Path]) -> None:
    if not shutil.which("lintian"):
        pytest.skip("needs Debian's package lintian")
    for name in ("chartdrop", "chartdrop-server"):
        found = subprocess.run(
            ["lintian", "--allow-root", "--fail-on", "error", packages[name, OLD]],
            capture_output=True,
            text=True,
            check=False,
        )
        print(found.stdout)
        assert found.returncode == 0, found.stdout


def test_the_desktop_from_installing_to_purging(debian: Debian, packages: dict[tuple[str, str], Path]) -> None:
    shutil.copytree(SAMPLES, debian.root / "srv" / "scans")
    debian.install(packages["chartdrop", OLD])

    def chartdrop(*words: str) -> str:
        more = {"CHARTDROP_PASSPHRASE": PASSPHRASE, "QT_QPA_PLATFORM": "offscreen"}
        return debian.run("chartdrop", "--data-dir", "/root/store", *words, check=True, **more).stdout

    assert OLD in debian.state("chartdrop")
    assert debian.run("chartdrop", "doctor", "--display", QT_QPA_PLATFORM="offscreen").stdout == "offscreen\n"
    chartdrop("watch", "/srv/scans", "--until-idle")
    before = chartdrop("documents", "--json")
    assert len(before.splitlines()) == len(list(SAMPLES.iterdir()))

    debian.install(packages["chartdrop", NEW])
    assert NEW in debian.state("chartdrop")
    assert chartdrop("documents", "--json") == before
    assert json.loads(chartdrop("audit", "verify", "--json"))["ok"]

    debian.run("apt-get", "remove", "-y", "-qq", "chartdrop")
    debian.run("apt-get", "purge", "-y", "-qq", "chartdrop")
    assert debian.state("chartdrop") in {"", "not-installed"}
    assert not (debian.root / "usr" / "lib" / "chartdrop").exists()
    assert not (debian.root / "usr" / "share" / "applications" / "chartdrop.desktop").exists()
    assert (debian.root / "root" / "store" / "store.db").exists(), "people's stores are theirs"


def test_the_server_from_installing_to_purging(debian: Debian, packages: dict[tuple[str, str], Path]) -> None:
    debian.install(packages["chartdrop-server", OLD])
    data = debian.root / _DATA
    assert data.stat().st_mode & 0o777 == 0o700
    assert debian.run("stat", "-c", "%U", f"/{_DATA}").stdout.strip() == "chartdrop"
    assert (debian.root / _SETTINGS).stat().st_mode & 0o007 == 0
    assert (debian.root / _SECRET).stat().st_mode & 0o777 == 0o600
    assert "wants/chartdrop-server-backup.timer" in debian.run("find", "/etc/systemd").stdout
    with _serving(debian) as client:
        assert client.get("/health").json()["status"] == "ok"
    secret = (debian.root / _SECRET).read_bytes()
    with (debian.root / _SETTINGS).open("a") as settings:
        settings.write("CHARTDROP_LOG_LEVEL=WARNING\n")

    debian.install(packages["chartdrop-server", NEW])
    assert "CHARTDROP_LOG_LEVEL=WARNING" in (debian.root / _SETTINGS).read_text(), "an administrator's settings stay"
    assert (debian.root / _SECRET).read_bytes() == secret
    with _serving(debian) as client:
        assert client.get("/health").json()["status"] == "ok"

    debian.run("apt-get", "remove", "-y", "-qq", "chartdrop-server")
    assert (debian.root / _SETTINGS).exists()
    assert (data / "server.db").exists()

    purged = debian.run("apt-get", "purge", "-y", "-qq", "chartdrop-server")
    assert not (debian.root / _SETTINGS).exists()
    assert (data / "server.db").exists(), "what was recorded outlives the program"
    assert (debian.root / _SECRET).read_bytes() == secret, "and opens"
    assert f"/{_DATA} still holds" in purged.stdout + purged.stderr


def test_the_server_of_the_package_on_postgresql(
    debian: Debian, packages: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    debian.install(packages["chartdrop-server", NEW])
    secrets, place = tmp_path / "secrets", debian.root / "srv" / "postgresql"
    subprocess.run([SECRETS, secrets], check=True, capture_output=True)
    place.mkdir()
    with postgres_of_the_roles(secrets, tmp_path) as (url, socket), _mounted_at(place, Path(socket)):
        (debian.root / _SECRET).with_name("database_url").write_text(url.replace(socket, "/srv/postgresql"))
        with _serving(debian) as client:
            assert client.get("/health").json()["status"] == "ok"
        with psycopg.connect(url.replace("+psycopg", "")) as database:
            assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


@contextmanager
def _mounted_at(place: Path, source: Path) -> Iterator[None]:
    subprocess.run(["mount", "--bind", source, place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=False)


@contextmanager
def _serving(debian: Debian) -> Iterator[httpx.Client]:
    """As the unit does it, without systemd: as its user, in its folder, with its settings and its secrets in files."""
    environment = _of_the_unit(debian)
    as_its_user = ["chroot", "--userspec=chartdrop:chartdrop", str(debian.root), "/usr/bin/chartdrop-server"]
    subprocess.run([*as_its_user, "migrate"], env=environment, check=True)
    serve = [*as_its_user, "serve", "--port", "0"]
    server = subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("listening on "), line
        with httpx.Client(base_url=line.split()[-1], timeout=60) as client:
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _of_the_unit(debian: Debian) -> dict[str, str]:
    """LoadCredential= copies each secret to where the service may read it; EnvironmentFile= is its environment."""
    credentials = debian.root / "run" / "credentials"
    shutil.rmtree(credentials, ignore_errors=True)
    credentials.mkdir()
    for secret in (debian.root / _SECRET).parent.iterdir():
        shutil.copy(secret, credentials / f"chartdrop_{secret.name}")
    debian.run("chown", "-R", "chartdrop:", "/run/credentials")
    lines = (debian.root / _SETTINGS).read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    places = {
        "CHARTDROP_SERVER_DATA_DIR": f"/{_DATA}",
        "HOME": f"/{_DATA}",
        "CREDENTIALS_DIRECTORY": "/run/credentials",
    }
    return _environment() | settings | places
