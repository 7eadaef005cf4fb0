"""The contracts of this repository hold, and the harness notices when they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.contract.harness import check, write
from tracemill_gate.errors import GateUsage
from tracemill_schema.contract import CONTRACTS

REAL = Path(__file__).parents[4] / "contracts"


def test_every_schema_and_example_of_this_repository_holds() -> None:
    report = check(REAL)
    assert [str(fault) for fault in report.faults] == []
    assert report.checked > 12 * len(CONTRACTS)


def test_every_contract_has_enough_examples() -> None:
    for kind in CONTRACTS:
        examples = REAL / "examples" / kind.contract
        assert len(list((examples / "valid").glob("*.json"))) >= 2, kind.contract
        assert len(list((examples / "invalid").glob("*.json"))) >= 5, kind.contract


def test_write_makes_the_schemas_that_check_wants(tmp_path: Path) -> None:
    assert len(write(tmp_path)) == len(CONTRACTS)
    faults = [str(fault) for fault in check(tmp_path).faults]
    assert len(faults) == 2 * len(CONTRACTS)
    assert all(fault.endswith(": wanted examples, got none") for fault in faults)


def test_a_folder_that_is_not_there_is_a_usage_fault(tmp_path: Path) -> None:
    with pytest.raises(GateUsage, match="wanted the folder of the contracts, got none"):
        check(tmp_path / "none")
