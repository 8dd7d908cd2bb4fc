"""The stores that are measured: one with many pages, and two beside each other, with and without encryption."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.progress import track
from sqlalchemy import Engine, QueuePool, create_engine, event

from desktop.settings import Settings
from desktop.vault import connection as store_connection
from desktop.vault import documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, NewDocument
from desktop.vault.keys import DatabaseKey
from shared.ids import new_id
from tests.quality.vault.pages import Language, invent_reading

_BATCH = 500  # documents a transaction, while the store is made
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_SPAN = timedelta(days=6 * 365)


def settings_for(data_dir: Path) -> Settings:
    return Settings.model_validate({"data_dir": data_dir, "passphrase": "only a benchmark"})


def make_filled(data_dir: Path, language: Language, pages: int, chance: random.Random) -> None:
    """A store of `pages` documents of one page, over six years; one that is there already stays."""
    if data_dir.exists():
        return
    aside = data_dir.with_name(f"{data_dir.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    vault = open_vault(settings_for(aside), lambda: None)
    for first in track(range(0, pages, _BATCH), f"a store of {pages:,} pages"):
        with vault.act() as connection:
            for number in range(first, min(first + _BATCH, pages)):
                at = _FIRST_DAY + _SPAN * (number / pages)
                reading = invent_reading(chance, language, number, with_words=False)
                new = NewDocument(new_id(), f"{number:064x}", reading.file_name, 1, "auto")
                documents.add(connection, new, at)
                documents.finish(connection, new.id, DocumentState.DONE, reading, at)
    vault.close()
    aside.rename(data_dir)


def open_plain(data_dir: Path) -> Vault:
    """A store with the same tables and settings of the database, and no encryption."""
    encrypted = store_connection.open_engine
    try:
        store_connection.open_engine = _plain_engine
        return open_vault(settings_for(data_dir), lambda: None)
    finally:
        store_connection.open_engine = encrypted


def _plain_engine(database: Path, key: DatabaseKey, *, exclusive: bool = False) -> Engine:
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(str(database), check_same_thread=False, isolation_level=None)
        for pragma in store_connection.PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", store_connection._begin)
    return engine
