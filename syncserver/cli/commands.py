"""The commands without a group: serving, working, moving, backing up, looking over."""

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from shared.clock import system_clock
from shared.doctor import Check, as_words, examine_all, is_fault
from syncserver.changes import service as changes
from syncserver.cli.opening import (
    Opened,
    check_ready,
    data_dir_option,
    database_url_option,
    existing_file,
    open_server,
    ready_server,
    settings_of,
    upgraded_server,
)
from syncserver.events.relay_process import follow
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.identity.people.schemas import checked_email
from syncserver.kit.backup import back_up, restore
from syncserver.kit.errors import CannotStart
from syncserver.kit.logging import configure_logging
from syncserver.kit.secret import has_secret, prepare_data_dir
from syncserver.kit.serving import Certificate, serve_app
from syncserver.migrations.run import upgrade
from syncserver.settings import Settings
from syncserver.tenants import service as tenants

_FAULTS_FOUND = 3


@click.group(name="chartdrop-server")
@click.version_option(package_name="chartdrop")
def chartdrop_server() -> None:
    """The sync server of Chartdrop."""


@chartdrop_server.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option("--tls-cert", type=existing_file, help="A certificate, PEM: then it serves https, by TLS 1.3 alone.")
@click.option("--tls-key", type=existing_file, help="The certificate's key, PEM.")
@data_dir_option
@database_url_option
def serve(  # noqa: PLR0913, PLR0917 - click hands each option over as an argument
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    data_dir: Path | None,
    database_url: str | None,
) -> None:
    """Serve until SIGTERM or SIGINT. The first line on standard output says where."""
    from syncserver.app import Parts, create_app  # two seconds, which no other command needs
    from syncserver.effects import make_relay_process

    with upgraded_server(data_dir, database_url, tls_cert=tls_cert, tls_key=tls_key) as opened:
        # The embedded database has one writer, for which two processes would only wait.
        relay = None if opened.settings.embedded else make_relay_process(opened.settings, opened.database)
        app = create_app(Parts(opened.settings, opened.keys, opened.database, relay=relay))
        settings = opened.settings
        tls = Certificate(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
        serve_app(app, host, port, announce=lambda url: click.echo(f"listening on {url}"), tls=tls)


@chartdrop_server.command(hidden=True)
def relay() -> None:
    """See to what follows from events, beside the server that started this, until standard input ends."""
    from syncserver.effects import make_relay

    with open_server(None, None) as opened:
        follow(make_relay(opened.database, opened.keys, system_clock))


@chartdrop_server.command()
@data_dir_option
@database_url_option
def worker(data_dir: Path | None, database_url: str | None) -> None:
    """Read jobs that a server of the same settings takes in, until SIGTERM or SIGINT. Needs CHARTDROP_BROKER_URL."""
    from syncserver.processing.readers import reading_process
    from syncserver.worker import run_worker

    with open_server(data_dir, database_url) as opened:
        if not opened.settings.broker_url:
            raise CannotStart("CHARTDROP_BROKER_URL is not set: without a broker, the server reads its jobs itself.")
        check_ready(opened)
        run_worker(opened.settings, opened.keys, opened.database, partial(reading_process, opened.settings))


@chartdrop_server.command()
@data_dir_option
@database_url_option
def migrate(data_dir: Path | None, database_url: str | None) -> None:
    """Bring the database to the state that this version needs."""
    with open_server(data_dir, database_url) as opened:
        upgrade(opened.database)
        click.echo("The database is up to date.", err=True)


@chartdrop_server.command("create-superuser")
@click.argument("email")
@click.option(
    "--password",
    envvar="CHARTDROP_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    hidden=True,
    expose_value=True,
)
@data_dir_option
@database_url_option
def create_superuser(email: str, password: str, data_dir: Path | None, database_url: str | None) -> None:
    """Make an operator's account. The password comes from CHARTDROP_PASSWORD, or a prompt."""
    try:
        address = checked_email(email)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    check_password(password, people.personal_words(address))
    with upgraded_server(data_dir, database_url) as opened, opened.begin() as transaction:
        is_new = people.make_superuser(transaction, opened.keys, address, hash_password(password))
    click.echo(f"{address} is {'now' if is_new else 'known, and now'} a superuser.", err=True)


@chartdrop_server.command("backup")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@data_dir_option
def make_backup(out: Path, data_dir: Path | None) -> None:
    """Write an embedded server into one file, while it serves. It opens with the server's secret alone."""
    with open_server(data_dir, None, must_exist=True) as opened:
        _check_embedded(opened.settings)
        objects = back_up(opened.database, opened.settings.data_dir, out.absolute())
    click.echo(f"{out}: the database and {objects} stored files. Keep the server's secret elsewhere.", err=True)


@chartdrop_server.command("restore")
@click.argument("backup", type=existing_file)
@data_dir_option
def restore_backup(backup: Path, data_dir: Path | None) -> None:
    """Put a backup into a data directory where no server is. The secret has to be there, or in CHARTDROP_SECRET_KEY."""
    settings = settings_of(data_dir)
    _check_embedded(settings)
    if not has_secret(settings):
        raise CannotStart(
            f"The backup opens with its server's secret alone: put that server's secret.key into {settings.data_dir}, "
            "or set CHARTDROP_SECRET_KEY."
        )
    restore(backup, prepare_data_dir(settings.data_dir))
    with upgraded_server(settings.data_dir, None) as opened:
        _begin_epochs(opened)
    click.echo(f"{settings.data_dir} holds what was backed up. Serve from it.", err=True)


@chartdrop_server.command("resync")
@data_dir_option
@database_url_option
def have_devices_resync(data_dir: Path | None, database_url: str | None) -> None:
    """Have every device fetch anew what it works by: for a database that was restored by PostgreSQL's own tools."""
    with ready_server(data_dir, database_url) as opened:
        count = _begin_epochs(opened)
    click.echo(f"The devices of {count} organizations fetch everything anew at their next contact.", err=True)


@chartdrop_server.command("rebuild-analytics")
@data_dir_option
@database_url_option
def rebuild_analytics(data_dir: Path | None, database_url: str | None) -> None:
    """Count all documents anew for the statistics, while it serves: once after an upgrade from before them."""
    from syncserver.analytics import counting as analytics

    with ready_server(data_dir, database_url) as opened:
        with opened.database.reading() as session:
            organizations = tenants.all_ids(session)
        for organization_id in organizations:
            with opened.database.writing() as session:
                number = analytics.rebuild(session, opened.keys, organization_id, system_clock())
            click.echo(f"organization {organization_id} documents {number} counted")


@chartdrop_server.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding: check, state, message, remedy.")
@data_dir_option
@database_url_option
def doctor(as_json: bool, data_dir: Path | None, database_url: str | None) -> None:
    """Look over this machine and all that the settings name, and say what to do.

    Processor, memory, disk, settings, database, storage, broker, a page that is read, Stripe, certificate, clocks. Ends
    with 3 when something does not work. Give it the options and the environment that the server has.
    """
    from syncserver.doctor import Doctor

    def checks() -> list[tuple[str, Check]]:
        return Doctor(settings_of(data_dir, database_url)).checks()

    configure_logging("ERROR")
    found = []
    for finding in examine_all("settings", checks):
        found.append(finding)
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else as_words(finding))
    if is_fault(found):
        sys.exit(_FAULTS_FOUND)


def _begin_epochs(opened: Opened) -> int:
    """Every feed begins another life; how many those are."""
    with opened.database.reading() as session:
        organizations = changes.organizations(session)
    for organization_id in organizations:
        with opened.begin() as transaction:
            changes.begin_epoch(transaction, organization_id)
    return len(organizations)


def _check_embedded(settings: Settings) -> None:
    if not settings.embedded or settings.storage_url:
        raise CannotStart("This server has a database or storage of its own: back those up with their own tools.")
