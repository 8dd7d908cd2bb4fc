"""`chartdrop conflicts`: where people contradict each other, and settling it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.vault.corrections import Conflict
    from shared.documents.corrections import Correction


@click.group(invoke_without_command=True)
@json_option
@data_dir_option
@click.pass_context
def conflicts(context: click.Context, as_json: bool) -> None:
    """List the values that people corrected differently without knowing of each other. Nothing of either is lost.

    With --json, one object a conflict: document_id, file_name, field, and corrections, the one that is shown first,
    each with id, value, person (a name, or null), actor, device_id, at.
    """
    if context.invoked_subcommand is not None:
        return
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).signed_in() as workspace:
        open_ones = workspace.review.conflicts()
    for conflict in open_ones:
        if as_json:
            print_json(_line(conflict))
        else:
            _print(conflict)
    if not open_ones and not as_json:
        click.echo("Nobody contradicts anybody.", err=True)


@conflicts.command()
@click.argument("document_id", type=click.UUID)
@click.argument("field")
@click.argument("correction_id", type=click.UUID)
@data_dir_option
@click.pass_context
def settle(context: click.Context, document_id: UUID, field: str, correction_id: UUID) -> None:
    """Say which is right: what CORRECTION_ID says of FIELD, both as `chartdrop conflicts` lists them."""
    from shared.documents.corrections import place_of

    try:
        place = place_of(field)
    except ValueError:
        raise click.UsageError(f"'{field}' names no field. It looks like fields.patient_name.") from None
    with context.ensure_object(Session).signed_in() as workspace:
        settled = workspace.review.settle(document_id, place, correction_id)
    click.echo(str(settled.id))


def _line(conflict: "Conflict") -> dict[str, Any]:
    return {
        "document_id": str(conflict.document.id),
        "file_name": conflict.document.file_name,
        "field": str(conflict.place),
        "corrections": [_said(one) for one in (conflict.standing.current, *conflict.standing.others)],
    }


def _said(correction: "Correction") -> dict[str, Any]:
    from desktop.cli.printing import moment

    return {
        "id": str(correction.id),
        "value": correction.value,
        "person": correction.person or None,
        "actor": correction.actor,
        "device_id": str(correction.device_id),
        "at": moment(correction.made_at),
    }


def _print(conflict: "Conflict") -> None:
    from desktop.cli.printing import local, plain

    click.echo(f"{plain(conflict.document.file_name)}  {conflict.document.id}  {plain(str(conflict.place))}")
    for place, one in enumerate((conflict.standing.current, *conflict.standing.others)):
        value = "nothing" if one.value is None else plain(str(one.value))
        who = plain(one.person or one.actor)
        click.echo(f"  {'is shown' if place == 0 else 'or      '}  {one.id}  {value}  ({who}, {local(one.made_at)})")
