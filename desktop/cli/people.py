"""`chartdrop people`: who works at this device, where several people share it."""

import sys
from typing import TYPE_CHECKING

import click

from desktop.cli.key import new_secret
from desktop.cli.session import Session, data_dir_option, json_option, sign_in

if TYPE_CHECKING:
    from desktop.services import Workspace

_ROLES = ("viewer", "reviewer", "manager")


@click.group()
@data_dir_option
def people() -> None:
    """Who works at this device, where several people share it.

    As long as nobody was added, whoever has the store open may do everything. The first person is a manager.

    Who acts is CHARTDROP_PERSON with CHARTDROP_PIN, a PIN that is set CHARTDROP_NEW_PIN; what is missing is asked for.
    """


@people.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(_ROLES), help="What NAME may do. [default: manager for the first, else viewer]"
)
@data_dir_option
@click.pass_context
def add(context: click.Context, name: str, role: str | None) -> None:
    """Let NAME work at this device.

    The first person's PIN may also be CHARTDROP_PIN. With the first person comes a recovery code, on standard output.
    """
    from desktop.vault.people import Role

    with context.ensure_object(Session).workspace() as workspace:
        is_first = not workspace.staff.is_shared()
        sign_in(workspace)
        pin = _new_pin(workspace, name, is_first=is_first)
        added = workspace.staff.add(name, Role(role or ("manager" if is_first else "viewer")), pin)
    click.echo(f"{added.person.name} works at this device as {added.person.role}.", err=True)
    if added.recovery_code:
        click.echo(
            "Should every manager forget their PIN, this code sets a new one, once. Keep it away from here:", err=True
        )
        click.echo(added.recovery_code)


@people.command()
@json_option
@data_dir_option
@click.pass_context
def organization(context: click.Context, as_json: bool) -> None:
    """List who belongs to the organization, as its server said last. With --json, one object a person: id, name, role
    (what they may do here, once they are admitted), admitted."""
    from desktop.cli.printing import plain, print_json

    with context.ensure_object(Session).signed_in() as workspace:
        everybody = workspace.staff.organization()
    for one in everybody:
        member, admitted = one.member, one.is_admitted
        if as_json:
            print_json({"id": str(member.id), "name": member.name, "role": member.role.value, "admitted": admitted})
        else:
            click.echo(f"{member.role:<10}{'works here  ' if admitted else '            '}{plain(member.name)}")


@people.command()
@click.argument("name")
@click.option(
    "--recovery",
    is_flag=True,
    help="By the recovery code, where no manager is left: CHARTDROP_RECOVERY_CODE, or asked.",
)
@data_dir_option
@click.pass_context
def admit(context: click.Context, name: str, recovery: bool) -> None:
    """Let NAME (or an id), who belongs to the organization, work at this device with a PIN of their own.

    They may do what their role on the server says, and nothing once they are removed there, from the next sync on."""
    with context.ensure_object(Session).workspace() as workspace:
        if not recovery:
            sign_in(workspace)
        code = _recovery_code(workspace) if recovery else None
        person = workspace.staff.admit(name, _new_pin(workspace, name), code)
    click.echo(f"{person.name} works at this device as {person.role}.", err=True)


@people.command(name="list")
@json_option
@data_dir_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List who works at this device. With --json, one object a person: id, name, role, added_at."""
    from desktop.cli.printing import moment, plain, print_json

    with context.ensure_object(Session).workspace() as workspace:
        everybody = workspace.staff.everybody()
    for person in everybody:
        if as_json:
            known = {"id": str(person.id), "name": person.name, "role": person.role.value}
            print_json(known | {"added_at": moment(person.added_at)})
        else:
            click.echo(f"{person.role:<10}{plain(person.name)}")


@people.command()
@click.argument("name")
@click.argument("role", type=click.Choice(_ROLES))
@data_dir_option
@click.pass_context
def role(context: click.Context, name: str, role: str) -> None:
    """Give NAME another ROLE. Viewers look, reviewers also add documents, managers may do everything."""
    from desktop.vault.people import Role

    with context.ensure_object(Session).signed_in() as workspace:
        workspace.staff.set_role(name, Role(role))
    click.echo(f"{name} is a {role} now.", err=True)


@people.command()
@click.argument("name")
@data_dir_option
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Let NAME work here no more. What they did stays theirs in the audit chain."""
    with context.ensure_object(Session).signed_in() as workspace:
        workspace.staff.remove(name)
    click.echo(f"{name} works at this device no more.", err=True)


@people.command()
@click.argument("name")
@click.option(
    "--recovery", is_flag=True, help="By the recovery code, for a manager: CHARTDROP_RECOVERY_CODE, or asked."
)
@data_dir_option
@click.pass_context
def reset(context: click.Context, name: str, recovery: bool) -> None:
    """Give NAME a new PIN: a manager anybody's, everybody their own. With --recovery, a new code is printed."""
    with context.ensure_object(Session).workspace() as workspace:
        if recovery:
            fresh = workspace.staff.recover(name, _recovery_code(workspace), _new_pin(workspace, name))
        else:
            sign_in(workspace)
            workspace.staff.set_pin(name, _new_pin(workspace, name))
    click.echo(f"{name} has a new PIN.", err=True)
    if recovery:
        click.echo("The code is used up. This is the new one; keep it away from here:", err=True)
        click.echo(fresh)


def _new_pin(workspace: "Workspace", name: str, *, is_first: bool = False) -> str:
    settings = workspace.settings
    pin = new_secret(settings.new_pin or (settings.pin if is_first else None), f"New PIN of {name}")
    if pin is None:
        raise click.UsageError("Set CHARTDROP_NEW_PIN, or answer when asked.")
    return pin


def _recovery_code(workspace: "Workspace") -> str:
    if workspace.settings.recovery_code:
        return workspace.settings.recovery_code.get_secret_value()
    if not sys.stdin.isatty():
        raise click.UsageError("Set CHARTDROP_RECOVERY_CODE, or answer when asked.")
    code: str = click.prompt("Recovery code", hide_input=True, err=True)
    return code
