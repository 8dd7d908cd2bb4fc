"""`chartdrop connect`, `disconnect` and `sync`."""

import sys
from typing import TYPE_CHECKING

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.settings import Settings


@click.command()
@click.argument("url")
@data_dir_option
@click.pass_context
def connect(context: click.Context, url: str) -> None:
    """Enrol this device with the server at URL.

    With an enrolment code (CHARTDROP_ENROLMENT_CODE), by signing in (CHARTDROP_EMAIL and CHARTDROP_PASSWORD), or with
    what is answered to the questions. A server whose certificate is of a private authority (`chartdrop-server tls
    init`) is trusted by that authority's ca.pem: CHARTDROP_SERVER_CA; no other's certificate is taken from it then.
    """
    session = context.ensure_object(Session)
    code, email, password = _credentials(session.settings())
    with session.signed_in() as workspace:
        connection = workspace.connect(url, code, email, password)
    click.echo(f"This device belongs to {connection.organization_name} at {connection.url}.", err=True)


@click.command()
@data_dir_option
@click.pass_context
def disconnect(context: click.Context) -> None:
    """Forget the server, and what was fetched there. Nothing is lost: what waits goes to the next one."""
    with context.ensure_object(Session).signed_in() as workspace:
        connection = workspace.connection()
        if connection is None:
            click.echo("This device is not connected to a server.", err=True)
            return
        workspace.disconnect()
    click.echo(f"The server {connection.url} is forgotten.", err=True)


@click.command()
@json_option
@data_dir_option
@click.pass_context
def sync(context: click.Context, as_json: bool) -> None:
    """Send what waits and fetch what is new, once. Ends with 0 when nothing is left, with 5 when the server is down or
    refuses.

    What is fetched: templates that the organization published, this device's name, what the organization may use.

    With --json, one object: sent and waiting (operations of the outbox), fetched (changes), error ({"code", "message"}
    or null), note (a sentence where this store, restored from a backup, syncs as a device of its own from now on, or
    null).
    """
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).workspace() as workspace:
        outcome = workspace.sync_now()
    if as_json:
        error = {"code": outcome.fault.code, "message": outcome.error} if outcome.fault else None
        counts = {"sent": outcome.sent, "waiting": outcome.waiting, "fetched": outcome.fetched}
        print_json(counts | {"error": error, "note": outcome.note})
    elif outcome.note:
        click.echo(outcome.note, err=True)
    if outcome.fault:
        raise outcome.fault
    if not as_json:
        click.echo(f"{outcome.sent} sent, {outcome.waiting} waiting, {outcome.fetched} fetched.")


def _credentials(settings: "Settings") -> tuple[str | None, str | None, str | None]:
    """An enrolment code, or an e-mail address and a password."""
    if settings.enrolment_code:
        return settings.enrolment_code.get_secret_value(), None, None
    if settings.email and settings.password:
        return None, settings.email, settings.password.get_secret_value()
    if not sys.stdin.isatty():
        raise click.UsageError("Set CHARTDROP_ENROLMENT_CODE, or CHARTDROP_EMAIL and CHARTDROP_PASSWORD.")
    if not settings.email:
        code: str = click.prompt("Enrolment code (empty: sign in)", default="", show_default=False, err=True)
        if code:
            return code, None, None
    email = settings.email or click.prompt("E-mail", err=True)
    return None, email, click.prompt("Password", hide_input=True, err=True)
