"""What Chartdrop is made of besides its own code, and under which licences. No Qt.

An installed bundle carries the list that was written down when it was built (`installers/bundle`); from source, what is
installed says so itself."""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

from packaging.requirements import Requirement

PACKED = "licences.json"
"""The list's name in a bundle, at its root."""
NOT_STATED = "not stated"
"""The licence of a part that names none; its text may."""
_ROOT = "chartdrop"
_TEXT_FILE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_CODE = frozenset({".py", ".pyc", ".pyi", ".so", ".pyd", ".h"})
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST_NAME = 100  # characters: some parts put the whole text where its name belongs
_FOREWORD = "Chartdrop contains the parts listed here, each under its own licence."
_RULE = "\n" + "=" * 100 + "\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One part that is shipped: `licence` is an SPDX expression or the name that the part itself gives it, `text` what
    its authors ask to be handed on with it."""

    name: str
    version: str
    licence: str
    text: str


def shipped_parts() -> tuple[Part, ...]:
    """Everything that is shipped with this program, by name."""
    folder = getattr(sys, "_MEIPASS", None)  # PyInstaller's mark
    if folder is not None:
        return parts_from_json((Path(folder) / PACKED).read_bytes())
    return tuple(part_of(one) for one in _requirements(_ROOT))


def part_of(found: Distribution) -> Part:
    """The part that an installed distribution is."""
    metadata = cast("Message", found.metadata)
    return Part(metadata["Name"], found.version, _licence(metadata), _texts(found))


def as_text(parts: Iterable[Part]) -> str:
    """All of it for people to read: a list of names, then every text."""
    listed = sorted(parts, key=lambda part: part.name.lower())
    contents = "\n".join(f"{part.name} {part.version}: {part.licence}" for part in listed)
    texts = (f"{part.name} {part.version}\n{part.licence}\n\n{part.text}" for part in listed if part.text)
    return f"{_FOREWORD}\n\n{contents}\n{_RULE}{_RULE.join(texts)}"


def parts_to_json(parts: Iterable[Part]) -> bytes:
    """What `parts_from_json` reads."""
    return json.dumps([asdict(part) for part in parts], ensure_ascii=False, indent=1).encode()


def parts_from_json(content: bytes) -> tuple[Part, ...]:
    """The parts that `parts_to_json` wrote."""
    return tuple(Part(**part) for part in json.loads(content))


def _licence(metadata: Message) -> str:
    """From the newest place where it may stand to the oldest."""
    if expression := metadata.get("License-Expression", ""):  # by brackets, some readers raise where others give None
        return str(expression)
    named = [c.removeprefix(_CLASSIFIER) for c in metadata.get_all("Classifier", ()) if c.startswith(_CLASSIFIER)]
    free = metadata.get("License", "").strip().partition("\n")[0]
    return " OR ".join(named) or (free if len(free) <= _LONGEST_NAME else "") or NOT_STATED


def _texts(found: Distribution) -> str:
    files = [file for file in found.files or () if _TEXT_FILE.search(file.as_posix()) and file.suffix not in _CODE]
    paths = (Path(str(found.locate_file(file))) for file in files)
    texts = (path.read_text("utf-8", errors="replace").strip() for path in paths if path.is_file())
    return "\n\n".join(dict.fromkeys(texts))  # many carry the same text twice


def _requirements(root: str) -> list[Distribution]:
    """What `root` requires, and what those require in turn, as far as it is installed; without `root` itself."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(root)]
    while waiting:
        wanted = waiting.pop()
        name, extras = re.sub(r"[-_.]+", "-", wanted.name).lower(), frozenset(wanted.extras)
        if (name, extras) in asked:
            continue
        asked.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another platform
            continue
        waiting += (one for one in map(Requirement, found[name].requires or ()) if _applies(one, extras))
    return [found[name] for name in sorted(found) if name != root]


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, ""))
