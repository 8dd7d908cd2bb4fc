"""Row-level security: whose rows a transaction may see on PostgreSQL, whatever the query forgets to say.

The login role sees nothing (from PostgreSQL 16 on): every table's security is forced on its owner too, and it takes
the roles below without inheriting what they may. A transaction takes one of two roles:
`chartdrop_tenant`, which sees the rows of the one organization named beside it and none when none is named, or
`chartdrop_server`, which sees all and is for what comes before it is known who asks (a sign-in), for the operator, and
for work that serves everybody (delivering events). SQLite, whose file has one owner, has the repositories alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, SessionTransaction

TENANT_ROLE = "chartdrop_tenant"
SERVER_ROLE = "chartdrop_server"
ORGANIZATION = "chartdrop.organization"
"""The setting that names the organization; local to a transaction."""

TenantOf = Callable[[], UUID | None]
"""Which organization a transaction is for, asked when its first statement comes; None: nobody's rows."""


def only(organization_id: UUID) -> TenantOf:
    """This organization, known already."""
    return lambda: organization_id


_BEGIN_AS = "BEGIN; SET LOCAL ROLE {}; SET LOCAL {} = '{}'"  # one round trip; of names of ours and a UUID's digits
_ENTER = text("SELECT set_config('role', :role, true), set_config(:setting, :organization, true)")


class BoundedSession(Session):
    """A session whose transactions see one organization's rows, that of `tenant_of`; those of all with None."""

    def __init__(self, engine: Engine, tenant_of: TenantOf | None) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.tenant_of = tenant_of


@event.listens_for(BoundedSession, "after_begin")
def _enter(session: BoundedSession, _: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        organization_id = session.tenant_of() if session.tenant_of else None
        role = TENANT_ROLE if session.tenant_of else SERVER_ROLE
        of = organization_id.hex if organization_id else ""
        connection.exec_driver_sql(_BEGIN_AS.format(role, ORGANIZATION, of))


@contextmanager
def lent_right(session: Session, right: str, table: str) -> Iterator[None]:
    """Within the block the server's role has `right` to `table`; no other transaction ever sees that it had.

    Only the owner of the table may lend it: who migrates. On SQLite there are no rights.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    _as_owner(session, f"GRANT {right} ON {table} TO {SERVER_ROLE}")
    yield  # after a fault the transaction ends, and the grant with it
    _as_owner(session, f"REVOKE {right} ON {table} FROM {SERVER_ROLE}")


def without_time_limit(session: Session) -> None:
    """The rest of the transaction takes what it takes."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _as_owner(session: Session, statement: str) -> None:
    for part in ("SET LOCAL ROLE NONE", statement, f"SET LOCAL ROLE {SERVER_ROLE}"):
        session.execute(text(part))


def may_take_roles(connection: Connection) -> bool:
    """Whether the login role may take both roles."""
    try:
        for role in (TENANT_ROLE, SERVER_ROLE):
            connection.execute(_ENTER, {"role": role, "setting": ORGANIZATION, "organization": ""})
    except ProgrammingError:
        return False
    return True
