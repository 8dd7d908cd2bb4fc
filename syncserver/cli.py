"""The command line: `serve`, `worker`, `migrate`, `create-superuser`, `backup`, `restore`, `resync`,
`rebuild-analytics`, `doctor`, `organizations`, `keys rotate`, `tls init`, `audit verify`, `audit remove-expired`.

Exit codes: 0 all well; 1 the server cannot do it, and says why; 2 wrong usage; 3 the doctor found what does not work;
6 the audit log does not verify.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from shared.audit import TreeHead
from shared.clock import system_clock
from shared.doctor import Check, as_words, examine_all, is_fault
from shared.errors import ChartdropError
from syncserver.audit import retention
from syncserver.audit.schemas import TreeHeadView
from syncserver.audit.service import AuditWriter
from syncserver.audit.verification import VerifiedChain, VerifiedTree, verify_all
from syncserver.changes import service as changes
from syncserver.events.transaction import Transaction, beginner
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.identity.people.schemas import checked_email
from syncserver.kit.backup import back_up, restore
from syncserver.kit.certificates import AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY, make_certificates
from syncserver.kit.database import EMBEDDED_FILE, Database, open_database
from syncserver.kit.errors import CannotStart
from syncserver.kit.logging import configure_logging, fault_of, log
from syncserver.kit.secret import ServerKeys, has_secret, load_keys, prepare_data_dir
from syncserver.kit.serving import Certificate, serve_app
from syncserver.kit.tenancy import without_time_limit
from syncserver.migrations.run import is_current, upgrade
from syncserver.operation import service as operation
from syncserver.settings import Settings
from syncserver.tenants import service as tenants
from syncserver.usage.catalogue import CATALOGUE

_FAULTS_FOUND, _AUDIT_DOES_NOT_VERIFY = 3, 6


@dataclass(frozen=True, slots=True)
class Opened:
    """Settings, keys and the database, open."""

    settings: Settings
    keys: ServerKeys
    database: Database


def run() -> NoReturn:
    """Runs the command line and exits; an error is a sentence on standard error, never a traceback."""
    try:
        chartdrop_server.main(prog_name="chartdrop-server", standalone_mode=False)
    except click.exceptions.Abort:
        _fail("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ChartdropError as error:
        _fail(error.message)
    except (OSError, SQLAlchemyError) as error:
        log.error("fault", **fault_of(error))
        _fail(f"{type(error).__name__}: {getattr(error, 'strerror', None) or 'the log above says where'}.")
    sys.exit(0)


def _fail(message: str) -> NoReturn:
    click.echo(f"chartdrop-server: {message}", err=True)
    sys.exit(1)


_data_dir = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where the server's own files live."
)
_database_url = click.option(
    "--database-url", help="postgresql+psycopg://…; without one, an encrypted SQLite file in the data directory."
)


_existing_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(name="chartdrop-server")
@click.version_option(package_name="chartdrop")
def chartdrop_server() -> None:
    """The sync server of Chartdrop."""


@chartdrop_server.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option("--tls-cert", type=_existing_file, help="A certificate, PEM: then it serves https, by TLS 1.3 alone.")
@click.option("--tls-key", type=_existing_file, help="The certificate's key, PEM.")
@_data_dir
@_database_url
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

    with _opened(data_dir, database_url, tls_cert=tls_cert, tls_key=tls_key) as opened:
        if opened.settings.embedded:
            upgrade(opened.database)
        _check_ready(opened)
        app = create_app(Parts(opened.settings, opened.keys, opened.database))
        settings = opened.settings
        tls = Certificate(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
        serve_app(app, host, port, announce=lambda url: click.echo(f"listening on {url}"), tls=tls)


@chartdrop_server.command()
@_data_dir
@_database_url
def worker(data_dir: Path | None, database_url: str | None) -> None:
    """Read jobs that a server of the same settings takes in, until SIGTERM or SIGINT. Needs CHARTDROP_BROKER_URL."""
    from syncserver.processing.readers import reading_process
    from syncserver.worker import run_worker

    with _opened(data_dir, database_url) as opened:
        if not opened.settings.broker_url:
            raise CannotStart("CHARTDROP_BROKER_URL is not set: without a broker, the server reads its jobs itself.")
        _check_ready(opened)
        run_worker(opened.settings, opened.keys, opened.database, partial(reading_process, opened.settings))


@chartdrop_server.command()
@_data_dir
@_database_url
def migrate(data_dir: Path | None, database_url: str | None) -> None:
    """Bring the database to the state that this version needs."""
    with _opened(data_dir, database_url) as opened:
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
@_data_dir
@_database_url
def create_superuser(email: str, password: str, data_dir: Path | None, database_url: str | None) -> None:
    """Make an operator's account. The password comes from CHARTDROP_PASSWORD, or a prompt."""
    try:
        address = checked_email(email)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    check_password(password, people.personal_words(address))
    with _opened(data_dir, database_url) as opened:
        if opened.settings.embedded:
            upgrade(opened.database)
        _check_ready(opened)
        with opened.database.writing() as session:
            transaction = Transaction(session, system_clock(), AuditWriter(opened.keys))
            is_new = people.make_superuser(transaction, opened.keys, address, hash_password(password))
    click.echo(f"{address} is {'now' if is_new else 'known, and now'} a superuser.", err=True)


@chartdrop_server.command("backup")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@_data_dir
def make_backup(out: Path, data_dir: Path | None) -> None:
    """Write an embedded server into one file, while it serves. It opens with the server's secret alone."""
    with _opened(data_dir, None, must_exist=True) as opened:
        _check_embedded(opened.settings)
        objects = back_up(opened.database, opened.settings.data_dir, out.absolute())
    click.echo(f"{out}: the database and {objects} stored files. Keep the server's secret elsewhere.", err=True)


@chartdrop_server.command("restore")
@click.argument("backup", type=_existing_file)
@_data_dir
def restore_backup(backup: Path, data_dir: Path | None) -> None:
    """Put a backup into a data directory where no server is. The secret has to be there, or in CHARTDROP_SECRET_KEY."""
    settings = _settings(data_dir=data_dir.absolute() if data_dir else None)
    _check_embedded(settings)
    if not has_secret(settings):
        raise CannotStart(
            f"The backup opens with its server's secret alone: put that server's secret.key into {settings.data_dir}, "
            "or set CHARTDROP_SECRET_KEY."
        )
    restore(backup, prepare_data_dir(settings.data_dir))
    with _opened(settings.data_dir, None) as opened:
        upgrade(opened.database)
        _check_ready(opened)
        _begin_epochs(opened)
    click.echo(f"{settings.data_dir} holds what was backed up. Serve from it.", err=True)


@chartdrop_server.command("resync")
@_data_dir
@_database_url
def have_devices_resync(data_dir: Path | None, database_url: str | None) -> None:
    """Have every device fetch anew what it works by: for a database that was restored by PostgreSQL's own tools."""
    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        count = _begin_epochs(opened)
    click.echo(f"The devices of {count} organizations fetch everything anew at their next contact.", err=True)


@chartdrop_server.command("rebuild-analytics")
@_data_dir
@_database_url
def rebuild_analytics(data_dir: Path | None, database_url: str | None) -> None:
    """Count all documents anew for the statistics, while it serves: once after an upgrade from before them."""
    from syncserver.analytics import counting as analytics

    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        with opened.database.reading() as session:
            organizations = tenants.all_ids(session)
        for organization_id in organizations:
            with opened.database.writing() as session:
                number = analytics.rebuild(session, opened.keys, organization_id, system_clock())
            click.echo(f"organization {organization_id} documents {number} counted")


@chartdrop_server.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding: check, state, message, remedy.")
@_data_dir
@_database_url
def doctor(as_json: bool, data_dir: Path | None, database_url: str | None) -> None:
    """Look over this machine and all that the settings name, and say what to do.

    Processor, memory, disk, settings, database, storage, broker, a page that is read, Stripe, certificate, clocks. Ends
    with 3 when something does not work. Give it the options and the environment that the server has.
    """
    from syncserver.doctor import Doctor

    def checks() -> list[tuple[str, Check]]:
        return Doctor(_settings(data_dir=data_dir.absolute() if data_dir else None, database_url=database_url)).checks()

    configure_logging("ERROR")
    found = []
    for finding in examine_all("settings", checks):
        found.append(finding)
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else as_words(finding))
    if is_fault(found):
        sys.exit(_FAULTS_FOUND)


def _begin_epochs(opened: Opened) -> int:
    """Every feed begins another life; how many those are."""
    begin = beginner(opened.database, system_clock, AuditWriter(opened.keys), wake_relay=lambda: None)
    with opened.database.reading() as session:
        organizations = changes.organizations(session)
    for organization_id in organizations:
        with begin() as transaction:
            changes.begin_epoch(transaction, organization_id)
    return len(organizations)


def _check_embedded(settings: Settings) -> None:
    if not settings.embedded or settings.storage_url:
        raise CannotStart("This server has a database or storage of its own: back those up with their own tools.")


@chartdrop_server.group("keys")
def _keys_commands() -> None:
    """The keys that everything is sealed under."""


@_keys_commands.command("rotate")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the new secret is written, when CHARTDROP_SECRET_KEY is set; else it takes secret.key's place.",
)
@_data_dir
@_database_url
def rotate_keys(out: Path | None, data_dir: Path | None, database_url: str | None) -> None:
    """Have everything open with a new secret alone, while no server runs. Broken off, it goes on when run again."""
    from syncserver.operation import key_rotation

    settings = _settings(data_dir=data_dir.absolute() if data_dir else None, database_url=database_url)
    configure_logging(settings.log_level)
    _check_exists(settings)
    rotated = key_rotation.rotate(settings, out.absolute() if out else None, system_clock)
    click.echo(f"The keys of {rotated.organizations} organizations are sealed anew.", err=True)
    click.echo(f"{rotated.secret} holds the secret from now on; the one before opens earlier backups alone.", err=True)
    if rotated.without_codes:
        click.echo(f"{rotated.without_codes} people need new recovery codes of their second factor.", err=True)


@chartdrop_server.group("organizations")
def _organizations_commands() -> None:
    """The organizations of this server, and their tiers."""


@_organizations_commands.command("list")
@_data_dir
@_database_url
def list_organizations(data_dir: Path | None, database_url: str | None) -> None:
    """Each with its id, tier, people, devices and pages of this month."""
    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        cursor, is_first = None, True
        while cursor or is_first:
            with opened.database.reading() as session:
                found = operation.organizations(session, system_clock(), cursor, 100)
            for one in found.items:
                click.echo(
                    f"{one.id} {one.tier} people {one.people} devices {one.devices} pages {one.pages} {one.name}"
                )
            cursor, is_first = found.next_cursor, False


@_organizations_commands.command("tier")
@click.argument("organization", type=click.UUID)
@click.argument("tier", type=click.Choice([tenants.TRIAL, *(one.id for one in CATALOGUE.tiers)]))
@_data_dir
@_database_url
def put_on_tier(organization: UUID, tier: str, data_dir: Path | None, database_url: str | None) -> None:
    """Put an organization on a tier, without Stripe. It stands in its audit log, and its devices hear of it."""
    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        begin = beginner(opened.database, system_clock, AuditWriter(opened.keys), wake_relay=lambda: None)
        with begin() as transaction:
            changed = operation.change_tier(transaction, organization, tier, "operator")
    click.echo(f"{changed.name} is on the tier {changed.tier}.", err=True)


@chartdrop_server.group("tls")
def _tls_commands() -> None:
    """Certificates for a network without a public authority."""


@_tls_commands.command("init")
@click.option(
    "--name", "names", multiple=True, required=True, help="A host name or address of this server; several may be given."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("tls"), show_default=True)
def make_certificates_here(names: tuple[str, ...], out: Path) -> None:
    """Make a private authority, and a certificate of it for this server. Again: a new certificate of the same one."""
    make_certificates(out, list(names), system_clock())
    click.echo(f"Serve with: --tls-cert {out / SERVER} --tls-key {out / SERVER_KEY}", err=True)
    click.echo(f"Give {out / AUTHORITY} to the machines that are to trust it, and keep {AUTHORITY_KEY} away.", err=True)


@chartdrop_server.group("audit")
def _audit_commands() -> None:
    """The server's audit log."""


@_audit_commands.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each chain and each tree.")
@click.option(
    "--head", "heads", type=_existing_file, multiple=True, help="A tree head that was kept elsewhere; several may be."
)
@_data_dir
@_database_url
def verify_audit(as_json: bool, heads: tuple[Path, ...], data_dir: Path | None, database_url: str | None) -> None:
    """Check every chain of the audit logs, from its first entry to its last, and the trees over them."""
    faults = 0
    held = [_read_head(path) for path in heads]
    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        with opened.database.reading() as session:
            without_time_limit(session)
            for verified in verify_all(session, opened.keys, held):
                click.echo(_as_json(verified) if as_json else _told(verified))
                faults += verified.fault is not None
    if faults:
        click.echo(f"chartdrop-server: {faults} of the audit chains and trees do not verify.", err=True)
        sys.exit(_AUDIT_DOES_NOT_VERIFY)


@_audit_commands.command("remove-expired")
@_data_dir
@_database_url
def remove_expired_entries(data_dir: Path | None, database_url: str | None) -> None:
    """Give up entries older than CHARTDROP_AUDIT_RETENTION_YEARS. Their hashes stay, and the logs still verify."""
    with _opened(data_dir, database_url, must_exist=True) as opened:
        _check_ready(opened)
        begin = beginner(opened.database, system_clock, AuditWriter(opened.keys), wake_relay=lambda: None)
        before = retention.cut_off(system_clock(), opened.settings.audit_retention_years)
        with opened.database.reading() as session:
            organizations = retention.organizations(session)
        for organization_id in organizations:
            with begin() as transaction:
                removed = retention.remove_expired(transaction, opened.keys, organization_id, before)
            click.echo(f"organization {removed.organization_id} entries {removed.entries} removed")


def _read_head(path: Path) -> TreeHead:
    try:
        view = TreeHeadView.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise click.BadParameter(f"{path} is no tree head, as /api/v1/audit/tree-head answers it.") from error
    return view.head()


def _told(verified: VerifiedChain | VerifiedTree) -> str:
    match verified:
        case VerifiedChain(organization_id, chain, length, fault):
            state = f"entry {fault.position}: {fault.reason}" if fault else "verified"
            return f"organization {organization_id} chain {chain} entries {length} {state}"
        case VerifiedTree(organization_id, size, heads, flaw):
            state = f"leaf {flaw.leaf}: {flaw.reason}" if flaw else "verified"
            return f"organization {organization_id} tree leaves {size} heads {heads} {state}"


def _as_json(verified: VerifiedChain | VerifiedTree) -> str:
    kind = "chain" if isinstance(verified, VerifiedChain) else "tree"
    return json.dumps({"kind": kind, **asdict(verified)}, default=str)


@contextmanager
def _opened(
    data_dir: Path | None, database_url: str | None, must_exist: bool = False, **more: Path | None
) -> Iterator[Opened]:
    settings = _settings(data_dir=data_dir.absolute() if data_dir else None, database_url=database_url, **more)
    configure_logging(settings.log_level)
    if must_exist:
        _check_exists(settings)
    keys = load_keys(settings)
    database = open_database(settings, keys)
    try:
        yield Opened(settings, keys, database)
    finally:
        database.close()


def _check_exists(settings: Settings) -> None:
    if settings.embedded and not (settings.data_dir / EMBEDDED_FILE).exists():
        raise CannotStart(f"There is no server's database in {settings.data_dir}.")


def _settings(**given: Path | str | None) -> Settings:
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise CannotStart(" ".join(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ").rstrip(".")
    setting = "_".join(str(part) for part in place).upper().removeprefix("CHARTDROP_")
    return f"CHARTDROP_{setting} {message}." if setting else f"{message}."


def _check_ready(opened: Opened) -> None:
    """Raises CannotStart when the database is of another version, or was made with another secret."""
    if not is_current(opened.database):
        raise CannotStart("The database is not of this version. Run `chartdrop-server migrate` first.")
    opened.database.check_roles()
    with opened.database.reading() as session:
        tenants.check_master_key(session, opened.keys)
