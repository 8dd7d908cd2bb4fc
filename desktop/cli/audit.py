"""`chartdrop audit verify`, `chartdrop audit export` and `chartdrop audit verifier`."""

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

    With --json, one object: ok, entries (how many were written), countersigned_through (the last entry that a server
    has countersigned, or null), fault ({"position", "reason"} of the first wrong entry, counted from 1, or null).
    """
    from desktop.cli.faults import AUDIT_BROKEN
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).workspace() as workspace:
        report = workspace.verify_audit()
    fault = report.fault
    if as_json:
        told = {"position": fault.position, "reason": fault.reason} if fault else None
        signed = report.countersigned_through
        print_json({"ok": fault is None, "entries": report.entries, "countersigned_through": signed, "fault": told})
    elif fault is None:
        click.echo(f"The audit chain holds: {report.entries} entries, each whole, in order and signed by this device.")
        if report.countersigned_through:
            click.echo(f"The server has countersigned it up to entry {report.countersigned_through}.")
    if fault:
        click.echo(f"chartdrop: The audit chain does not verify at entry {fault.position}: {fault.reason}.", err=True)
        context.exit(AUDIT_BROKEN)


@audit.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@data_dir_option
@click.pass_context
def export(context: click.Context, out: Path) -> None:
    """Write the chain to a file, one entry a line (JSON Lines). It holds ids alone, nothing about a patient.

    Its last entry is the export itself, with the device's public key and the server's newest receipt: what `chartdrop
    audit verifier` needs. A broken chain is written as it is, and the command ends with 6.
    """
    with context.ensure_object(Session).signed_in() as workspace:
        try:
            exported = workspace.trail.export(out)
        except OSError as error:
            raise click.FileError(str(out), error.strerror) from error
    click.echo(f"{exported.entries} entries written to {out}.", err=True)
    if exported.broken:
        raise exported.broken


@audit.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The program to write.")
@data_dir_option
def verifier(out: Path) -> None:
    """Write a program that checks an exported chain without Chartdrop: `python3 verify_audit.py FILE`.

    It needs Python 3.11 or later and nothing else, and can be read in one sitting.
    """
    from importlib.resources import files

    try:
        out.write_bytes(files("shared.audit").joinpath("verify_export.py").read_bytes())
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    click.echo(f"Check an exported chain with: python3 {out} FILE", err=True)
