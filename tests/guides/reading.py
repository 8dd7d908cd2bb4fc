"""A guide's blocks: what is run, in order, what is a file that later blocks use, and what needs another machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
USER = ROOT / "desktop" / "guide" / "README.md"
ADMINISTRATOR, INTEGRATOR = (ROOT / "syncserver" / "guide" / name for name in ("administrator.md", "integrator.md"))
RUNBOOK = ROOT / "installers" / "server" / "RUNBOOK.md"
SECURITY = ROOT / ".github" / "SECURITY.md"
GUIDES = (USER, ADMINISTRATOR, INTEGRATOR, RUNBOOK, SECURITY)
_BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences; `remark` follows the language, `line` is the first of its own lines."""

    language: str
    remark: str
    text: str
    line: int


def blocks(guide: Path) -> Iterator[Block]:
    """The guide's blocks, from top to bottom."""
    content = guide.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(content):
        yield Block(found[1], found[2] or "", found[3], content.count("\n", 0, found.start(3)) + 1)


def commands(guide: Path) -> list[Block]:
    """What a reader types here."""
    return [block for block in blocks(guide) if block.language == "sh" and not block.remark]


def commands_elsewhere(guide: Path) -> list[Block]:
    """What a reader types where there is systemd or Docker."""
    return [block for block in blocks(guide) if block.language == "sh" and block.remark == "elsewhere"]


def files(guide: Path) -> list[Block]:
    """What a reader saves: the remark is the file's name."""
    return [block for block in blocks(guide) if block.language == "python"]


def script(guide: Path) -> str:
    """All commands as one program, which says on standard error at which line it is, and ends at a fault."""
    parts = ["set -euo pipefail", "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT"]
    for block in commands(guide):
        parts += [f"echo '== {guide.name}, line {block.line}' >&2", block.text]
    return "\n".join(parts)
