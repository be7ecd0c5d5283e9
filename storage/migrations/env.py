"""What Alembic runs to migrate: always on the connection that storage/schema.py hands in."""

from alembic import context

from storage.tables import metadata

# One transaction for each migration: what failed leaves no half, what succeeded stays.
context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
