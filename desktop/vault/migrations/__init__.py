"""How the store's tables came to be, step by step (Alembic)."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from desktop.errors import StoreTooNew

LATEST = "0018"  # kept here so that opening an up-to-date store need not load Alembic (0.5 s)


def migrate(connection: Connection) -> bool:
    """The tables are those of this version, within the caller's transaction; whether anything had to change.

    Raises StoreTooNew when a later version of Chartdrop wrote the store."""
    current = _revision(connection)
    if current == LATEST:
        return False
    if current is not None and current > LATEST:
        raise StoreTooNew("A later version of Chartdrop wrote this store. Update Chartdrop to open it.")
    _upgrade(connection)
    return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
