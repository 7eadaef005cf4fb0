"""A folder that one command at a time writes to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracemill_datagen.errors import BadRequest
from tracemill_schema.jsonl import CannotWrite


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder, made if it is missing, until the block ends; a killed holder lets it go.

    Raises:
        BadRequest: if another command holds it.
        CannotWrite: if the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotWrite(
            f"{folder}: could not be made ({error.strerror or error}); choose another folder"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BadRequest(
            f"{folder}: another command is writing there; wait until it is done, or name another "
            "folder with --out"
        ) from error
    finally:
        os.close(handle)
