from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.program import Node, Program


def _program(*inputs: tuple[int, ...], result: int) -> Program:
    nodes = [{"op": "x", "inputs": list(i), "parameters": {}, "type": "number"} for i in inputs]
    return Program.from_values(
        {"nodes": nodes, "result": result, "canonical": "x", "source": None}, where="test"
    )


def test_a_program_reads_only_what_is_before() -> None:
    program = _program((), (0,), (0, 1), result=2)
    assert program.nodes[2] == Node(op="x", inputs=(0, 1), parameters={}, type="number")


@pytest.mark.parametrize(
    ("inputs", "result", "message"),
    [
        (((0,),), 0, "node 0 reads node 0, which is not before it"),
        (((), (2,), ()), 2, "node 1 reads node 2, which is not before it"),
        (((),), 1, "result is node 1 of 1"),
    ],
)
def test_use_before_definition_is_refused(
    inputs: tuple[tuple[int, ...], ...], result: int, message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        _program(*inputs, result=result)
