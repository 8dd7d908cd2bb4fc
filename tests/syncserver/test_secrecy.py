"""What is read stays sealed: no file, no column, no log line holds anything about a patient."""

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from shared.crypto.aead import SealBroken
from syncserver.documents.sealing import unseal_reading
from syncserver.kit.logging import configure_logging
from syncserver.settings import Settings
from syncserver.tenants.service import organization_key
from tests.syncserver.conftest import SECRET, Server, ordinary_logging
from tests.syncserver.desktop import FILE_NAME, PATIENT

pytestmark = pytest.mark.timeout(60)
WORDS = [word.encode() for word in [*PATIENT.split(), *PATIENT.upper().split(), FILE_NAME]]


def synced(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.fail()
    desktop.push()
    assert PATIENT in server.north.get(f"/api/v1/jobs/{document_id}").text


def every_value(server: Server) -> bytes:
    """Every column of every row of every table, as the database holds it."""
    with server.parts.database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def test_no_column_holds_a_patients_name(server: Server) -> None:
    synced(server)

    held = every_value(server)

    assert b"hospice_admission" in held
    assert not [word for word in WORDS if word in held]


def test_no_file_holds_anything_in_the_clear(server: Server, tmp_path: Path) -> None:
    synced(server)

    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert not [word for word in [*WORDS, b"hospice_admission", b"SQLite format 3"] if word in held]


def test_no_log_line_and_no_answer_to_a_fault_holds_a_patients_name(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with ordinary_logging():
        configure_logging("DEBUG")
        synced(server)
        with server.parts.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE jobs RENAME COLUMN sealed TO lost"))
        desktop = server.desktop()
        desktop.read()
        answer = desktop.push()
        with server.parts.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE jobs RENAME COLUMN lost TO sealed"))
    logged = capsys.readouterr().err

    assert (answer.status_code, answer.json()["retryable"]) in {(500, True), (503, True)}
    assert answer.headers["X-Correlation-ID"] in logged
    assert '"at": ' in logged  # where it was raised
    assert not [word for word in WORDS if word in (logged + answer.text).encode()]


def test_a_sealed_reading_opens_for_its_own_document_and_organization_alone(server: Server) -> None:
    synced(server)
    north, south = server.owners.north.organization_id, server.owners.south.organization_id
    with server.parts.database.reading() as session:
        row = session.execute(text("SELECT id, sealed FROM jobs WHERE status = 'completed'")).one()
        keys = [organization_key(session, server.parts.keys, organization) for organization in (north, south)]
    with pytest.raises(SealBroken):
        unseal_reading(keys[1], north, row.id, row.sealed)
    with pytest.raises(SealBroken):
        unseal_reading(keys[0], south, row.id, row.sealed)


def test_settings_show_no_secret(settings: Settings) -> None:
    assert SECRET not in repr(settings)
    assert not re.search("password|host=", repr(settings))
