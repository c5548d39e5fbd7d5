"""Alembic's entry: runs the migrations on the connection and in the transaction of `tianbao.storage.migrating`."""

from alembic import context

from tianbao.storage.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
