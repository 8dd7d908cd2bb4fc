"""The units of systemd, and what they let a service do."""

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.installers.deployment import HERE

UNITS = sorted((HERE / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
OF_THE_UNITS = {"CHARTDROP_SERVE_OPTIONS"}
"""Variables that are no settings of the code: the units hand them on as arguments."""


def values(unit: Path, name: str) -> list[str]:
    """What the unit gives this setting of systemd's, line by line."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)


def allowed_calls(unit: Path) -> set[str]:
    """The system calls that the unit lets through, as systemd.exec(5) puts its lines together."""
    allowed: set[str] = set()
    for line in values(unit, "SystemCallFilter"):
        calls = {call for word in line.removeprefix("~").split() for call in _calls(word)}
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed | _calls("@default")


@cache
def _calls(word: str) -> set[str]:
    """The calls of a group, with those of the groups in it."""
    if not word.startswith("@"):
        return {word}
    command = ["systemd-analyze", "syscall-filter", "--no-pager", word]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = [line.strip() for line in listed.splitlines()[1:]]
    return {call for word in words if word and not word.startswith("#") for call in _calls(word)}
