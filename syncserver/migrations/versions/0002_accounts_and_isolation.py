"""Accounts: invitations, password resets, second factors; and row-level security on PostgreSQL.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import APPEND_ONLY, isolate, make_roles, number, open_up, reserve, share

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ISOLATED = (
    "users",
    "user_sessions",
    "api_keys",
    "devices",
    "enrolment_codes",
    "audit_heads",
    "jobs",
    "applied_operations",
    "events",
    "pages_read",
    "second_factors",
    "recovery_codes",
    "invitations",
    "password_resets",
)
_MADE_HERE = ("second_factors", "recovery_codes", "invitations", "password_resets")


def upgrade() -> None:
    op.add_column("user_sessions", sa.Column("seen_at", _MOMENT, nullable=True))
    op.add_column("user_sessions", sa.Column("program", sa.Text(), nullable=True))
    _make_second_factors()
    _make_invitations()
    _make_password_resets()
    _isolate_all()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in (*_ISOLATED, "audit_entries", "organizations", "refresh_tokens", "attempts", "kept_answers"):
            open_up(table)
    for table in reversed(_MADE_HERE):
        op.drop_table(table)
    op.drop_column("user_sessions", "program")
    op.drop_column("user_sessions", "seen_at")


def _isolate_all() -> None:
    make_roles()
    for table in _ISOLATED:
        isolate(table)
    number("events")
    isolate("audit_entries", rights=APPEND_ONLY)
    isolate("organizations", column="id")
    reserve("refresh_tokens")
    reserve("attempts")
    share("kept_answers")


def _make_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", _INTEGER, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_second_factors_organization_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_second_factors_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_recovery_codes_organization_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_recovery_codes_user_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_invitations_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("digest", name="uq_invitations_digest"),
    )
    op.create_index("ix_invitations_organization_id", "invitations", ["organization_id"])


def _make_password_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_password_resets_organization_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_resets_user_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_password_resets"),
    )
    op.create_index("ix_password_resets_user_id", "password_resets", ["user_id"])
