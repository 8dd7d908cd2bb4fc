"""Which parts a bundle is made of, told by where each collected file came from."""

import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path

from desktop.licences import Part, part_of
from shared.reading.ocr.models import ALL, BESIDE_THE_CODE

ROOT = Path(__file__).parents[2]
_TEXTS = Path(__file__).parent / "texts"
_BOOTLOADER = "GPL-2.0-or-later WITH Bootloader-exception AND Apache-2.0"  # the latter: what its hooks run at the start
_TOLD_OTHERWISE = frozenset({"chartdrop", "pyinstaller"})
"""Ourselves; and of PyInstaller the bundle has what starts it alone, under terms of its own."""
_MICROSOFTS = ("vcruntime140", "msvcp140", "concrt140", "vccorlib140", "vcomp140", "ucrtbase", "api-ms-win-")


def parts_of(collected: Iterable[str]) -> tuple[Part, ...]:
    """The parts that the `collected` files belong to, besides our own, by name.

    Raises LookupError for a file that no part owns: what is shipped is known, or it is not shipped."""
    found: dict[str, Part] = {}
    strays = []
    for path in {os.path.realpath(source) for source in collected if source}:
        if _is_ours(path) or ".dist-info" in path:  # PaddleX asks for the metadata of parts that are not there
            continue
        part = _owners().get(path) or _python_part(path) or _system_part(path) or _runtime_part(path)
        if part is None:
            strays.append(path)
        elif part.name not in _TOLD_OTHERWISE:
            found[part.name] = part
    if strays:
        raise LookupError(f"nothing says where these come from: {', '.join(sorted(strays))}")
    found |= {part.name: part for part in _unlisted()}
    return tuple(sorted((_with_text(part) for part in found.values()), key=lambda part: part.name.lower()))


def _is_ours(path: str) -> bool:
    own = [ROOT / name for name in ("desktop", "shared", "syncserver", "installers", "build")]
    return any(Path(path).is_relative_to(folder) for folder in (*own, Path(os.path.realpath(BESIDE_THE_CODE))))


@cache
def _owners() -> dict[str, Part]:
    """Every installed file of every distribution."""
    return {
        os.path.realpath(str(one.locate_file(file))): part
        for one in distributions()
        for part in (part_of(one),)
        for file in one.files or ()
    }


def _system_part(path: str) -> Part | None:
    """The Debian package that a library came in."""
    for place in (
        path,
        path.removeprefix("/usr"),
    ):  # /lib is a link to /usr/lib since the merge, dpkg knows the old name
        if name := _debian_package(place):
            return _debian_part(name)
    return None


def _debian_package(path: str) -> str | None:
    if sys.platform != "linux":
        return None
    answer = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
    return answer.stdout.split(":")[0] if answer.returncode == 0 else None


@cache
def _debian_part(name: str) -> Part:
    command = ["dpkg-query", "-W", "-f", "${Version}\n", name]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    text = Path(f"/usr/share/doc/{name}/copyright").read_text("utf-8", errors="replace")
    return Part(f"{name} (Debian)", found.splitlines()[0], "as its text says", text)


def _python_part(path: str) -> Part | None:
    """Python itself, whoever installed it. On Windows and macOS it has a folder of its own, with OpenSSL and a runtime
    of C++ in it; on Linux it shares one with the system."""
    standard, base = (Path(os.path.realpath(place)) for place in (sysconfig.get_path("stdlib"), sys.base_prefix))
    folder = standard if sys.platform == "linux" else base
    is_library = Path(path).name.lower().startswith("libpython")
    if not is_library and (not Path(path).is_relative_to(folder) or "-packages" in path):
        return None
    return _python()


def _runtime_part(path: str) -> Part | None:
    """Microsoft's runtime of C++, where it comes from Windows itself. Its terms let programs bring it along."""
    if not Path(path).name.lower().startswith(_MICROSOFTS):
        return None
    return Part("Microsoft Visual C++ runtime", "14", "LicenseRef-Microsoft-Visual-Cpp-Runtime", "")


@cache
def _python() -> Part:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path("/usr/share/doc/python3.11"))
    texts = (place / name for place in places for name in ("LICENSE.txt", "copyright"))
    text = next((place.read_text("utf-8", errors="replace") for place in texts if place.is_file()), "")
    return Part("Python", platform.python_version(), "PSF-2.0", text)


def _unlisted() -> Iterator[Part]:
    """What no distribution of the bundle says: the program that starts it, and what stands among our own files."""
    yield Part("PyInstaller bootloader", version("pyinstaller"), _BOOTLOADER, "")
    inter = ROOT / "desktop" / "ui" / "theme" / "fonts" / "LICENCE-Inter.txt"
    yield Part("Inter", "4", "OFL-1.1", inter.read_text("utf-8"))
    names = ", ".join(model.name for model in ALL)
    yield Part("PaddleOCR models", names, "Apache-2.0", (ROOT / "LICENSE").read_text("utf-8"))


def _with_text(part: Part) -> Part:
    """Qt for Python brings no text of its licence, which has to be handed on."""
    if part.text or not part.licence.startswith("LGPL-3.0"):
        return part
    text = "\n\n".join((_TEXTS / f"{name}.txt").read_text("utf-8") for name in ("LGPL-3.0", "GPL-3.0"))
    return Part(part.name, part.version, part.licence, text)
