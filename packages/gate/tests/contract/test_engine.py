"""A document counts only where both engines agree."""

from __future__ import annotations

import pytest

from tracemill_gate.contract.engine import Engines


def test_both_engines_take_or_refuse() -> None:
    engines = Engines({"properties": {"a/b": {"minimum": 1}}, "required": ["a/b"]})
    assert engines.verdict({"a/b": 1}) == "taken"
    assert engines.verdict({"a/b": 0}) == "refused"
    assert engines.refusal({"a/b": 0}) == "minimum at /a~1b"
    assert engines.refusal({}) == "required at (document)"
    assert engines.refusal({"a/b": 1}) == "nothing"


DISPUTED = [
    ({"pattern": "^a$"}, "a\n"),  # $ of Python also stands before a last line break
    ({"pattern": r"^\d$"}, "\u0663"),  # digits of other scripts, for Python
    ({"pattern": r"^\p{L}$"}, "a"),  # Python does not know \p
    ({"$ref": "#"}, 1),  # endless for one, empty for the other
    ({"$defs": {"A": {"not": {"$ref": "#/$defs/A"}}}, "$ref": "#/$defs/A"}, 1),  # ends a process
]


@pytest.mark.parametrize(("schema", "document"), DISPUTED)
def test_where_the_engines_differ_nothing_is_said(
    schema: dict[str, object], document: object
) -> None:
    assert Engines(schema).verdict(document) == "disputed"


@pytest.mark.parametrize(
    "schema", [{"type": "whole"}, {"$ref": "#/$defs/A"}, {"$ref": "http://localhost/a"}]
)
def test_what_is_no_schema_of_its_own_is_refused(schema: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="whole|does not exist|not present"):
        Engines(schema)
