"""`chartdrop audit verify` and `chartdrop audit export`."""

from pathlib import Path

import click

from desktop.cli.session import Session, data_dir_option, json_option


@click.group()
@data_dir_option
def audit() -> None:
    """The audit chain: every act on this device, signed and linked."""


@audit.command()
@json_option
@data_dir_option
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Check the whole chain. Ends with 6 when it does not hold.

    With --json, one object: ok, entries (how many were written), fault ({"position", "reason"} of the first wrong
    entry, counted from 1, or null).
    """
    from desktop.cli.faults import AUDIT_BROKEN
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).workspace() as workspace:
        report = workspace.verify_audit()
    fault = report.fault
    if as_json:
        told = {"position": fault.position, "reason": fault.reason} if fault else None
        print_json({"ok": fault is None, "entries": report.entries, "fault": told})
    elif fault is None:
        click.echo(f"The audit chain holds: {report.entries} entries, each whole, in order and signed by this device.")
    if fault:
        click.echo(f"chartdrop: The audit chain does not verify at entry {fault.position}: {fault.reason}.", err=True)
        context.exit(AUDIT_BROKEN)


@audit.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@data_dir_option
@click.pass_context
def export(context: click.Context, out: Path) -> None:
    """Write the chain to a file, one entry a line (JSON Lines). It holds ids alone, nothing about a patient."""
    with context.ensure_object(Session).workspace() as workspace, workspace.audit_lines() as lines:
        try:
            with out.open("w", encoding="utf-8", newline="\n") as target:
                count = sum(1 for line in lines if target.write(line + "\n"))
        except OSError as error:
            raise click.FileError(str(out), error.strerror) from error
    click.echo(f"{count} entries written to {out}.", err=True)
