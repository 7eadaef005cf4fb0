"""What a check depends on beside the files of the tree: a closed set, named by its plan.

    head    the commit that HEAD is
    base    the commit that HEAD is compared with (tracemill_gate.base)
    day     the date in UTC: approvals expire

The same files can be another change after a commit, a fetch or a midnight. Evidence carries what
these were as versions of the same names; once one has moved on, the check has to run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from tracemill_gate.base import base_of
from tracemill_gate.clock import Clock
from tracemill_gate.config import read_config
from tracemill_gate.errors import CannotJudge, ConfigFault
from tracemill_gate.git import open_repository

Dependency = Literal["head", "base", "day"]


def state_of(root: Path, names: Sequence[Dependency], *, clock: Clock) -> Mapping[str, str]:
    """Return what each of the named dependencies is now.

    Args:
        root: Top folder of the working tree.
        names: The dependencies.
        clock: Gives the day.

    Returns:
        Name -> commit id or date; where it cannot be told, the name of the error that says why.
    """
    return {name: _state(READERS[name], root, clock) for name in names}


def _state(read: Callable[[Path, Clock], str], root: Path, clock: Clock) -> str:
    try:
        return read(root, clock)
    except (CannotJudge, ConfigFault) as error:
        return type(error).__name__


def _head(root: Path, _clock: Clock) -> str:
    return open_repository(root).commit("HEAD")


def _base(root: Path, _clock: Clock) -> str:
    return base_of(open_repository(root), read_config(root), None)


def _day(_root: Path, clock: Clock) -> str:
    return clock()[: len("2026-01-01")]


READERS: Mapping[Dependency, Callable[[Path, Clock], str]] = {
    "head": _head,
    "base": _base,
    "day": _day,
}
