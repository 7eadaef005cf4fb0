from __future__ import annotations

import pytest

from tracemill_schema.errors import Fault, FaultsFound, RecordError, TracemillError, UsageFault


@pytest.mark.parametrize(
    ("kind", "code"), [(TracemillError, 3), (UsageFault, 2), (FaultsFound, 1), (RecordError, 1)]
)
def test_each_branch_has_its_exit_code(kind: type[TracemillError], code: int) -> None:
    assert kind.exit_code == code


def test_a_record_error_tells_every_fault() -> None:
    error = RecordError(
        contract="trace.v1",
        where="f.jsonl line 2",
        faults=(
            Fault(pointer="", wanted="JSON", got="nothing"),
            Fault(pointer="/steps/0/i", wanted="0", got="1"),
        ),
    )
    assert str(error) == (
        "f.jsonl line 2 is not a valid trace.v1:\n"
        "  (document): wanted JSON, got nothing\n"
        "  /steps/0/i: wanted 0, got 1"
    )
