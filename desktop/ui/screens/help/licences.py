"""What About shows of what Chartdrop is made of. No Qt."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from desktop.licences import NOT_STATED, Part, part_of, shipped_parts
from desktop.ui import theme

__all__ = ["Part", "parts", "version"]

_ITSELF = "chartdrop"
_TYPEFACE = "Inter"
_INTER = Path(theme.__file__).parent / "fonts" / "LICENCE-Inter.txt"


def parts() -> tuple[Part, ...]:
    """Chartdrop itself, then all that it needs, by name, `licence` "" where none is named. Reads some hundred files."""
    inter = Part(f"{_TYPEFACE} (typeface)", "4.1", "OFL-1.1", _INTER.read_text(encoding="utf-8", errors="replace"))
    shipped = (part for part in shipped_parts() if part.name != _TYPEFACE)  # a bundle's list has it already
    found = (*map(part_of, _itself()), *shipped, inter)
    return tuple(replace(part, licence="") if part.licence == NOT_STATED else part for part in found)


def version() -> str:
    """Chartdrop's version; "" where it was not installed."""
    return next((found.version for found in _itself()), "")


def _itself() -> Iterator[Distribution]:
    try:
        yield distribution(_ITSELF)
    except PackageNotFoundError:
        return
