"""`chartdrop folders`: the list of watched folders."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.vault.watched import Originals, Profile, WatchedFolder

_template = click.option("--template", help="A template's name, or auto.")
_unit = click.option("--unit", help="The organization unit that its documents belong to.")
_originals = click.option(
    "--originals",
    type=click.Choice(["moved", "kept", "deleted"]),
    help="What becomes of files: moved to Processed and Duplicates, kept where they lie, or deleted once the encrypted "
    "copy was read back.",
)
_folder = click.argument("folder_id", metavar="FOLDER_ID", type=click.UUID)


@click.group()
def folders() -> None:
    """List, add, change or remove the folders that are watched."""


@folders.command("list")
@json_option
@data_dir_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the watched folders.

    With --json, one object a folder: id, folder, template, unit (or null), originals (moved, kept, deleted).
    """
    with context.ensure_object(Session).signed_in() as workspace:
        listed = workspace.watched_folders()
    _print(listed, as_json)


@folders.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_template
@_unit
@_originals
@json_option
@data_dir_option
@click.pass_context
def add(context: click.Context, /, folder: Path, as_json: bool, **profile: str | None) -> None:
    """Watch DIR from now on: in the window, and by `chartdrop watch` without a folder."""
    from desktop.vault.watched import Profile

    with context.ensure_object(Session).signed_in() as workspace:
        added = workspace.add_watched(folder, _profile(Profile(), profile))
    _print((added,), as_json)


@folders.command()
@_folder
@_template
@_unit
@_originals
@json_option
@data_dir_option
@click.pass_context
def change(context: click.Context, /, folder_id: UUID, as_json: bool, **profile: str | None) -> None:
    """Treat the folder's files otherwise from now on; what is not named stays as it is."""
    with context.ensure_object(Session).signed_in() as workspace:
        before = next((one.profile for one in workspace.watched_folders() if one.id == folder_id), None)
        changed = workspace.change_watched(folder_id, _profile(before, profile))
    _print((changed,), as_json)


@folders.command()
@_folder
@data_dir_option
@click.pass_context
def remove(context: click.Context, folder_id: UUID) -> None:
    """Watch the folder no more; what lies in it stays."""
    with context.ensure_object(Session).signed_in() as workspace:
        workspace.remove_watched(folder_id)


def _profile(before: "Profile | None", said: "dict[str, str | None]") -> "Profile":
    from desktop.vault.watched import Profile

    profile = before or Profile()
    originals: Originals = said["originals"] or profile.originals  # type: ignore[assignment]  # click checked it
    unit = profile.unit if said["unit"] is None else said["unit"]
    return replace(profile, template=said["template"] or profile.template, unit=unit, originals=originals)


def _print(listed: "tuple[WatchedFolder, ...]", as_json: bool) -> None:
    from desktop.cli.printing import print_json

    if as_json:
        for folder in listed:
            print_json(_line(folder))
    else:
        _print_table(listed)


def _line(folder: "WatchedFolder") -> dict[str, Any]:
    from desktop.vault.files import shown_path

    profile = folder.profile
    return {
        "id": str(folder.id),
        "folder": shown_path(folder.root),
        "template": profile.template,
        "unit": profile.unit or None,
        "originals": profile.originals,
    }


def _print_table(listed: "tuple[WatchedFolder, ...]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from desktop.cli.printing import console, plain
    from desktop.vault.files import shown_path

    if not listed:
        console().print("No folder is on the list. `chartdrop folders add DIR` puts one there.")
        return
    table = Table("folder", "template", "unit", "originals", box=box.SIMPLE, pad_edge=False)
    for folder in listed:
        name = Text(plain(shown_path(folder.root)) + "\n").append(str(folder.id), style="dim")
        table.add_row(name, folder.profile.template, Text(plain(folder.profile.unit)), folder.profile.originals)
    console().print(table)
