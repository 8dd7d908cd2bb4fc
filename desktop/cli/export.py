"""`chartdrop export`."""

import os
from pathlib import Path
from uuid import UUID

import click

from desktop.cli.session import Session, data_dir_option

FORMATS = ("csv", "xlsx", "json", "fhir", "hl7", "pdf")


@click.command()
@click.argument("document_ids", metavar="DOCUMENT_ID...", nargs=-1, required=True, type=click.UUID)
@click.option("--format", "form", required=True, type=click.Choice(FORMATS), help="What to write.")
@click.option("--out", required=True, metavar="PATH", help="The file to write, or a folder (which ends with /).")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@data_dir_option
@click.pass_context
def export(context: click.Context, /, document_ids: tuple[UUID, ...], form: str, out: str, force: bool) -> None:
    """Write documents to files that other programs read. They are no longer encrypted there; take care of them.

    \b
    csv    a row a document; in a folder, a file more for each table (medications.csv)
    xlsx   the same as sheets of one workbook
    json   a document a line, as `chartdrop scan --json` prints it; in a folder, a file each
    fhir   a FHIR R4 Bundle a line, with the original; in a folder, a file each
    hl7    HL7 v2.5.1 MDM^T02 and ORU^R01, as a batch; in a folder, a file a message
    pdf    PDF/A of the pages as they were read, with their text to search and copy; for several, a folder

    Prints the files. A document that cannot be exported is named with the reason, the others are written, and the
    command ends with 3. Every document stands in the audit chain as exported before it is written.
    """
    from desktop.cli.faults import INPUT_FAILED
    from shared.export import Format

    place = Path(out)
    if out.endswith(("/", os.sep)):
        _make(place)
    with context.ensure_object(Session).signed_in() as workspace:
        exported = workspace.exports.write(document_ids, Format(form), place, overwrite=force)
    for path in exported.files:
        click.echo(str(path))
    for one in exported.left_out:
        click.echo(f"chartdrop: {one.document_id}: {one.message}", err=True)
    if exported.left_out:
        context.exit(INPUT_FAILED)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(folder), error.strerror) from error
