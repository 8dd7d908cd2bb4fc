"""Migrations: up, down and up again on both databases, and what the models say is what they make."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Boolean, LargeBinary, Uuid, bindparam, inspect, text

from shared.clock import system_clock
from shared.ids import new_id
from syncserver.audit.service import AuditWriter
from syncserver.audit.tree import grow
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.columns import Moment
from syncserver.kit.database import Database, open_database
from syncserver.kit.secret import ServerKeys, load_keys
from syncserver.migrations.run import downgrade, is_current, upgrade
from syncserver.migrations.tables import METADATA
from syncserver.settings import Settings
from syncserver.templates import service as templates
from syncserver.templates.schemas import TemplateSource
from syncserver.templates.service import Editor
from syncserver.tenants import service as tenants
from syncserver.usage import service as usage
from tests.syncserver.conftest import SECRET, Server, fresh_postgres

pytestmark = pytest.mark.timeout(60)
A_TEMPLATE = 'name = "ward"\nversion = 1\ntitle = "Ward"\nuse = ["patient_name"]\n'
A_JOB = text(
    "INSERT INTO jobs (organization_id, id, origin, status, attempts, sha256, page_count, document_type, field_count, "
    "confidence_sum, created_at, started_at, finished_at, recorded_at, updated_at, sealed) VALUES (:organization_id, "
    ":id, 'desktop', 'completed', 1, 'ab', 3, 'unknown', 0, 0, :now, :now, :now, :now, :now, :sealed)"
)
JOB_TYPES = (
    bindparam("organization_id", type_=Uuid()),
    bindparam("id", type_=Uuid()),
    bindparam("now", type_=Moment()),
    bindparam("sealed", b"sealed", type_=LargeBinary()),
)

ROW_TYPES = (bindparam("organization_id", type_=Uuid()), bindparam("now", type_=Moment()))
ROWS_OF_A_TEMPLATE = (
    text(
        "INSERT INTO schema_templates (organization_id, name, is_public, latest_version, published_version, uses, "
        "created_at, updated_at) VALUES (:organization_id, :name, false, 1, :published, 0, :now, :now)"
    ).bindparams(*ROW_TYPES),
    text(
        "INSERT INTO schema_template_versions (organization_id, name, version, format, source, created_at) "
        "VALUES (:organization_id, :name, 1, 'toml', :source, :now)"
    ).bindparams(*ROW_TYPES),
)


A_PERSON = text(
    "INSERT INTO users (id, organization_id, email, full_name, password_hash, role, is_superuser, is_active, "
    "created_at) VALUES (:id, :organization_id, :email, 'Ada', 'x', 'member', false, :is_active, :now)"
).bindparams(*ROW_TYPES, bindparam("id", type_=Uuid()), bindparam("is_active", type_=Boolean()))
ROWS_OF_A_READING = (
    text(
        "INSERT INTO devices (id, organization_id, name, public_key, platform, app_version, enrolled_at, "
        "accepted_through) VALUES (:device_id, :organization_id, 'Ward', 'ab', 'Linux', '1', :now, 0)"
    ).bindparams(*ROW_TYPES, bindparam("device_id", type_=Uuid())),
    text(
        "INSERT INTO jobs (organization_id, id, origin, device_id, status, attempts, sha256, page_count, pages_done, "
        "document_type, field_count, confidence_sum, created_at, started_at, finished_at, recorded_at, updated_at, "
        "sealed) VALUES (:organization_id, :id, 'desktop', :device_id, 'completed', 1, 'ab', 3, 3, "
        "'hospice_admission', 0, 0, :now, :now, :now, :now, :now, :sealed)"
    ).bindparams(*JOB_TYPES, bindparam("device_id", type_=Uuid())),
    text(
        "INSERT INTO pages_read (organization_id, document_id, attempt, pages, counted_at) "
        "VALUES (:organization_id, :id, 1, 3, :now)"
    ).bindparams(*ROW_TYPES, bindparam("id", type_=Uuid())),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield from opened(Settings(data_dir=tmp_path, secret_key=SecretStr(SECRET)))
        return
    with fresh_postgres(request.getfixturevalue("postgres")) as url:
        yield from opened(Settings(data_dir=tmp_path, secret_key=SecretStr(SECRET), database_url=url))


def opened(settings: Settings) -> Iterator[Database]:
    database = open_database(settings, load_keys(settings))
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty: Database) -> None:
    assert not is_current(empty)

    upgrade(empty)
    assert is_current(empty)
    assert tables(empty) == set(METADATA.tables)

    downgrade(empty, "base")
    assert tables(empty) == set()

    upgrade(empty)
    assert is_current(empty)


def test_the_migrations_make_what_the_models_say(empty: Database) -> None:
    upgrade(empty)

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_twice_changes_nothing_and_keeps_the_data(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()

    upgrade(server.parts.database)

    assert server.north.get(f"/api/v1/jobs/{document_id}").status_code == 200


def test_down_with_data_in_it_and_up_again(empty: Database) -> None:
    upgrade(empty)
    with empty.writing() as session:
        organization = tenants.found(session, ServerKeys(b"secret"), "North Clinic", system_clock())
        act = Act(organization.id, "operator", "organization.registered", str(organization.id))
        AuditWriter(ServerKeys(b"secret"))(session, [act], system_clock())
        session.flush()
        assert grow(session, ServerKeys(b"secret"), organization.id, system_clock()) == 1
        editor, source = Editor(organization.id, "operator"), TemplateSource(source=A_TEMPLATE)
        transaction = Transaction(session, system_clock(), AuditWriter(ServerKeys(b"secret")))
        templates.create(transaction, editor, source)

    downgrade(empty, "base")
    upgrade(empty)

    with empty.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM organizations")) == 0


def test_jobs_of_desktops_pass_through_the_newer_tables_and_back(empty: Database) -> None:
    upgrade(empty, "0002")
    with empty.writing() as session:
        organization = tenants.found(session, ServerKeys(b"secret"), "North Clinic", system_clock())
        job = {"organization_id": organization.id, "id": new_id(), "now": system_clock()}
        session.execute(A_JOB.bindparams(*JOB_TYPES), job)

    upgrade(empty)
    with empty.reading() as session:
        row = session.execute(text("SELECT pages_done, page_count, batch_id, sealed FROM jobs")).one()
    assert tuple(row) == (3, 3, None, b"sealed")

    downgrade(empty, "0002")
    with empty.reading() as session:
        assert session.scalar(text("SELECT page_count FROM jobs WHERE started_at = finished_at")) == 3


def test_templates_published_before_there_was_a_feed_stand_in_it(empty: Database) -> None:
    upgrade(empty, "0005")
    with empty.writing() as session:
        organization = tenants.found(session, ServerKeys(b"secret"), "North Clinic", system_clock())
        row = {"organization_id": organization.id, "source": A_TEMPLATE, "now": system_clock()}
        for name, published in (("ward", 1), ("draft", None)):
            for statement in ROWS_OF_A_TEMPLATE:
                values = row | {"name": name, "published": published}
                session.execute(statement, {key: values[key] for key in statement.compile().params})

    upgrade(empty)

    with empty.reading() as session:
        [change] = changes.after(session, organization.id, 0, 10)
        head = changes.head(session, organization.id)
    assert (change.kind, change.id, change.op) == ("template", "ward", "put")
    assert change.payload == {"version": 1, "format": "toml", "source": A_TEMPLATE}
    assert head is not None
    assert head.last_seq == change.seq == 1


@pytest.mark.parametrize("has_feed", [False, True])
def test_who_belonged_to_an_organization_before_stands_behind_what_is_in_its_feed(
    empty: Database, has_feed: bool
) -> None:
    upgrade(empty, "0011")
    ada, bob = new_id(), new_id()
    with empty.writing() as session:
        organization = tenants.found(session, ServerKeys(b"secret"), "North Clinic", system_clock())
        for user_id, is_active in ((ada, True), (bob, False)):
            row = {"id": user_id, "organization_id": organization.id, "is_active": is_active, "now": system_clock()}
            session.execute(A_PERSON, row | {"email": f"{user_id}@example.com"})
        if has_feed:
            changes.put(session, Entity(organization.id, "note", "x"), None, system_clock())

    upgrade(empty)

    with empty.reading() as session:
        told = changes.after(session, organization.id, 1 if has_feed else 0, 10)
        head = changes.head(session, organization.id)
    assert [(one.kind, one.id, one.op) for one in told] == [("person", str(one), "put") for one in sorted((ada, bob))]
    assert {one.id: one.payload and one.payload["is_active"] for one in told} == {str(ada): True, str(bob): False}
    assert head is not None
    assert head.last_seq == told[-1].seq
    downgrade(empty, "0011")
    with empty.reading() as session:
        assert not [one for one in changes.after(session, organization.id, 0, 10) if one.kind == "person"]


def test_pages_counted_before_are_told_apart_as_far_as_they_can_be(empty: Database) -> None:
    upgrade(empty, "0006")
    device_id, document_id = new_id(), new_id()
    with empty.writing() as session:
        organization = tenants.found(session, ServerKeys(b"secret"), "North Clinic", system_clock())
        row = {"organization_id": organization.id, "device_id": device_id, "id": document_id, "now": system_clock()}
        for statement in ROWS_OF_A_READING:
            session.execute(statement, {key: row[key] for key in statement.compile().params if key in row})
        gone = {"organization_id": organization.id, "id": new_id(), "now": system_clock()}  # a job that was deleted
        session.execute(ROWS_OF_A_READING[-1], gone)

    upgrade(empty)

    with empty.reading() as session:
        by_device = usage.used_by(session, organization.id, system_clock(), "device", 10)
        by_template = usage.used_by(session, organization.id, system_clock(), "template", 10)
    assert {(one.id, one.pages) for one in by_device.most.items} == {(str(device_id), 3), (None, 3)}
    assert {(one.id, one.documents) for one in by_template.most.items} == {("hospice_admission", 1), (None, 1)}

    downgrade(empty, "0006")
    with empty.reading() as session:
        assert session.scalar(text("SELECT sum(pages) FROM pages_read")) == 6


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE jobs (id INTEGER)"))

    with pytest.raises(Exception, match="jobs"):
        upgrade(empty)

    assert tables(empty) == {"jobs"}
    assert not is_current(empty)
