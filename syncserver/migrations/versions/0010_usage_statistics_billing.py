"""Usage by day, device, person and template; who sent a job; calls by day; statistics of what was read; billing.

Pages counted before are told apart as far as they can be. Statistics of documents read before take opening them, which
`chartdrop-server rebuild-analytics` does.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import as_server, isolate, reserve

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ISOLATED = (
    "usage_days",
    "key_calls",
    "counted_readings",
    "reading_days",
    "reading_totals",
    "billing_customers",
    "meter_reports",
)
_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ATTRIBUTE = """
UPDATE pages_read SET
    device_id = (SELECT device_id FROM jobs WHERE jobs.organization_id = pages_read.organization_id
                 AND jobs.id = pages_read.document_id),
    template = (SELECT document_type FROM jobs WHERE jobs.organization_id = pages_read.organization_id
                AND jobs.id = pages_read.document_id)
"""


def upgrade() -> None:
    for name, kind in (("device_id", sa.Uuid()), ("user_id", sa.Uuid()), ("template", sa.Text())):
        op.add_column("pages_read", sa.Column(name, kind, nullable=True))
    op.add_column("submissions", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_submissions_active",
        "submissions",
        ["organization_id"],
        postgresql_where=sa.text("state <> 'ended'"),
        sqlite_where=sa.text("state <> 'ended'"),
    )
    _make_usage_days()
    _make_key_calls()
    _make_statistics()
    _make_billing()
    for table in _ISOLATED:
        isolate(table)
    reserve("stripe_inbox")
    as_server(_ATTRIBUTE)
    as_server(_fill())


def downgrade() -> None:
    for table in ("stripe_inbox", *reversed(_ISOLATED)):
        op.drop_table(table)
    op.drop_index("ix_submissions_active", "submissions")
    op.drop_column("submissions", "user_id")
    for name in ("device_id", "user_id", "template"):
        op.drop_column("pages_read", name)


def _fill() -> str:
    """SQLite writes a UUID as 32 digits, and PostgreSQL with hyphens, as Python does."""
    if op.get_bind().dialect.name == "postgresql":
        day, device = "CAST(counted_at AT TIME ZONE 'UTC' AS date)", "CAST(device_id AS text)"
    else:
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        device = " || '-' || ".join(f"substr(device_id, {start}, {length})" for start, length in parts)
        day = "date(counted_at)"
    return (
        "INSERT INTO usage_days (organization_id, day, device, person, template, pages, documents) "  # noqa: S608 - ours
        f"SELECT organization_id, {day}, coalesce({device}, ''), '', coalesce(template, ''), sum(pages), count(*) "
        "FROM pages_read GROUP BY 1, 2, 3, 4, 5"
    )


def _make_usage_days() -> None:
    op.create_table(
        "usage_days",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("pages", _INTEGER, nullable=False),
        sa.Column("documents", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_usage_days_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "day", "device", "person", "template", name="pk_usage_days"),
    )


def _make_key_calls() -> None:
    op.create_table(
        "key_calls",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("calls", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_key_calls_organization_id"),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_key_calls_key_id"),
        sa.PrimaryKeyConstraint("organization_id", "day", "key_id", name="pk_key_calls"),
    )


def _make_statistics() -> None:
    _make_counted_readings()
    op.create_table(
        "reading_days",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_reading_days_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "kind", "day", "name", name="pk_reading_days"),
    )
    if op.get_bind().dialect.name == "postgresql":  # uncompressed: a full day is read as fast as an empty one
        op.execute("ALTER TABLE reading_days ALTER COLUMN counts SET STORAGE EXTERNAL")
    op.create_table(
        "reading_totals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("completed", _INTEGER, nullable=False),
        sa.Column("failed", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_reading_totals_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", name="pk_reading_totals"),
    )


def _make_counted_readings() -> None:
    counts = ("pages", "fields", "confidence", "to_review", "ms")
    op.create_table(
        "counted_readings",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", _INTEGER, nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        *(sa.Column(name, _INTEGER, nullable=False) for name in counts),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_counted_readings_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "document_id", name="pk_counted_readings"),
    )


def _make_billing() -> None:
    _make_customers()
    _make_inbox()
    _make_reports()


def _make_customers() -> None:
    op.create_table(
        "billing_customers",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("started_at", _MOMENT, nullable=True),
        sa.Column("period_end", _MOMENT, nullable=True),
        sa.Column("is_ending", sa.Boolean(), nullable=False),
        sa.Column("looked_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_billing_customers_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", name="pk_billing_customers"),
        sa.UniqueConstraint("customer_id", name="uq_billing_customers_customer_id"),
    )


def _make_inbox() -> None:
    unhandled = sa.text("handled_at IS NULL")
    op.create_table(
        "stripe_inbox",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", _INTEGER, nullable=False),
        sa.Column("handled_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("event_id", name="pk_stripe_inbox"),
    )
    op.create_index(
        "ix_stripe_inbox_unhandled", "stripe_inbox", ["due_at"], postgresql_where=unhandled, sqlite_where=unhandled
    )


def _make_reports() -> None:
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "meter_reports",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", _INTEGER, nullable=False),
        sa.Column("pages", _INTEGER, nullable=False),
        sa.Column("counted_at", _MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("tries", _INTEGER, nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_meter_reports_organization_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "document_id", "attempt"],
            ["pages_read.organization_id", "pages_read.document_id", "pages_read.attempt"],
            name="fk_meter_reports_organization_id_document_id_attempt",
        ),
        sa.PrimaryKeyConstraint("organization_id", "document_id", "attempt", name="pk_meter_reports"),
    )
    op.create_index(
        "ix_meter_reports_waiting", "meter_reports", ["due_at"], postgresql_where=waiting, sqlite_where=waiting
    )
    op.create_index("ix_meter_reports_counted", "meter_reports", ["organization_id", "counted_at"])
