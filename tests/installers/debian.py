"""A bare Debian in a folder: entered by chroot, or booted, with a systemd of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_BOOT = Path(__file__).with_name("boot.sh")
_CGROUPS = next((place for place in (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")) if place.is_dir()), None)
_BOOTS_WITHIN_S = 60
_NOT_OURS = ("apt-daily.timer", "apt-daily-upgrade.timer")  # it would fetch what the test installs beside
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "HOME": "/root",
}


@dataclass(frozen=True, slots=True)
class Debian:
    """A system in the folder `root`; what `enter` begins with runs a command there."""

    root: Path
    enter: tuple[str, ...]

    def run(self, *words: str, check: bool = True, given: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        """The command's end; `given` is what is typed to it."""
        done = subprocess.run(
            [*self.enter, *words],
            env=ENVIRONMENT | more,
            input=given,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done

    def install(self, package: Path) -> None:
        """As its administrator would, from a file."""
        shutil.copy(package, self.root / "srv")
        self.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/srv/{package.name}")
        (self.root / "srv" / package.name).unlink()

    def state(self, package: str) -> str:
        """Whether it is installed, and in which version."""
        found = self.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package, check=False)
        return found.stdout.strip()


def made_in(root: Path) -> Debian:
    """Debootstrap's smallest, from this machine's own mirror."""
    asked = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages", "Component: main"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    mirror = next(line.split()[0] for line in lines if "debian" in line and "bookworm" in line)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", root, mirror], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout[-2000:]
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    return Debian(root, ("chroot", str(root)))


@contextmanager
def mounted(place: Path, *how: str | Path) -> Iterator[None]:
    """Something lies over `place` for the block."""
    subprocess.run(["mount", *how, place], check=True)
    subprocess.run(["mount", "--make-rslave", place], check=True)  # or taking it away would take the machine's own
    try:
        yield
    finally:
        subprocess.run(["umount", "--recursive", "--lazy", place], check=False)


def can_boot() -> bool:
    """Whether this machine lets a system be booted in it."""
    tried = ["unshare", "--pid", "--fork", "--mount", "--cgroup", "true"]
    return (
        sys.platform == "linux"
        and os.geteuid() == 0
        and _CGROUPS is not None
        and (_CGROUPS / "cgroup.procs").exists()
        and subprocess.run(tried, check=False, capture_output=True).returncode == 0
    )


@contextmanager
def booted(system: Debian) -> Iterator[Debian]:
    """The same system, running, on this machine's network."""
    assert _CGROUPS
    group = _CGROUPS / f"chartdrop-{os.getpid()}"
    group.mkdir()
    for unit in _NOT_OURS:
        system.run("ln", "-sf", "/dev/null", f"/etc/systemd/system/{unit}")
    starter = subprocess.Popen([_BOOT, system.root, group], stdout=subprocess.DEVNULL)
    try:
        yield _wait_for(system.root, starter)
    finally:
        for first in psutil.Process(starter.pid).children():
            first.kill()
        starter.wait(timeout=30)
        _remove(group)


def _wait_for(root: Path, starter: "subprocess.Popen[bytes]") -> Debian:
    deadline = time.monotonic() + _BOOTS_WITHIN_S
    while time.monotonic() < deadline:
        time.sleep(0.2)
        for first in psutil.Process(starter.pid).children():
            spaces = ("--mount", "--pid", "--cgroup", "--ipc", "--uts", "--root", "--wd")
            running = Debian(root, ("nsenter", f"--target={first.pid}", *spaces))
            if running.run("systemctl", "is-active", "multi-user.target", check=False).returncode == 0:
                return running
    raise TimeoutError


def _remove(group: Path) -> None:
    """The cgroup with those in it, as soon as the last process has left."""
    for folder in [*sorted(group.rglob("*/"), reverse=True), group]:
        for _ in range(50):
            try:
                folder.rmdir()
            except OSError:
                time.sleep(0.1)
            else:
                break
