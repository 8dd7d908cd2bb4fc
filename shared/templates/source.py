"""A template's file, parsed, with the line on which each of its parts stands."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

Place = tuple[str | int, ...]
"""The way to a part of a file: ("fields", 2, "kind")."""

_TOML_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_\-. ]+?)\s*\]\]?\s*(?:#.*)?$")
_TOML_KEY = re.compile(r"^\s*[\"']?([A-Za-z0-9_\-]+)[\"']?\s*=")
_TOML_AT = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


class Unparsable(ValueError):
    """The file is no TOML or JSON; `line` (from 1) where that is known."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file; `lines` are from 1."""

    document: Mapping[str, Any]
    lines: Mapping[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int | None:
        """The line of `place`, or of the nearest part around it that has one."""
        return next((self.lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in self.lines), None)


def parse_toml(text: str) -> Source:
    """Raises Unparsable."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _TOML_AT.search(str(error))
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        raise Unparsable(_TOML_AT.sub("", str(error)), line) from None
    lines: dict[Place, int] = {}
    for place, line in _toml_places(text):
        lines.setdefault(place, line)
    return Source(document, lines)


def parse_json(text: str) -> Source:
    """Raises Unparsable, also for a key that is there twice."""
    import yaml

    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unparsable(error.msg, error.lineno) from None
    except RecursionError:
        raise Unparsable("it is nested too deeply", None) from None
    if not isinstance(document, dict):
        raise Unparsable("it is no object", 1)
    lines: dict[Place, int] = {}
    # JSON is YAML, which tells where its parts stand; tabs, which YAML refuses, can only stand between them.
    for place, line in _json_places(yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader), ()):
        if place in lines:
            raise Unparsable(f"'{place[-1]}' is there twice", line)
        lines[place] = line
    return Source(document, lines)


def _toml_places(text: str) -> Iterator[tuple[Place, int]]:
    """Where tables begin and where the keys at the beginning of a line stand."""
    counts: Counter[Place] = Counter()
    table: Place = ()
    for line, content in enumerate(text.splitlines(), start=1):
        if header := _TOML_HEADER.match(content):
            table = _table(header[2], counts, again=header[1] == "[[")
            yield table, line
        elif key := _TOML_KEY.match(content):
            yield (*table, key[1]), line


def _table(header: str, counts: Counter[Place], *, again: bool) -> Place:
    """The place of the table that `header` begins; `again`: one more of an array of tables."""
    *around, last = (part.strip() for part in header.split("."))
    place: Place = ()
    for part in around:
        place = (*place, part)
        place = (*place, counts[place] - 1) if counts[place] else place
    place = (*place, last)
    if not again:
        return place
    counts[place] += 1
    return (*place, counts[place] - 1)


def _json_places(node: "yaml.Node | None", place: Place) -> Iterator[tuple[Place, int]]:
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*place, key.value), key.start_mark.line + 1
            yield from _json_places(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*place, number), value.start_mark.line + 1
            yield from _json_places(value, (*place, number))
