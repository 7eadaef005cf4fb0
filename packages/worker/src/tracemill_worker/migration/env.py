"""Alembic's environment: runs the revisions on the connection that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

MIGRATION_LOCK = 7_227_001
"""Key of the advisory lock: of two migrations at once the second waits, then has nothing to do."""

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="tracemill")
with context.begin_transaction():
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS tracemill"))
    context.run_migrations()
