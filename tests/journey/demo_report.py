"""What the demo prints: tables a person enjoys reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]
_SHOWN_FIELDS = 14  # of the one record that is printed in full
_MARKS = {"processed": "[green]✓ read[/]", "failed": "[yellow]✗ refused[/]", "duplicate": "[cyan]= duplicate[/]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One dropped file: how it settled, and what the server holds of it (None: nothing, as for a refused one)."""

    file_name: str
    outcome: str
    reason: str
    pages: int
    held: Json | None

    @classmethod
    def of(cls, arrival: Json, jobs: Sequence[Json]) -> Self:
        held = next((job for job in jobs if job["sha256"] == arrival["sha256"] and job["status"] == "completed"), None)
        return cls(
            file_name=arrival["file_name"],
            outcome=arrival["outcome"],
            reason=(arrival["error"] or {}).get("message", ""),
            pages=arrival["page_count"] or 0,
            held=held if arrival["outcome"] == "processed" else None,
        )

    @property
    def fields(self) -> dict[str, Json]:
        """What was found, by field; blank ones left out."""
        found = self.held["result"]["fields"] if self.held else {}
        return {name: cell for name, cell in found.items() if cell}

    @property
    def patient(self) -> str:
        return str(self.fields.get("patient_name", {}).get("value", ""))


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the demo has seen. `telling` are files in which a patient's name could be read: there must be none."""

    findings: Sequence[Finding]
    audit: Json
    status: Json
    telling: Sequence[Path]
    passphrase: str
    seconds: float
    place: Path

    def is_well(self) -> bool:
        """Whether everything that could be read is on the server, sealed, and the chain verifies."""
        read = [finding for finding in self.findings if finding.outcome == "processed"]
        synced = all(finding.held for finding in read)
        return bool(read) and synced and not self.telling and bool(self.audit["ok"]) and not self.status["unsynced"]


def print_report(shown: Shown) -> None:
    """Everything in `shown`, on standard output; a terminal of 80 columns is enough."""
    console = Console(highlight=False)
    console = Console(highlight=False, width=min(max(console.width, 80), 112))
    console.print(_findings_table(shown.findings, wide=console.width > 100))
    for finding in shown.findings:
        if finding.reason:
            console.print(f"  [yellow]{finding.reason}[/]")
    console.print()
    console.print(_record_table(max(shown.findings, key=lambda finding: len(finding.fields))))
    console.print(_summary(shown))
    _print_next_steps(console, shown)


def _findings_table(findings: Sequence[Finding], wide: bool) -> Table:
    table = _table("What was dropped, and what the server now holds of it")
    table.add_column("file", no_wrap=True, ratio=5)
    table.add_column("outcome", no_wrap=True, min_width=11)
    if wide:
        table.add_column("pages", no_wrap=True, justify="right")
    table.add_column("fields", no_wrap=True, justify="right", min_width=6)
    table.add_column("patient", style="bold", no_wrap=True, ratio=5)
    table.add_column("born", no_wrap=True, min_width=10)
    if wide:
        table.add_column("ICD-10", no_wrap=True, min_width=7)
    for finding in sorted(findings, key=lambda each: (list(_MARKS).index(each.outcome), each.file_name)):
        table.add_row(*_finding_row(finding, wide))
    return table


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, expand=True, collapse_padding=True
    )


def _finding_row(finding: Finding, wide: bool) -> tuple[str, ...]:
    name, mark, fields = finding.file_name, _MARKS[finding.outcome], finding.fields
    if not finding.held:
        return name, mark
    born, diagnosis = (str(fields.get(field, {}).get("value", "")) for field in ("date_of_birth", "icd10_code"))
    if wide:
        return name, mark, str(finding.pages), str(len(fields)), finding.patient, born, diagnosis
    return name, mark, str(len(fields)), finding.patient, born


def _record_table(finding: Finding) -> Table:
    table = _table(f"One record as the server holds it: {finding.file_name}")
    table.add_column("field", no_wrap=True, min_width=16)
    table.add_column("value", style="bold", no_wrap=True, ratio=3)
    table.add_column("stood on the page as", style="dim", no_wrap=True, ratio=3)
    table.add_column("confidence", no_wrap=True, min_width=15)
    for name, cell in list(finding.fields.items())[:_SHOWN_FIELDS]:
        table.add_row(name.replace("_", " "), _shown_value(cell["value"]), cell["text"], _bar(cell["confidence"]))
    left = len(finding.fields) - _SHOWN_FIELDS
    if left > 0:
        table.add_row(f"[dim]and {left} more[/]")
    return table


def _shown_value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _bar(confidence: float) -> Text:
    filled = round(confidence * 10)
    colour = "green" if confidence >= 0.9 else "yellow" if confidence >= 0.7 else "red"
    return Text("━" * filled, style=colour) + Text("━" * (10 - filled), style="dim") + Text(f" {confidence:.2f}")


def _summary(shown: Shown) -> Panel:
    held = [finding for finding in shown.findings if finding.held]
    pages = sum(finding.pages for finding in held)
    lines = [
        _line(bool(held), f"{len(held)} documents, {pages} pages read here, encrypted here, and sealed on the server"),
        _line(not shown.status["unsynced"], "nothing waits to be sent"),
        _line(
            shown.audit["ok"], f"the audit chain verifies: {shown.audit['entries']} entries, each signed by this device"
        ),
        _line(not shown.telling, "no file of the desktop or the server holds a patient's name in the clear"),
    ]
    return Panel(Group(*lines), title=f"done in {shown.seconds:.0f} s", title_align="left", border_style="green")


def _line(well: bool, sentence: str) -> Text:
    return Text.from_markup(("[green]✓[/] " if well else "[red]✗[/] ") + sentence)


def _print_next_steps(console: Console, shown: Shown) -> None:
    """Commands stand on lines of their own, never folded, so that they can be copied."""
    steps = [
        ("unlock what was read, for this terminal", f"export CHARTDROP_PASSPHRASE={shown.passphrase}"),
        ("open the window on it", f".venv/bin/chartdrop --data-dir {shown.place}/desktop"),
        ("or list it here", f".venv/bin/chartdrop --data-dir {shown.place}/desktop documents"),
        ("read a file of your own; nothing is stored", ".venv/bin/chartdrop scan FILE"),
        (
            "start the server again, then look at /api/docs",
            f".venv/bin/chartdrop-server serve --data-dir {shown.place}/server",
        ),
        ("see where the scans went", f"ls {shown.place}/scans/*"),
    ]
    console.print("\n[bold]Where to look next[/]")
    for what, command in steps:
        console.print(f"  [dim]{what}[/]")
        console.print(f"    [cyan]{command}[/]", soft_wrap=True)
