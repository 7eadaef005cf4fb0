"""Removes what hosts that were killed have left, and nothing of anybody who may still live."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from tracemill_sandbox.oci.container import Removal, report
from tracemill_sandbox.oci.engine import Engine, EngineError
from tracemill_sandbox.oci.ledger import LABEL, OWNER_LABEL, Entry, Ledger, Owner
from tracemill_sandbox.worker import StopFailure

FOLDER_PREFIX = "tracemill-containers-"
"""How the folder of a pool begins, in the machine's folder for temporary files."""


async def sweep(
    engine: Engine, ledger: Ledger, engine_id: str, *, until: float
) -> tuple[StopFailure, ...]:
    """Remove the containers of dead owners, and strike them in the ledger once they are gone.

    Args:
        engine: Where to look.
        ledger: What this user's processes have written down.
        engine_id: Entries of other engines are left alone.
        until: Time of the monotonic clock at which this returns.

    Returns:
        What could not be removed, each logged as an error.
    """
    entries = {entry.name: entry for entry in ledger.entries() if entry.engine == engine_id}
    try:
        found = await engine.labelled(OWNER_LABEL, max(0.01, until - time.monotonic()))
    except EngineError as error:
        return (report(error.as_failure()),)
    left = {container: labels for container, labels in found.items() if _is_dead(labels)}
    standing = {labels.get(LABEL) for labels in found.values()}
    for entry in entries.values():
        if entry.name not in standing and _dead(entry.owner):
            _strike(ledger, entry)
    removals = [
        _remove(Removal(engine, container, labels), ledger, entries.get(labels[LABEL]), until)
        for container, labels in left.items()
    ]
    return tuple(failure for each in await asyncio.gather(*removals) for failure in each)


async def _remove(
    removal: Removal, ledger: Ledger, entry: Entry | None, until: float
) -> tuple[StopFailure, ...]:
    failures = await removal.carry_out(until=until, standing="running")
    if removal.gone and entry is not None:
        _strike(ledger, entry)
    return failures


def _is_dead(labels: Mapping[str, str]) -> bool:
    return LABEL in labels and _dead(labels.get(OWNER_LABEL, ""))


def _dead(label: str) -> bool:
    owner = Owner.from_label(label)
    return owner is not None and owner.state() == "dead"


def _strike(ledger: Ledger, entry: Entry) -> None:
    with contextlib.suppress(OSError):  # the next start tries again
        remove_folder(Path(entry.folder))
        ledger.erase(entry.name)


def remove_folder(folder: Path) -> None:
    """Remove a container's folder, and its pool's if that is empty then.

    Only below a folder that is this user's and named as ours: others may write to the folder for
    temporary files, too.

    Raises:
        OSError: if something can not be removed.
    """
    above = folder.parent
    if not above.name.startswith(FOLDER_PREFIX) or above.is_symlink():
        return
    with contextlib.suppress(FileNotFoundError):
        if above.stat().st_uid == os.getuid():
            shutil.rmtree(folder)
    with contextlib.suppress(OSError):
        above.rmdir()
