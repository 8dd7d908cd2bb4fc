"""Results on standard output: JSON Lines for programs, tables for people."""

import json
import sys
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from shared.clock import to_rfc3339

_WIDE = 120  # columns
_SURE, _DOUBTFUL = 0.9, 0.7


def print_json(line: Mapping[str, Any] | bytes) -> None:
    """One line of UTF-8 JSON, seen at once by whoever reads on."""
    body = line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False, default=str).encode()
    sys.stdout.buffer.write(body + b"\n")
    sys.stdout.buffer.flush()


def console() -> Console:
    """Standard output for people; plain, and wide enough for any table, where it is no terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)


def plain(text: str) -> str:
    """`text` without characters that steer a terminal: what stands on a scan or in a name is not to be obeyed."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)


def confidence_mark(confidence: float | None) -> Text:
    """A percentage, coloured by how far it can be relied on."""
    if confidence is None:
        return Text("–", style="dim")
    style = "green" if confidence >= _SURE else "yellow" if confidence >= _DOUBTFUL else "red"
    return Text(f"{confidence:.0%}", style=style)


def review_mark(needs_review: bool) -> Text:
    """What stands behind a value that a person has to look at."""
    return Text(" ?", style="bold yellow") if needs_review else Text("")


def moment(at: datetime | None) -> str | None:
    """`at` as JSON has it."""
    return to_rfc3339(at) if at else None


def local(at: datetime | None) -> str:
    """`at` as a person reads it here."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "never"
