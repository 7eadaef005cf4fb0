"""Runs, their attempts, events and logs."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    # Straight to the driver: neither ":name" nor "%" of the text is anybody's parameter.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - the migration runs on an open connection
    driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
