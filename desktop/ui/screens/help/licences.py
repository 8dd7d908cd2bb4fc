"""What Chartdrop is made of, and under which licences: from the metadata of what is installed here. No Qt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from desktop.ui import theme

_ITSELF = "chartdrop"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_CLASSIFIER = "License :: "
_LONGEST_NAME = 60  # characters; longer is a licence's whole text in the place of its name
_INTER = Path(theme.__file__).parent / "fonts" / "LICENCE-Inter.txt"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that Chartdrop is made of. `licence` is its name, "" where its metadata names none."""

    name: str
    version: str
    licence: str
    text: str


def parts() -> tuple[Part, ...]:
    """Chartdrop itself, then all that it needs, by name. Reads some hundred files."""
    needed = sorted(_needed(), key=str.casefold)
    found = [part for name in needed if (part := _part(name))]
    inter = Part("Inter (typeface)", "4.1", "OFL-1.1", _INTER.read_text(encoding="utf-8", errors="replace"))
    return (*(part for part in (_part(_ITSELF),) if part), *found, inter)


def version() -> str:
    """Chartdrop's version; "" where it was not installed."""
    found = _distribution(_ITSELF)
    return found.version if found else ""


def _needed() -> set[str]:
    """The names of everything that Chartdrop needs, and that this needs in turn, as far as it is installed."""
    seen: set[str] = set()
    ahead = [_ITSELF]
    while ahead:
        for name in _required_by(ahead.pop()):
            if name not in seen and _distribution(name):
                seen.add(name)
                ahead.append(name)
    return seen


def _required_by(name: str) -> Iterator[str]:
    distribution = _distribution(name)
    for requirement in (distribution.requires or ()) if distribution else ():
        wanted, _, marker = requirement.partition(";")
        match = _NAME.match(wanted)
        if match and "extra ==" not in marker:
            yield match.group().lower().replace("_", "-").replace(".", "-")


def _distribution(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _part(name: str) -> Part | None:
    distribution = _distribution(name)
    if distribution is None:
        return None
    about = distribution.metadata
    return Part(about["Name"], distribution.version, _licence(about), _texts(distribution))


def _licence(about: metadata.PackageMetadata) -> str:
    named = _said(about, "License-Expression") or _said(about, "License")
    if named and len(named) <= _LONGEST_NAME and "\n" not in named:
        return named
    classifiers = [one for one in about.get_all("Classifier") or () if one.startswith(_CLASSIFIER)]
    return ", ".join(one.rpartition(" :: ")[2] for one in classifiers)


def _said(about: metadata.PackageMetadata, name: str) -> str:
    return next(iter(about.get_all(name) or ()), "")


def _texts(distribution: metadata.Distribution) -> str:
    files = [file for file in distribution.files or () if _LICENCE_FILE.match(file.name) and "dist-info" in str(file)]
    texts = []
    for file in files:
        try:
            texts.append(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    return "\n\n".join(texts) or _said(distribution.metadata, "License")
