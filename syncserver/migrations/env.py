"""Alembic's entry: runs within the connection and transaction that `migrations.run` hands over."""

from alembic import context

from syncserver.migrations.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # SQLite has it too, once the driver is kept from committing by itself
    render_as_batch=True,
)
context.run_migrations()
