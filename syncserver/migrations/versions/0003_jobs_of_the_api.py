"""Jobs whose files come through the API: what waits to be read, batches, progress.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import as_server, isolate

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        jobs.add_column(sa.Column("pages_done", _INTEGER, nullable=True))
        jobs.alter_column("started_at", existing_type=_MOMENT, nullable=True)
        jobs.alter_column("finished_at", existing_type=_MOMENT, nullable=True)
    as_server("UPDATE jobs SET pages_done = page_count")
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("pages_done", existing_type=_INTEGER, nullable=False)
    op.create_index("ix_jobs_batch", "jobs", ["organization_id", "batch_id", "status"])
    _make_batches()
    _make_submissions()
    isolate("batches")
    isolate("submissions")


def downgrade() -> None:
    op.drop_table("submissions")
    op.drop_table("batches")
    as_server("DELETE FROM jobs WHERE origin = 'api'")  # the older version knows no job that came through the API
    op.drop_index("ix_jobs_batch", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("batch_id")
        jobs.drop_column("pages_done")
        jobs.alter_column("started_at", existing_type=_MOMENT, nullable=False)
        jobs.alter_column("finished_at", existing_type=_MOMENT, nullable=False)


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("completed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_batches_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_batches"),
    )


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("rank", _INTEGER, nullable=False),
        sa.Column("sealed_webhook_url", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", _INTEGER, nullable=False),
        sa.Column("fence", _INTEGER, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("has_original", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_submissions_organization_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["jobs.organization_id", "jobs.id"],
            name="fk_submissions_organization_id_job_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "job_id", name="pk_submissions"),
    )
    for name, columns, state in (
        ("ix_submissions_waiting", ["rank", "due_at", "job_id"], "state = 'waiting'"),
        ("ix_submissions_reading", ["lease_until"], "state = 'reading'"),
        ("ix_submissions_kept", ["ended_at"], "state = 'ended' AND has_original"),
    ):
        where = sa.text(state)
        op.create_index(name, "submissions", columns, postgresql_where=where, sqlite_where=where)
