from __future__ import annotations

from pathlib import Path

import orjson
from click.testing import CliRunner

from tracemill_schema.cli import record
from tracemill_schema.errors import FaultsFound
from tracemill_schema.trace import Trace


def test_list_names_every_contract() -> None:
    result = CliRunner().invoke(record, ["list"])
    assert result.exit_code == 0
    assert "trace.v1             A prompt, the steps that lead to the answer" in result.output


def test_check_counts_and_fails_on_a_fault(tmp_path: Path, trace: Trace) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(trace.to_bytes() + b"\n")
    good = CliRunner().invoke(record, ["check", str(path), "--contract", "trace.v1"])
    assert (good.exit_code, good.output) == (0, "1 checked, 0 faulty (trace.v1)\n")
    path.write_bytes(b"{}\n")
    bad = CliRunner().invoke(record, ["check", str(path), "--contract", "trace.v1", "--json"])
    assert isinstance(bad.exception, FaultsFound)
    assert orjson.loads(bad.output)["faulty"][0]["line"] == 1
