"""Removes what a worker or a template leaves on the disk, and looks whether it went."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.worker import StopFailure


async def removal(folder: Path, subject: str) -> tuple[StopFailure, ...]:
    """Remove a folder and look whether it went; return what failed."""
    try:
        await asyncio.to_thread(run_folder.remove, folder)
    except OSError as error:
        return (
            StopFailure(
                subject=subject, phase="remove", error=type(error).__name__, text=str(error)
            ),
        )
    if folder.exists():
        return (remains(subject, "verify", f"folder {folder} stays"),)
    return ()


def remains(subject: str, phase: str, text: str) -> StopFailure:
    """Return the failure of something that simply did not go away."""
    return StopFailure(subject=subject, phase=phase, error="Remains", text=text)
