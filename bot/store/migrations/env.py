"""Run by Alembic: migrates over the connection that the store hands in, inside its transaction."""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite rolls back tables too, so a killed migration leaves the old file
)
with context.begin_transaction():
    context.run_migrations()
