"""What a benchmark prints and writes: tables, and the machine that their figures were taken on."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title, a note and its cells as text; the first column names the row."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where figures were taken; they compare with others of the same run only.

    `load` is how many processes wanted a processor in the minute before: near 0, the machine was quiet.
    """

    processor: str
    cores: int
    load: float
    system: str
    python: str


def this_machine() -> Machine:
    """The machine that this runs on."""
    described = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in described if line.startswith("model name")]
    processor = names[0] if names else platform.processor()
    return Machine(
        processor, len(os.sched_getaffinity(0)), os.getloadavg()[0], platform.platform(), platform.python_version()
    )


def show(console: Console, shown: Sequence[Table]) -> None:
    """Prints the tables."""
    for table in shown:
        drawn = RichTable(title=table.title, caption=table.note)
        for number, column in enumerate(table.columns):
            drawn.add_column(column, justify="right" if number else "left")
        for row in table.rows:
            drawn.add_row(*row)
        console.print(drawn)


def markdown(title: str, machine: Machine, shown: Sequence[Table]) -> str:
    """The tables as a document."""
    parts = [f"# {title}\n\n{machine.processor}, {machine.cores} cores, load {machine.load:.1f}, {machine.system}."]
    for table in shown:
        lines = [table.columns, ("---", *("---:" for _ in table.columns[1:])), *table.rows]
        parts.append(f"## {table.title}\n\n{table.note}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join(parts) + "\n"
