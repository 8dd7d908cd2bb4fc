"""What each command begins with: the settings, and the server's keys and database open."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import ValidationError

from shared.clock import system_clock
from syncserver.audit.service import AuditWriter
from syncserver.events.transaction import Transaction, beginner
from syncserver.kit.database import EMBEDDED_FILE, Database, open_database
from syncserver.kit.errors import CannotStart
from syncserver.kit.logging import configure_logging
from syncserver.kit.secret import ServerKeys, load_keys
from syncserver.migrations.run import is_current, upgrade
from syncserver.settings import Settings
from syncserver.tenants import service as tenants

data_dir_option = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where the server's own files live."
)
database_url_option = click.option(
    "--database-url", help="postgresql+psycopg://…; without one, an encrypted SQLite file in the data directory."
)


existing_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """Settings, keys and the database, open."""

    settings: Settings
    keys: ServerKeys
    database: Database

    def begin(self) -> AbstractContextManager[Transaction]:
        """A transaction; a relay that runs elsewhere hears of what it announces by itself."""
        return beginner(self.database, system_clock, AuditWriter(self.keys), wake_relay=lambda: None)()


@contextmanager
def open_server(
    data_dir: Path | None, database_url: str | None, *, must_exist: bool = False, **more: Path | None
) -> Iterator[Opened]:
    """The server's parts for a block; closed after it. Raises CannotStart, with the reason."""
    settings = settings_of(data_dir, database_url, **more)
    configure_logging(settings.log_level)
    if must_exist:
        check_exists(settings)
    keys = load_keys(settings)
    database = open_database(settings, keys)
    try:
        yield Opened(settings, keys, database)
    finally:
        database.close()


@contextmanager
def ready_server(data_dir: Path | None, database_url: str | None) -> Iterator[Opened]:
    """The parts of a server that is there already, and of this version. Raises CannotStart, with the reason."""
    with open_server(data_dir, database_url, must_exist=True) as opened:
        check_ready(opened)
        yield opened


@contextmanager
def upgraded_server(
    data_dir: Path | None, database_url: str | None, tls_cert: Path | None = None, tls_key: Path | None = None
) -> Iterator[Opened]:
    """The same of one that may be new: embedded, it is made, or brought to this version. Raises CannotStart."""
    with open_server(data_dir, database_url, tls_cert=tls_cert, tls_key=tls_key) as opened:
        if opened.settings.embedded:
            upgrade(opened.database)
        check_ready(opened)
        yield opened


def check_exists(settings: Settings) -> None:
    """Raises CannotStart where an embedded server would be made anew."""
    if settings.embedded and not (settings.data_dir / EMBEDDED_FILE).exists():
        raise CannotStart(f"There is no server's database in {settings.data_dir}.")


def settings_of(data_dir: Path | None, database_url: str | None = None, **more: Path | None) -> Settings:
    """The settings, those that are given before the environment's. Raises CannotStart, which names what is wrong."""
    given = {"data_dir": data_dir.absolute() if data_dir else None, "database_url": database_url, **more}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise CannotStart(" ".join(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ").rstrip(".")
    setting = "_".join(str(part) for part in place).upper().removeprefix("CHARTDROP_")
    return f"CHARTDROP_{setting} {message}." if setting else f"{message}."


def check_ready(opened: Opened) -> None:
    """Raises CannotStart when the database is of another version, or was made with another secret."""
    if not is_current(opened.database):
        raise CannotStart("The database is not of this version. Run `chartdrop-server migrate` first.")
    opened.database.check_roles()
    with opened.database.reading() as session:
        tenants.check_master_key(session, opened.keys)
