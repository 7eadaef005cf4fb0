"""The contract harness: schema files written from the records, and held to them by examples.

write   every record -> contracts/NAME.vN.schema.json
check   schema file == record by meaning (drift), examples judged by three judges (example)
"""

from __future__ import annotations

from pathlib import Path

from tracemill_gate.contract.drift import check_schemas
from tracemill_gate.contract.example import check_examples
from tracemill_gate.errors import GateUsage
from tracemill_gate.fault import Report, joined
from tracemill_schema.contract import CONTRACTS, write_schemas


def write(folder: Path) -> tuple[Path, ...]:
    """Write the schema of every contract; return the paths."""
    return write_schemas(folder)


def check(folder: Path) -> Report:
    """Check schemas and examples under a contracts folder.

    Raises:
        GateUsage: there is no such folder.
    """
    if not folder.is_dir():
        raise GateUsage(
            f"{folder}: wanted the folder of the contracts, got none; "
            "name it with --folder, or run `tracemill gate contracts write` first"
        )
    return joined(
        (check_schemas(folder, CONTRACTS), check_examples(folder / "examples", CONTRACTS))
    )
