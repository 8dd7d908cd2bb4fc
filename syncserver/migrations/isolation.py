"""Row-level security, as migrations set it up on PostgreSQL; on SQLite each of these does nothing.

Every table of an organization's rows passes through `isolate`; a table that does not cannot be read at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import op
from sqlalchemy import text

from syncserver.kit.errors import DatabaseUnusable
from syncserver.kit.tenancy import ORGANIZATION, SERVER_ROLE, TENANT_ROLE

# An empty text, not NULL, is what the setting holds after a transaction that had set it.
_OWN = "{column} = NULLIF(current_setting('" + ORGANIZATION + "', true), '')::uuid"
ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"


def make_roles() -> None:
    """Both roles exist and the migrating user may take them. They are the whole cluster's, and stay."""
    if not _is_postgresql():
        return
    connection = op.get_bind()
    known = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    for role in sorted({TENANT_ROLE, SERVER_ROLE} - known):
        if not _may_make_roles():
            raise DatabaseUnusable(
                f"The database user may not make roles. Have the database's administrator run `CREATE ROLE "
                f"{TENANT_ROLE} NOLOGIN; CREATE ROLE {SERVER_ROLE} NOLOGIN; GRANT {TENANT_ROLE}, {SERVER_ROLE} TO "
                f"{connection.engine.url.username or 'USER'}`, then migrate again."
            )
        _execute_unless("duplicate_object", f"CREATE ROLE {role} NOLOGIN")
    version = connection.dialect.server_version_info or ()
    # Inherited, the server's policy would hold for the login role as well; before 16 that is not a grant's to say.
    terms = "WITH INHERIT FALSE" if version >= (16,) else ""
    _execute_unless("insufficient_privilege", f"GRANT {TENANT_ROLE}, {SERVER_ROLE} TO CURRENT_USER {terms}")
    _execute(f"GRANT USAGE ON SCHEMA public TO {TENANT_ROLE}, {SERVER_ROLE}")


def isolate(table: str, column: str = "organization_id", rights: str = ALL_RIGHTS) -> None:
    """A tenant has `rights` to the rows of `table` that are its organization's by `column`; the server to all."""
    _force(table)
    own = _OWN.format(column=column)
    _execute(f"CREATE POLICY tenant ON {table} TO {TENANT_ROLE} USING ({own}) WITH CHECK ({own})")
    _execute(f"GRANT {rights} ON {table} TO {TENANT_ROLE}, {SERVER_ROLE}")


def show(table: str, condition: str) -> None:
    """Every tenant may read those rows of the isolated `table` that meet `condition`, whosever they are."""
    _execute(f"CREATE POLICY shown ON {table} FOR SELECT TO {TENANT_ROLE} USING ({condition})")


def reserve(table: str) -> None:
    """Only the server may use `table`: a tenant has no right to it."""
    _force(table)
    _execute(f"GRANT {ALL_RIGHTS} ON {table} TO {SERVER_ROLE}")


def share(table: str) -> None:
    """`table` holds nothing that is legible without the server's keys: its rows are found by a secret."""
    _execute(f"GRANT {ALL_RIGHTS} ON {table} TO {TENANT_ROLE}, {SERVER_ROLE}")


def as_server(statement: str) -> None:
    """`statement` changes rows of every organization, which the migrating user does not see."""
    with serving_all():
        op.execute(statement)


@contextmanager
def serving_all() -> Iterator[None]:
    """Statements of the block see and change rows of every organization, which the migrating user does not."""
    _execute(f"SET LOCAL ROLE {SERVER_ROLE}")
    yield
    _execute("SET LOCAL ROLE NONE")


def number(table: str) -> None:
    """Both roles may take the next number of `table`, whose `id` counts by itself."""
    _execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {TENANT_ROLE}, {SERVER_ROLE}")


def open_up(table: str) -> None:
    """`table` has no row-level security any more."""
    for policy in ("tenant", "shown", "server"):
        _execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
    _execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    _execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    _execute(f"REVOKE ALL ON {table} FROM {TENANT_ROLE}, {SERVER_ROLE}")


def _force(table: str) -> None:
    _execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    _execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _execute(f"CREATE POLICY server ON {table} TO {SERVER_ROLE} USING (true) WITH CHECK (true)")


def _may_make_roles() -> Any:
    query = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    return op.get_bind().scalar(query)


def _execute_unless(condition: str, statement: str) -> None:
    _execute(f"DO $$ BEGIN {statement}; EXCEPTION WHEN {condition} THEN NULL; END $$")


def _execute(statement: str) -> None:
    if _is_postgresql():
        op.execute(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
