"""Brings the worker's tables to this version. Alembic is imported only when there is work."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

HEAD = "0001"
"""The newest revision; a test compares it with the files in ``migration/versions``."""
_ONE_AT_A_TIME = threading.Lock()
"""Alembic's ``context`` is global to the process; other processes wait for an advisory lock."""
SCRIPTS = Path(__file__).with_name("migration")


def upgrade(connection: psycopg.Connection[object]) -> None:
    """Run all missing revisions in one transaction; of two calls at once the second waits.

    Raises:
        psycopg.Error, sqlalchemy.exc.SQLAlchemyError: if the database refused one; nothing of it
            was kept.
    """
    from alembic import command  # noqa: PLC0415 - a second to import, needed once per project
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import StaticPool  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool
    )
    with _ONE_AT_A_TIME, engine.connect() as shared:
        config.attributes["connection"] = shared
        command.upgrade(config, "head")
