"""What a check is: the command that makes the evidence of a gate, and how its count is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence import counter
from tracemill_gate.evidence.dependency import Dependency
from tracemill_gate.evidence.store import JUDGEMENT
from tracemill_schema.canonical import content_id

GATE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check to run.

    Attributes:
        gate: Name of the gate that the evidence is for.
        command: Program and arguments; ``{junit}`` or ``{evidence}`` stands for the file
            that the counter of this name shall read.
        checked_from: Counter, see tracemill_gate.evidence.counter.
        allowed_skips: Pattern of a test id -> why it may be skipped.
        device: What it ran on, ``cpu`` or the accelerator's kind and count; the counter
            ``evidence`` takes it from the command instead.
        environment: Folder of the virtual environment that the command runs in, relative to the
            top folder of the tree; empty: the one that the gate itself runs in.
        depends_on: What its verdict depends on beside the tree, see
            tracemill_gate.evidence.dependency.
    """

    gate: str
    command: tuple[str, ...]
    checked_from: str
    allowed_skips: Mapping[str, str]
    device: str = "cpu"
    environment: str = ""
    depends_on: tuple[Dependency, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of everything that says how the check is made."""
        return content_id(
            {
                "command": list(self.command),
                "checked_from": self.checked_from,
                "allowed_skips": dict(self.allowed_skips),
                "device": self.device,
                "environment": self.environment,
                "depends_on": sorted(self.depends_on),
            }
        )


def refuse_impossible(check: Check) -> None:
    """Refuse a check that could never leave evidence.

    Raises:
        GateUsage: naming what was wanted.
    """
    counter.check_name(check.checked_from)
    if not GATE_NAME.fullmatch(check.gate) or check.gate == JUDGEMENT:
        raise GateUsage(
            f"wanted a gate's name in lower case, not {JUDGEMENT!r}, which only the judge writes; "
            f"got {check.gate!r}"
        )
    if not check.command or not check.device:
        raise GateUsage("wanted a command after -- and a device, got none")
    for name in counter.OF_FILE:
        has_place = any(place(name) in word for word in check.command)
        if has_place != (check.checked_from == name):
            raise GateUsage(
                f"{place(name)} in the command and the counter {name!r} belong together; got the "
                f"counter {check.checked_from!r} and {'a' if has_place else 'no'} place for it"
            )


def place(counter_name: str) -> str:
    """Return what stands in a command for the file that a counter reads."""
    return "{" + counter_name + "}"
