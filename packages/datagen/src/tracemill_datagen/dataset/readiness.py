"""The readiness check ``dataset``, found by name among ``tracemill.readiness_checks``.

The rules are those of ``dataset.verify``; here its faults are told in the words of readiness.
"""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.verify import verify
from tracemill_datagen.errors import EpisodesNeeded
from tracemill_schema.readiness import Examined, ReadinessFault, Tick


def check(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
    """Verify a dataset whole: its files, every claim, and every hook that its traces quote.

    Args:
        dataset: Its folder.
        episodes: Folder of the episodes that its traces about tables were made of, if at hand.
        tick: Told after each split.

    Raises:
        EpisodesNeeded: if its traces quote executions and the episodes are not at hand.
    """
    verified = verify(dataset, tick=tick, episodes=episodes)
    if verified.unproved and not verified.faults:
        raise EpisodesNeeded(
            f"{dataset}: wanted the episodes that {verified.unproved} quoted values of its traces "
            "stand in, got none; name their folder with --episodes"
        )
    faults = tuple(_told(fault) for fault in verified.faults)
    return Examined(checked=verified.traces, faults=faults)


def _told(fault: LineFault) -> ReadinessFault:
    return ReadinessFault(
        kind=fault.kind,
        offender=fault.offender,
        file=fault.file,
        line=fault.line,
        pointer=fault.pointer,
        reason=fault.reason,
    )
