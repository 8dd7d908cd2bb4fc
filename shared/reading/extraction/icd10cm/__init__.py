"""The codes of ICD-10-CM (CDC and CMS, in the public domain) and what they stand for."""

import zipfile
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from pathlib import Path

RELEASE = "2026-04"  # fiscal year 2026 with its update of April
_TABLE = Path(__file__).with_name(f"{RELEASE}.zip")


def is_code(code: str) -> bool:
    """Whether `code` ("I50.9", "I50") is one, billable or a category of such."""
    return _bare(code) in _codes(code[:1])


def is_billable(code: str) -> bool:
    """Whether `code` is as specific as a claim asks for: no other code refines it."""
    codes = _sorted(code[:1])
    bare = _bare(code)
    after = bisect_right(codes, bare)
    return bool(after) and codes[after - 1] == bare and not (after < len(codes) and codes[after].startswith(bare))


def terms(code: str) -> tuple[str, ...]:
    """What `code` stands for: its description, then other terms included under it; none where it is no code."""
    return tuple(_codes(code[:1]).get(_bare(code), "").split("\t")) if is_code(code) else ()


def _bare(code: str) -> str:
    return code.replace(".", "", 1)


@cache
def _codes(letter: str) -> Mapping[str, str]:
    """The codes that begin with `letter`, without their points: unpacked when the first of them is asked for."""
    with zipfile.ZipFile(_TABLE) as table:
        if letter not in table.NameToInfo:
            return {}
        lines = table.read(letter).decode().split("\n")
    return dict(line.split("\t", 1) for line in lines)


@cache
def _sorted(letter: str) -> tuple[str, ...]:
    return tuple(_codes(letter))
