"""Devices hear who belongs to the organization: those who do already stand in its feed.

Revision: 0012, after 0011.
"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import as_server, serving_all

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FEEDS = sa.table(
    "feeds", sa.column("organization_id", sa.Uuid()), sa.column("epoch", sa.Uuid()), sa.column("last_seq", _INTEGER)
)
_CHANGES = sa.table(
    "changes",
    sa.column("organization_id", sa.Uuid()),
    sa.column("entity", sa.Text()),
    sa.column("entity_id", sa.Text()),
    sa.column("seq", _INTEGER),
    sa.column("revision", _INTEGER),
    sa.column("op", sa.Text()),
    sa.column("payload", sa.JSON()),
    sa.column("changed_at", _MOMENT),
)
_USERS = sa.text("SELECT id, organization_id, full_name, role, is_active FROM users ORDER BY organization_id, id")


def upgrade() -> None:
    with serving_all():
        _fill()


def downgrade() -> None:
    as_server("DELETE FROM changes WHERE entity = 'person'")


def _fill() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    feeds = connection.execute(sa.select(_FEEDS.c.organization_id, _FEEDS.c.last_seq))
    known = {row.organization_id: row.last_seq for row in feeds}
    last, rows = dict(known), list[dict[str, object]]()
    users = _USERS.columns(id=sa.Uuid(), organization_id=sa.Uuid(), is_active=sa.Boolean())
    for user in connection.execute(users).all():
        last[user.organization_id] = last.get(user.organization_id, 0) + 1
        payload = {"name": user.full_name, "role": user.role, "is_active": user.is_active}
        change = {"organization_id": user.organization_id, "entity": "person", "entity_id": str(user.id)}
        rows.append(
            change
            | {"seq": last[user.organization_id], "revision": 1, "op": "put", "payload": payload, "changed_at": now}
        )
    if rows:
        connection.execute(sa.insert(_CHANGES), rows)
    for organization_id, seq in last.items():
        if organization_id in known:
            moved = sa.update(_FEEDS).where(_FEEDS.c.organization_id == organization_id)
            connection.execute(moved.values(last_seq=seq))
        else:
            begun = {"organization_id": organization_id, "epoch": uuid4(), "last_seq": seq}
            connection.execute(sa.insert(_FEEDS), begun)
