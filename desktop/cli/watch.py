"""`chartdrop watch`."""

from pathlib import Path

import click

from desktop.cli.session import Session, data_dir_option, json_option


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--until-idle", is_flag=True, help="End once everything there is settled and synced.")
@json_option
@data_dir_option
@click.pass_context
def watch(context: click.Context, folder: Path | None, until_idle: bool, as_json: bool) -> None:
    """Read whatever is dropped into DIR, or into the folders that `chartdrop folders` lists, until Ctrl-C.

    Each file ends in DIR/Processed, DIR/Failed (with a .error.txt beside it) or DIR/Duplicates. With --json, one object
    as each is settled: file_name, outcome (processed, failed, duplicate), document_id (of the first, for a duplicate),
    sha256, document_type, page_count, moved_to, error ({"code", "message"} or null). With --until-idle the command ends
    with 3 when something failed. A folder on the list may keep or delete its originals instead.
    """
    from desktop.cli.watching import Watching

    with context.ensure_object(Session).workspace() as workspace:
        if folder is None and not workspace.watched_folders():
            raise click.UsageError("Name a folder, or put some on the list with `chartdrop folders add`.")
        code = Watching(workspace, as_json).run(folder, until_idle=until_idle)
    context.exit(code)
