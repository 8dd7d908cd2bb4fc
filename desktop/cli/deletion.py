"""`chartdrop delete` and `chartdrop hold`."""

from uuid import UUID

import click

from desktop.cli.session import Session, data_dir_option


@click.command()
@click.argument("document_ids", metavar="DOCUMENT_ID...", nargs=-1, required=True, type=click.UUID)
@click.option("--yes", is_flag=True, help="Do not ask first.")
@data_dir_option
@click.pass_context
def delete(context: click.Context, /, document_ids: tuple[UUID, ...], yes: bool) -> None:
    """Delete documents for good: their keys are destroyed, and no words of theirs stay in the store.

    What the audit chain says of them stays. Backups that were made before still hold them, and so does a server.
    """
    if not yes:
        click.confirm(f"Delete {len(document_ids)} for good? Nobody can bring them back", abort=True, err=True)
    with context.ensure_object(Session).signed_in() as workspace:
        for document_id in document_ids:
            workspace.delete(document_id)
            click.echo(str(document_id))


@click.command()
@click.argument("document_ids", metavar="DOCUMENT_ID...", nargs=-1, required=True, type=click.UUID)
@click.option("--release", is_flag=True, help="They may be deleted again.")
@data_dir_option
@click.pass_context
def hold(context: click.Context, /, document_ids: tuple[UUID, ...], release: bool) -> None:
    """Hold documents for legal reasons: neither a person nor their age gets them deleted."""
    with context.ensure_object(Session).signed_in() as workspace:
        for document_id in document_ids:
            workspace.hold(document_id, held=not release)
