"""The Debian packages, in a bare Debian of their own: installed, started, upgraded, removed, purged.

Debootstrap makes it from this machine's own mirror, so that nothing is there but what the packages ask for. For the
server's it is booted, since systemd has to start that."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import gethostname

import httpx
import psutil
import psycopg
import pytest

from installers.linux.deb import DESKTOP, SERVER, Product, make_package
from tests.guides.reading import RUNBOOK, commands_elsewhere
from tests.installers.conftest import BUNDLES, PASSPHRASE, SAMPLES, send_a_page
from tests.installers.debian import Debian, booted, can_boot, made_in, mounted
from tests.installers.deployment import HERE, postgres_of_the_roles
from tests.servers import free_ports

pytestmark = [
    pytest.mark.installers,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("debootstrap"), reason="needs root, and Debian's package debootstrap"
    ),
]
needs_systemd = pytest.mark.skipif(not can_boot(), reason="needs the right to boot a system in a cgroup of its own")

Packages = Callable[[Product, str], Path]
OLD, NEW = "0.1.0", "0.1.1"
PASSWORD = "seven herons over a harbor"
_OF_A_MACHINE = ("systemd", "dbus", "sudo", "openssl")
_MARKS = {
    "install": "chartdrop-server_0.1.0_amd64.deb",
    "enlarge": "enable --now chartdrop-worker",
    "by hand": "useradd",
    "upgrade": "chartdrop-server_0.1.1_amd64.deb",
    "rotate": "keys rotate",
}
TYPED = {
    name: block.text
    for block in commands_elsewhere(RUNBOOK)
    for name, mark in _MARKS.items()
    if mark in block.text and "docker" not in block.text
}
_ZSTD = "malformed-deb-archive"
"""What lintian says of zstd, which Debian's own archive does not take; Debian 12 and Ubuntu install it."""
_SETTINGS = "etc/chartdrop/chartdrop-server.env"
_SOCKET = ".s.PGSQL.5432"
_SECRET = "etc/chartdrop/secrets/secret_key"
_SAFE = "media/safe/chartdrop_secret_key"
_DATA = "var/lib/chartdrop"


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    system = made_in(tmp_path_factory.mktemp("debian") / "root")
    with ExitStack() as mounts:  # what every system has: random numbers, and a list of its processes
        mounts.enter_context(mounted(system.root / "proc", "-t", "proc", "proc"))
        mounts.enter_context(mounted(system.root / "dev", "--rbind", "/dev"))
        yield system


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Either product in a version, made when it is asked for."""
    out = tmp_path_factory.mktemp("packages")
    made: dict[tuple[str, str], Path] = {}

    def package(product: Product, version: str) -> Path:
        name = (product.package, version)  # a product itself has no hash
        if name not in made:
            made[name] = make_package(product, BUNDLES / product.package, out, version)
        return made[name]

    return package


def test_every_command_of_the_runbook_for_systemd_is_typed_here() -> None:
    for_systemd = [block.text for block in commands_elsewhere(RUNBOOK) if "docker" not in block.text]

    assert sorted(for_systemd) == sorted(TYPED.values())
    assert TYPED.keys() == _MARKS.keys()


def test_lintian_finds_no_error(packages: Packages) -> None:
    if not shutil.which("lintian"):
        pytest.skip("needs Debian's package lintian")
    for product in (DESKTOP, SERVER):
        found = subprocess.run(
            ["lintian", "--allow-root", "--fail-on", "error", "--suppress-tags", _ZSTD, packages(product, OLD)],
            capture_output=True,
            text=True,
            check=False,
        )
        print(found.stdout)
        assert found.returncode == 0, found.stdout


def test_the_desktop_from_installing_to_purging(debian: Debian, packages: Packages) -> None:
    shutil.copytree(SAMPLES, debian.root / "srv" / "scans")
    debian.install(packages(DESKTOP, OLD))

    def chartdrop(*words: str) -> str:
        more = {"CHARTDROP_PASSPHRASE": PASSPHRASE, "QT_QPA_PLATFORM": "offscreen"}
        return debian.run("chartdrop", "--data-dir", "/root/store", *words, check=True, **more).stdout

    assert OLD in debian.state("chartdrop")
    assert debian.run("chartdrop", "doctor", "--display", QT_QPA_PLATFORM="offscreen").stdout == "offscreen\n"
    chartdrop("watch", "/srv/scans", "--until-idle")
    before = chartdrop("documents", "--json")
    assert len(before.splitlines()) == len(list(SAMPLES.iterdir()))

    debian.install(packages(DESKTOP, NEW))
    assert NEW in debian.state("chartdrop")
    assert chartdrop("documents", "--json") == before
    assert json.loads(chartdrop("audit", "verify", "--json"))["ok"]

    debian.run("apt-get", "remove", "-y", "-qq", "chartdrop")
    debian.run("dpkg", "--purge", "chartdrop")  # it has no settings: nothing is left that apt knew of
    assert debian.state("chartdrop") in {"", "not-installed"}
    assert not (debian.root / "usr" / "lib" / "chartdrop").exists()
    assert not (debian.root / "usr" / "share" / "applications" / "chartdrop.desktop").exists()
    assert (debian.root / "root" / "store" / "store.db").exists(), "people's stores are theirs"


@needs_systemd
def test_the_server_from_installing_to_purging_as_the_runbook_says(furnished: Debian, packages: Packages) -> None:
    offer(furnished, packages)
    http = listening(furnished)
    with booted(furnished) as system, http:
        typed(system, "install", given=f"{PASSWORD}\n{PASSWORD}\n")
        wait_until_well(http, system)
        assert units(system) == {
            "chartdrop-server.service": "active",
            "chartdrop-server-backup.timer": "active",
            "chartdrop-worker.service": "inactive",
        }
        assert_closed(system)
        assert send_a_page(http)["status"] == "completed"
        assert_readers_are_confined()
        system.run("systemctl", "start", "chartdrop-server-backup.service")
        assert (system.root / _DATA / "backup.tar").stat().st_mode & 0o777 == 0o600
        with (system.root / _SETTINGS).open("a") as settings:
            settings.write("CHARTDROP_LOG_LEVEL=WARNING\n")

        before = main_process(system)
        typed(system, "upgrade")
        wait_until_well(http, system)
        assert NEW in system.state("chartdrop-server")
        assert main_process(system) != before
        assert "CHARTDROP_LOG_LEVEL=WARNING" in (system.root / _SETTINGS).read_text(), "settings stay"
        assert (system.root / _SECRET).read_bytes() == (system.root / _SAFE).read_bytes()

        typed(system, "rotate")
        wait_until_well(http, system)
        assert (system.root / _SECRET).read_text().startswith("chartdrop2:")
        secret = (system.root / _SECRET).read_bytes()

        system.run("apt-get", "remove", "-y", "-qq", "chartdrop-server")
        assert set(units(system).values()) == {"inactive"}
        assert (system.root / _SETTINGS).exists()
        purged = system.run("apt-get", "purge", "-y", "-qq", "chartdrop-server")
    assert not (furnished.root / _SETTINGS).exists()
    assert (furnished.root / _DATA / "server.db").exists(), "what was recorded outlives the program"
    assert (furnished.root / _SECRET).read_bytes() == secret, "and opens"
    assert f"/{_DATA} still holds" in purged.stdout + purged.stderr


@needs_systemd
def test_the_server_of_the_package_on_postgresql(furnished: Debian, packages: Packages, tmp_path: Path) -> None:
    furnished.install(packages(SERVER, NEW))
    http = listening(furnished)
    secrets, place = tmp_path / "secrets", furnished.root / "srv" / "postgresql"
    subprocess.run([HERE / "make-secrets.sh", secrets], check=True, capture_output=True)
    place.mkdir()
    with postgres_of_the_roles(secrets, tmp_path) as (url, socket):
        (place / _SOCKET).hardlink_to(Path(socket) / _SOCKET)  # its own folder is closed to others
        (furnished.root / _SECRET).with_name("database_url").write_text(url.replace(socket, "/srv/postgresql"))
        with booted(furnished) as system, http:
            wait_until_well(http, system)
            typed(system, "enlarge")
            wait_until_well(http, system)
        with psycopg.connect(url.replace("+psycopg", "")) as database:
            assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


@needs_systemd
def test_the_units_without_the_package(furnished: Debian) -> None:
    """What the runbook has typed where the program came into /usr/bin by other means."""
    furnished.run("apt-get", "purge", "-y", "-qq", "chartdrop-server", check=False)
    furnished.run("rm", "-rf", f"/{_DATA}", "/etc/chartdrop")
    furnished.run("userdel", "chartdrop", check=False)
    shutil.copytree(BUNDLES / "chartdrop-server", furnished.root / "opt" / "chartdrop-server", symlinks=True)
    furnished.run("ln", "-s", "/opt/chartdrop-server/chartdrop-server", "/usr/bin/chartdrop-server")
    shutil.copytree(HERE, furnished.root / "root", dirs_exist_ok=True)
    http = listening(furnished)
    with booted(furnished) as system, http:
        typed(system, "by hand")
        wait_until_well(http, system)
        assert_closed(system)
        assert '"fault"' not in system.run("sudo", "as-chartdrop", "doctor", "--json").stdout


@pytest.fixture(scope="module")
def furnished(debian: Debian) -> Debian:
    """With what a server's machine has, and what the package asks for, so that nothing asks whether to go on."""
    needed = [one.split()[0] for one in f"{SERVER.depends}, {SERVER.recommends}".split(",")]
    debian.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *needed, *_OF_A_MACHINE)
    (debian.root / _SAFE).parent.mkdir()
    (debian.root / "etc" / "hosts").write_text(f"127.0.0.1 localhost {gethostname()}\n")
    return debian


def offer(system: Debian, packages: Packages) -> None:
    """The files lie where commands are typed."""
    for version in (OLD, NEW):
        shutil.copy(packages(SERVER, version), system.root / "root")


def listening(system: Debian) -> httpx.Client:
    """A client for a port of this test's own: the booted system has the machine's network."""
    (port,) = free_ports(1)
    place = system.root / "etc/systemd/system/chartdrop-server.service.d"
    place.mkdir(exist_ok=True)
    (place / "port.conf").write_text(f'[Service]\nEnvironment="CHARTDROP_SERVE_OPTIONS=--port {port}"\n')
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)


def typed(system: Debian, name: str, given: str = "") -> None:
    """The commands that the runbook has for it."""
    system.run("sh", "-euc", f"cd /root\n{TYPED[name]}", given=given)


def assert_closed(system: Debian) -> None:
    """Records are the service's alone, secrets are root's."""
    owners = system.run("stat", "--format=%U %a", f"/{_DATA}", f"/{_SECRET}", f"/{_SETTINGS}").stdout.splitlines()
    assert owners == ["chartdrop 700", "root 600", "root 640"]


def wait_until_well(http: httpx.Client, system: Debian) -> None:
    for _ in range(120):
        with suppress(httpx.TransportError):
            if http.get("/health").json()["status"] == "ok":
                return
        time.sleep(0.5)
    pytest.fail(system.run("journalctl", "--no-pager", "--unit=chartdrop-server").stdout[-3000:])


def units(system: Debian) -> dict[str, str]:
    names = ("chartdrop-server.service", "chartdrop-server-backup.timer", "chartdrop-worker.service")
    return {name: system.run("systemctl", "is-active", name, check=False).stdout.strip() for name in names}


def main_process(system: Debian) -> int:
    shown = system.run("systemctl", "show", "--property=MainPID", "--value", "chartdrop-server.service")
    return int(shown.stdout)


def assert_readers_are_confined() -> None:
    """What parses documents has a filter of system calls of its own, besides those of the unit."""
    found = ((process.pid, Path(process.info["exe"] or "")) for process in psutil.process_iter(["exe"]))
    filters = {
        program.name: int(Path(f"/proc/{pid}/status").read_text().split("Seccomp_filters:")[1].split()[0])
        for pid, program in found
        if "/usr/lib/chartdrop-server/" in str(program)
    }
    assert filters["chartdrop-reader"] == filters["chartdrop-server"] + 1
