"""Row-level security: PostgreSQL itself keeps organizations apart, whatever a query forgets."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from shared.clock import system_clock
from syncserver.audit import retention
from syncserver.audit.service import AuditWriter
from syncserver.audit.verification import verify_all
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.database import Database, open_database
from syncserver.kit.errors import DatabaseUnusable
from syncserver.kit.secret import load_keys
from syncserver.kit.tenancy import SERVER_ROLE, TENANT_ROLE
from syncserver.migrations.run import downgrade, upgrade
from syncserver.migrations.tables import METADATA
from syncserver.settings import Settings
from syncserver.tenants import service as tenants
from tests.syncserver.conftest import SECRET, Server, fresh_postgres
from tests.syncserver.people import joined, owner_of_north

pytestmark = pytest.mark.timeout(60)
RESERVED = {"refresh_tokens", "attempts", "stripe_inbox"}
SHARED = {"kept_answers"}  # sealed with the server's key, found by who asks
OWNED = sorted(set(METADATA.tables) - RESERVED - SHARED)


@pytest.fixture
def on_postgresql(server: Server) -> Server:
    """A server on PostgreSQL in which both organizations have rows in most tables."""
    if server.settings().embedded:
        pytest.skip("row-level security is PostgreSQL's")
    for owner in (server.north, server.south):
        desktop = server.desktop(owner)
        desktop.read()
        assert desktop.push().status_code == 200
        owner.post("/api/v1/invitations", json={"email": "somebody@example.com"})
    owner_of_north(server)
    return server


def organizations_seen(database: Database, table: str, organization: UUID | None) -> set[object]:
    column = "id" if table == "organizations" else "organization_id"
    with database.reading(lambda: organization) as session:
        return set(session.execute(text(f"SELECT {column} FROM {table}")).scalars())  # noqa: S608


def test_every_table_forces_its_security_on_its_owner_too(on_postgresql: Server) -> None:
    with on_postgresql.parts.database.engine.connect() as connection:
        query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = set(connection.execute(query).scalars())

    assert forced == set(METADATA.tables) - SHARED


def test_a_query_that_forgets_whose_rows_it_wants_gets_its_own(on_postgresql: Server) -> None:
    north = on_postgresql.owners.north.organization_id
    seen = {table: organizations_seen(on_postgresql.parts.database, table, north) for table in OWNED}

    assert all(rows <= {north} for rows in seen.values())
    assert {table for table, rows in seen.items() if rows} >= {"organizations", "users", "jobs", "devices", "api_keys"}


def test_a_transaction_of_nobody_sees_nothing(on_postgresql: Server) -> None:
    assert {table: organizations_seen(on_postgresql.parts.database, table, None) for table in OWNED} == {
        table: set() for table in OWNED
    }


def test_a_tenant_changes_nothing_of_another(on_postgresql: Server) -> None:
    database, owners = on_postgresql.parts.database, on_postgresql.owners
    with database.writing(lambda: owners.north.organization_id) as session:
        changed = session.execute(text("UPDATE devices SET name = 'mine' RETURNING organization_id")).scalars().all()
        assert set(changed) == {owners.north.organization_id}

    for statement in (
        "UPDATE devices SET organization_id = :south",
        "INSERT INTO events (organization_id, kind, details, happened_at) VALUES (:south, 'x', '{}', now())",
    ):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            database.writing(lambda: owners.north.organization_id) as session,
        ):
            session.execute(text(statement), {"south": owners.south.organization_id})


@pytest.mark.parametrize("table", sorted(RESERVED))
def test_what_is_the_servers_alone_no_tenant_may_read(on_postgresql: Server, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        on_postgresql.parts.database.reading(lambda: on_postgresql.owners.north.organization_id) as session,
    ):
        session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_neither_role_may_change_the_audit_log(on_postgresql: Server, statement: str) -> None:
    for tenant_of in (None, lambda: on_postgresql.owners.north.organization_id):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            on_postgresql.parts.database.writing(tenant_of) as session,
        ):
            session.execute(text(statement))


def test_the_pool_hands_no_organization_on(on_postgresql: Server) -> None:
    database = on_postgresql.parts.database
    organizations_seen(database, "users", on_postgresql.owners.north.organization_id)

    with database.engine.connect() as connection:
        left = connection.execute(text("SELECT current_user, current_setting('chartdrop.organization', true)")).one()

    assert left[0] not in {TENANT_ROLE, SERVER_ROLE}
    assert not left[1]


def test_what_asks_who_it_is_sees_all_and_changes_nothing(on_postgresql: Server) -> None:
    with on_postgresql.parts.database.asking() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == SERVER_ROLE
        assert connection.execute(text("SELECT count(*) FROM organizations")).scalar_one() == 2
        with pytest.raises(DBAPIError, match="read-only"):
            connection.execute(text("UPDATE organizations SET name = 'mine'"))


@pytest.fixture
def ordinary(postgres: str, tmp_path: Path) -> Iterator[Settings]:
    """An empty database whose owner is no superuser, but may make roles."""
    with fresh_postgres(postgres) as url:
        name = url.split("?")[0].rsplit("/", 1)[1]
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {name}_owner LOGIN CREATEROLE".encode())
            connection.execute(f"GRANT {TENANT_ROLE}, {SERVER_ROLE} TO {name}_owner WITH INHERIT FALSE".encode())
            connection.execute(f"ALTER DATABASE {name} OWNER TO {name}_owner".encode())
        owned = url.replace("//postgres:@", f"//{name}_owner:@")
        yield Settings(data_dir=tmp_path, secret_key=SecretStr(SECRET), database_url=owned)


def test_the_owner_of_the_tables_sees_no_row_without_a_role(on_postgresql: Server, ordinary: Settings) -> None:
    database = open_database(ordinary, load_keys(ordinary))
    upgrade(database)
    with database.writing() as session:
        session.execute(text("INSERT INTO attempts VALUES ('somebody', 1, now())"))

    with database.engine.connect() as connection:
        seen = connection.execute(text("SELECT count(*) FROM attempts")).scalar()
    with database.reading() as session:
        held = session.execute(text("SELECT count(*) FROM attempts")).scalar()
    database.close()

    assert (seen, held) == (0, 1)


def test_an_ordinary_owner_of_the_tables_gives_old_audit_entries_up(on_postgresql: Server, ordinary: Settings) -> None:
    keys, now = load_keys(ordinary), system_clock()
    database, long_ago = open_database(ordinary, keys), now - timedelta(days=8 * 365)
    upgrade(database)
    with database.writing() as session:
        organization = tenants.found(session, keys, "Old Clinic", long_ago).id
        for _ in range(3):
            AuditWriter(keys)(session, [Act(organization, "operator", "device.revoked", "one")], long_ago)

    with database.writing() as session:
        transaction = Transaction(session, now, AuditWriter(keys))
        removed = retention.remove_expired(transaction, keys, organization, retention.cut_off(now, 7))
    with pytest.raises(DBAPIError, match="permission denied"), database.writing() as session:
        session.execute(text("DELETE FROM audit_entries"))  # the right was lent for the one transaction
    with database.reading() as session:
        faults = [one.fault for one in verify_all(session, keys)]
    database.close()

    assert removed.entries == 3
    assert faults == [None, None]


def test_an_ordinary_user_migrates_rows_that_it_does_not_see(on_postgresql: Server, ordinary: Settings) -> None:
    keys = load_keys(ordinary)
    database = open_database(ordinary, keys)
    upgrade(database, "0002")
    with database.writing() as session:
        north = tenants.found(session, keys, "North Clinic", system_clock()).id
        row = {"north": north, "id": UUID(int=1), "sha256": "ab" * 32}
        session.execute(
            text(
                "INSERT INTO jobs (organization_id, id, origin, status, attempts, sha256, page_count, document_type, "
                "field_count, confidence_sum, created_at, started_at, finished_at, recorded_at, updated_at, sealed) "
                "VALUES (:north, :id, 'desktop', 'completed', 1, :sha256, 3, 'unknown', "
                "0, 0, now(), now(), now(), now(), now(), '')"
            ),
            row,
        )

    upgrade(database)
    with database.reading(lambda: north) as session:
        done = session.execute(text("SELECT pages_done FROM jobs")).scalar()
    downgrade(database, "0002")
    with database.reading() as session:
        left = session.execute(text("SELECT count(*) FROM jobs")).scalar()
    downgrade(database, "base")
    database.close()

    assert (done, left) == (3, 1)


def test_a_user_that_may_not_take_the_roles_is_told_at_the_start(on_postgresql: Server, ordinary: Settings) -> None:
    database = open_database(ordinary, load_keys(ordinary))
    database.check_roles()
    url = str(ordinary.database_url)
    name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    with psycopg.connect(
        str(on_postgresql.settings().database_url).replace("+psycopg", ""), autocommit=True
    ) as connection:
        connection.execute(f"REVOKE {TENANT_ROLE} FROM {name}_owner".encode())

    with pytest.raises(DatabaseUnusable, match=f"GRANT {TENANT_ROLE}, {SERVER_ROLE} TO {name}_owner"):
        database.check_roles()
    database.close()


def test_what_a_member_reads_over_http_is_the_same(on_postgresql: Server) -> None:
    member = joined(on_postgresql, "member")

    assert len(member.http.get("/api/v1/jobs").json()["items"]) == 1
