import threading
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from desktop.errors import StoreBusy, StoreDamaged, StoreTooNew
from desktop.settings import Settings
from desktop.vault import audit_log, documents, migrations, outbox
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import NewDocument
from desktop.vault.folder import sole_worker
from desktop.vault.outcomes import record_outcome
from desktop.vault.schema import metadata
from shared.documents import Reading
from shared.ids import new_id
from tests.desktop.conftest import PATIENT, files_that_tell, fingerprint


def add_document(vault: Vault, content: str = "a") -> NewDocument:
    new = NewDocument(new_id(), content * 64, f"{PATIENT}.png", 3, "auto")
    with vault.act() as connection:
        documents.add(connection, new, vault.clock())
    return new


def test_what_fails_in_the_middle_leaves_nothing_behind(vault: Vault) -> None:
    new = add_document(vault)
    reading = Reading(new.file_name, new.sha256, 2)
    with vault.read() as connection:
        entries, operations = audit_log.length(connection), outbox.last_sequence(connection)

    def fail_after_recording() -> None:
        with vault.act() as connection:
            record_outcome(vault, connection, new.id, reading)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()

    with vault.read() as connection:
        assert documents.get(connection, new.id).state == "waiting"
        assert audit_log.length(connection) == entries
        assert outbox.last_sequence(connection) == operations


def test_an_outcome_its_audit_entry_and_its_outbox_rows_come_together(vault: Vault) -> None:
    new = add_document(vault)

    with vault.act() as connection:
        record_outcome(vault, connection, new.id, Reading(new.file_name, new.sha256, 2))

    with vault.read() as connection:
        kinds = [row.payload.split('"')[3] for row in outbox.after(connection, 1)]
        assert documents.get(connection, new.id).state == "done"
        assert kinds == ["audit.recorded", "usage.counted", "document.read"]
        assert audit_log.verify(connection, vault.chain) is None


def test_the_outbox_has_no_gaps_whoever_writes(vault: Vault) -> None:
    def write() -> None:
        for _ in range(10):
            with vault.act() as connection:
                audit_log.record(connection, vault.chain, audit_log.Act("device", "test", "x"))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with vault.read() as connection:
        sequences = [row.sequence for row in outbox.after(connection, 0)]
        assert sequences == list(range(1, 42))
        assert audit_log.verify(connection, vault.chain) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET payload = ''",
        "DELETE FROM outbox",
        "UPDATE audit_entries SET entry = ''",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET length = 0",
    ],
)
def test_the_log_and_the_outbox_only_grow(vault: Vault, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"append-only|only grows"), vault.act() as connection:
        connection.execute(text(statement))


def test_nothing_in_the_store_can_be_read_without_the_key(vault: Vault) -> None:
    new = add_document(vault)
    with vault.act() as connection:
        record_outcome(vault, connection, new.id, Reading(new.file_name, new.sha256, 2))

    assert not files_that_tell(vault.folder.root, PATIENT, "SQLite format 3", "document.read")


def test_a_damaged_store_is_refused_and_left_as_it_is(settings: Settings) -> None:
    open_vault(settings, lambda: None).close()
    database = settings.data_dir / "store.db"
    content = bytearray(database.read_bytes())
    content[100:200] = bytes(100)
    database.write_bytes(content)
    before = fingerprint(settings.data_dir)

    with pytest.raises(StoreDamaged, match=r"store\.db"):
        open_vault(settings, lambda: None)

    assert fingerprint(settings.data_dir) == before


def test_a_store_of_a_later_version_is_refused(vault: Vault, settings: Settings) -> None:
    with vault.act() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreTooNew):
        open_vault(settings, lambda: None)


def test_the_migrations_make_the_tables_that_the_code_knows(vault: Vault) -> None:
    with vault.read() as connection:
        there = inspect(connection)
        columns = {
            name: {column["name"] for column in there.get_columns(name)}
            for name in there.get_table_names()
            if name != "alembic_version" and not name.startswith("page_index")  # FTS5's own tables
        }

    assert columns == {table.name: set(table.columns.keys()) for table in metadata.sorted_tables}


def test_the_version_that_saves_loading_alembic_is_the_latest() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_current_head() == migrations.LATEST


def test_one_process_works_in_a_data_directory_and_is_named_to_the_next(vault: Vault) -> None:
    second = sole_worker(vault.folder, "watch")

    with (
        sole_worker(vault.folder, "the window"),
        pytest.raises(StoreBusy, match=r"the window \(process \d+ on .+, since 20..-"),
    ):
        second.__enter__()

    with sole_worker(vault.folder, "watch"):
        pass
    assert not vault.folder.holder.exists()
