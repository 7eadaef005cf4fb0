"""The language of success criteria: what it takes, and what it refuses, with the column."""

from __future__ import annotations

import ast
import inspect

import pytest

from tracemill_gate.experiment import expression
from tracemill_gate.experiment.expression import (
    MAX_TOKENS,
    Binary,
    Field,
    fields_of,
    kind_of,
    needs_baseline,
    parse,
)

VALID = [
    "pass_at_1.low > baseline.pass_at_1.high",
    "pass_at_1.rate >= 0.95 and not format_rate.low < 0.99 or n_items == 300",
    'by_difficulty["1.5"].rate - 0.1 != by_family.modular_chain.rate / 2',
    "(pass_at_1.rate - baseline.pass_at_1.rate) * 2 <= -(-1)",
    "not not (n_items > 1)",
    "  n_items\t>\n1  ",
    "n_items - -1 > 0",
    "(" * 40 + "n_items > 1" + ")" * 40,
    "n_items > " + "1 + " * 48 + "1",
]


@pytest.mark.parametrize("text", VALID)
def test_a_criterion_is_read(text: str) -> None:
    node, faults = parse(text)
    assert faults == ()
    assert node is not None
    assert kind_of(node) == "truth"
    assert text[node.start : node.end] == text.strip()


def shape(node: expression.Node, text: str) -> str:
    """Return the criterion with every operation in brackets."""
    if isinstance(node, Binary):
        return f"[{shape(node.left, text)} {node.sign} {shape(node.right, text)}]"
    if isinstance(node, expression.Unary):
        return f"[{node.sign} {shape(node.operand, text)}]"
    return text[node.start : node.end].strip("()")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 < 2 or 3 < 4 and 5 < 6", "[[1 < 2] or [[3 < 4] and [5 < 6]]]"),
        ("(1 < 2 or 3 < 4) and 5 < 6", "[[[1 < 2] or [3 < 4]] and [5 < 6]]"),
        ("not 1 < 2 and 3 < 4", "[[not [1 < 2]] and [3 < 4]]"),
        ("1 - 2 - 3 < 4 / 5 / 6", "[[[1 - 2] - 3] < [[4 / 5] / 6]]"),
        ("1 + 2 * 3 < -4 + 5", "[[1 + [2 * 3]] < [[- 4] + 5]]"),
        ("(1 + 2) * 3 < -(4 + 5) * 6", "[[[1 + 2] * 3] < [[- [4 + 5]] * 6]]"),
    ],
)
def test_what_binds_more_is_computed_first(text: str, wanted: str) -> None:
    node, _ = parse(text)
    assert node is not None
    assert shape(node, text) == wanted


def test_fields_from_left_to_right_with_their_side() -> None:
    node, _ = parse('baseline.pass_at_1.low < by_family["a-b"].rate')
    assert node is not None
    found = [(field.keys, field.of_baseline) for field in fields_of(node)]
    assert found == [(("pass_at_1", "low"), True), (("by_family", "a-b", "rate"), False)]
    assert needs_baseline(node)
    alone, _ = parse("n_items > 1")
    assert alone is not None
    assert not needs_baseline(alone)


OPERAND = "wanted a number, a field or '(', got"
REST = "wanted an operator or the end, got"
TRUTH = "wanted something true or false, such as a comparison, got a number"
NUMBER = "wanted a number, got something true or false"
START = "no number, field or operator starts with"
INVALID = [
    # What is no criterion at all.
    ("", [f"column 1: {OPERAND} the end"]),
    ("   ", [f"column 1: {OPERAND} the end"]),
    ("n_items", [f"column 1: {TRUTH}"]),
    ("0.95", [f"column 1: {TRUTH}"]),
    ("n_items >", [f"column 10: {OPERAND} the end"]),
    ("> 1", [f"column 1: {OPERAND} '>'"]),
    ("n_items > 1 2", [f"column 13: {REST} '2'"]),
    ("(n_items > 1", ["column 13: wanted ')' for the '(' of column 1, got the end"]),
    ("n_items > 1)", [f"column 12: {REST} ')'"]),
    ("n_items > 1 and", [f"column 16: {OPERAND} the end"]),
    ("n_items > 1 and or 1 < 2", [f"column 17: {OPERAND} 'or'"]),
    ("1 < n_items < 9", ["column 13: wanted two comparisons joined with `and`"]),
    ("(1 < 2) == (3 < 4)", ["column 9: wanted two comparisons joined with `and`"]),
    # Types, all of them at once.
    ("n_items and 1", [f"column 1: {TRUTH}", f"column 13: {TRUTH}"]),
    ("not n_items", [f"column 5: {TRUTH}"]),
    ("1 + (n_items > 1) > 2", [f"column 5: {NUMBER}"]),
    ("-(n_items > 1)", [f"column 1: {TRUTH}", f"column 2: {NUMBER}"]),
    (
        "pass_at_one.low > model and n_item > 1",
        [
            (
                "column 1: evaluation.v1 has no field 'pass_at_one'; "
                "did you mean pass_at_k or pass_at_1?"
            ),
            "column 19: wanted a number, got model, which is text",
            "column 29: evaluation.v1 has no field 'n_item'; did you mean n_items?",
        ],
    ),
    (
        "baseline.baseline.n_items > 1",
        ["column 1: evaluation.v1 has no field 'baseline'; there are: "],
    ),
    # Numbers.
    ("n_items > 1e9", [f"column 12: {REST} 'e9'"]),
    ("n_items > 1_000", [f"column 12: {REST} '_000'"]),
    ("n_items > .5", [f"column 11: {START} '.'"]),
    ("n_items > 1.", [f"column 12: {START} '.'"]),
    (
        "n_items > 1234567890123456",
        ["column 11: wanted at most 15 digits on each side of the point"],
    ),
    (
        "n_items > 0.1234567890123456",
        ["column 11: wanted at most 15 digits on each side of the point"],
    ),
    ("n_items > \u0661", [f"column 11: {START} '\u0661'"]),
    ("n_items\u00a0> 1", [f"column 8: {START} '\\xa0'"]),
    # What would be code elsewhere.
    ("__import__(os) > 1", [f"column 11: {REST} '('"]),
    ("__import__('os').system('true')", [f'column 12: {START} "\'"']),
    ("pass_at_1.__class__ == 1", ["column 1: pass_at_1 has no field '__class__'; there are: "]),
    ("n_items.real.__abs__() > 1", [f"column 21: {REST} '('"]),
    ("open > 1", ["column 1: evaluation.v1 has no field 'open'; there are: "]),
    ("len(model) > 1", [f"column 4: {REST} '('"]),
    ("True", [f"column 1: {TRUTH}", "column 1: evaluation.v1 has no field 'True'; there are: "]),
    ("n_items > 9 ** 9 ** 9", [f"column 14: {OPERAND} '*'"]),
    ("n_items > 9 // 1", [f"column 14: {OPERAND} '/'"]),
    ("n_items % 2 == 1", [f"column 9: {START} '%'"]),
    ("n_items + 1 << 9 > 1", [f"column 14: {OPERAND} '<'"]),
    ("model == 'traces'", [f'column 10: {START} "\'"']),
    ('model == "traces"', [f"column 10: {START} '\"'"]),
    ('pass_at_1["rate"].low > 1', ["column 1: pass_at_1.rate is a number and has no field 'low'"]),
    ("by_family[0].rate > 1", [f"column 10: {START} '['"]),
    ("[n for n in by_family]", [f"column 1: {START} '['"]),
    ("{n_items} > 1", [f"column 1: {START} '{{'"]),
    ("lambda: 1", [f"column 7: {START} ':'"]),
    ("(n := 1) > 0", [f"column 4: {START} ':'"]),
    ("n_items > 1 if 1 else 2", [f"column 13: {REST} 'if'"]),
    ("n_items = 1", [f"column 9: {START} '='"]),
    ("n_items > 1; n_items > 2", [f"column 12: {START} ';'"]),
    ("n_items > 1 # why", [f"column 13: {START} '#'"]),
    ("~n_items > 1", [f"column 1: {START} '~'"]),
    ("!(n_items > 1)", [f"column 1: {START} '!'"]),
    ("f'{n_items}' > 1", [f'column 2: {START} "\'"']),
    ("n_items\x00 > 1", [f"column 8: {START} '\\x00'"]),
    # More than a line that people agree on.
    ("(" * 5000, ["column 101: wanted at most 100 parts, got more"]),
    ("n_items > " + "-" * 5000 + "1", ["column 109: wanted at most 100 parts, got more"]),
]


@pytest.mark.parametrize(("text", "messages"), INVALID, ids=range(len(INVALID)))
def test_a_fault_is_named_with_its_column(text: str, messages: list[str]) -> None:
    node, faults = parse(text)
    assert node is None
    found = [str(fault) for fault in faults]
    assert len(found) == len(messages)
    for got, wanted in zip(found, messages, strict=True):
        # A message that lists every field is compared up to its list.
        assert got == wanted or (wanted.endswith("there are: ") and got.startswith(wanted))


@pytest.mark.parametrize("part", ["(", "-", "not "])
def test_the_deepest_criterion_is_read_without_running_out_of_stack(part: str) -> None:
    text = part * (MAX_TOKENS - 1) + "1"
    assert all("wanted" in str(fault) for fault in parse(text)[1])


def test_nothing_is_handed_to_python_to_run() -> None:
    tree = ast.parse(inspect.getsource(expression))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"eval", "exec", "compile", "getattr", "__import__", "ast"}


def test_a_field_is_its_keys_and_its_side() -> None:
    node, _ = parse("n_items > 1")
    assert isinstance(node, Binary)
    assert node.left == Field(start=0, end=7, keys=("n_items",), of_baseline=False)
