"""Which check makes the evidence of each gate: a JSON file that whoever runs the checks writes.

    {"lint": {"command": ["ruff", "check", "."], "checked_from": "ruff"}, ...}

Evidence carries the digest of the check that made it. Compared with the planned one, it shows
green evidence of a command that looked at less than was meant, or at nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson
from pydantic import Field

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.dependency import Dependency
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record


class PlannedCheck(Record):
    """One check as ``tracemill gate record`` is to be called for it; the defaults are its own."""

    command: tuple[str, ...] = Field(min_length=1, description="what stands behind --")
    checked_from: str = Field(default="junit", min_length=1)
    allowed_skips: dict[str, str] = Field(default={}, description="test -> reason")
    device: str = Field(default="cpu", min_length=1)
    environment: str = Field(default="", description="virtual environment; empty: the gate's own")
    depends_on: tuple[Dependency, ...] = Field(default=(), description="beside the tree")


def read(path: Path) -> Mapping[str, Check]:
    """Return gate -> check of a plan.

    Raises:
        GateUsage: if it can't be read as one.
    """
    try:
        values = orjson.loads(path.read_bytes())
        return {gate: _check(gate, found, path) for gate, found in values.items()}
    except (OSError, ValueError, AttributeError, RecordError) as error:
        raise GateUsage(
            f"{path}: wanted a JSON object of gate -> {{command, checked_from, allowed_skips, "
            f"device, environment, depends_on}}, got something else ({error})"
        ) from error


def _check(gate: str, values: object, path: Path) -> Check:
    if not isinstance(values, dict):
        raise ValueError(f"gate {gate}: no object")  # noqa: TRY004 - bad data, not a bad call
    found = PlannedCheck.from_values(values, where=f"{path}, gate {gate}")
    return Check(
        gate=gate,
        command=found.command,
        checked_from=found.checked_from,
        allowed_skips=found.allowed_skips,
        device=found.device,
        environment=found.environment,
        depends_on=found.depends_on,
    )
