"""`chartdrop backup` and `chartdrop restore`."""

from pathlib import Path

import click

from desktop.cli.session import Session, ask_passphrase, data_dir_option


@click.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write, or a folder for it.")
@data_dir_option
@click.pass_context
def backup(context: click.Context, out: Path) -> None:
    """Write the whole store to one encrypted file, while other programs work, and check what was written.

    It opens with the store's passphrase, or with a passphrase of its own [env: CHARTDROP_RECOVERY_PASSPHRASE], which is
    asked for where the store's key is in the keyring. Without that passphrase nobody can restore it. Prints the file.
    """
    from desktop.cli.faults import INPUT_FAILED
    from desktop.cli.key import new_secret
    from desktop.unopened import store_state

    session = context.ensure_object(Session)
    settings = session.settings()
    recovery = settings.recovery_passphrase.get_secret_value() if settings.recovery_passphrase else None
    if recovery is None and store_state(settings) == "keyring":
        recovery = new_secret(None, "Choose a passphrase for the backup")
    with session.signed_in() as workspace:
        made = workspace.back_up(out, recovery, lambda: ask_passphrase(settings))
    click.echo(str(made.path))
    click.echo(f"{made.files} files, {made.size / 1e6:.1f} MB, written and checked.", err=True)
    for path in made.damaged:
        click.echo(f"chartdrop: The stored file {path} is missing or was changed: it is not in the backup.", err=True)
    if made.damaged:
        context.exit(INPUT_FAILED)


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_dir_option
@click.pass_context
def restore(context: click.Context, source: Path) -> None:
    """Make a store from a backup, in a --data-dir that is new or empty. It opens with the backup's passphrase.

    Use either the store that the backup was made of or the restored one, not both: they are the same device.
    """
    from desktop.cli.faults import AUDIT_BROKEN
    from desktop.vault.restore import restore as restore_backup

    settings = context.ensure_object(Session).settings()
    restored = restore_backup(source, settings, lambda: ask_passphrase(settings))
    click.echo(f"Restored to {settings.data_dir}; documents: {restored.documents}.")
    if restored.missing:
        click.echo(f"chartdrop: {restored.missing} of their files were damaged when the backup was made.", err=True)
    if fault := restored.chain_fault:
        click.echo(f"chartdrop: The audit chain does not verify at entry {fault.position}: {fault.reason}.", err=True)
        context.exit(AUDIT_BROKEN)
