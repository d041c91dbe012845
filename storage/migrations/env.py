"""Run by alembic. It works on the connection, and in the transaction, of `storage.migrate`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite can undo changes of tables once transactions are begun explicitly, as ours are.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
