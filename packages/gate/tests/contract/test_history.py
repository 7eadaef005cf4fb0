"""Schema files compared with those at the base, in real repositories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_gate.contract.history import Change, History, check_history
from tracemill_gate.errors import CannotJudge
from tracemill_gate.git import open_repository

Git = Callable[..., str]
Schema = dict[str, Any]
V1, V2 = "chair.v1.schema.json", "chair.v2.schema.json"
LEGS = {"type": "integer", "minimum": 1}
CHAIR: Schema = {
    "type": "object",
    "properties": {"legs": LEGS, "name": {"type": "string"}},
    "required": ["legs"],
    "additionalProperties": False,
}


def legs(**changed: Any) -> Schema:
    return {**CHAIR, "properties": {**CHAIR["properties"], "legs": {**LEGS, **changed}}}


def pattern(text: str) -> Schema:
    return {**CHAIR, "properties": {**CHAIR["properties"], "name": {"pattern": text}}}


Checked = Callable[..., History]


@pytest.fixture
def history(repository: Path, git: Git) -> Checked:
    """Return a function that commits schema files, changes them, and compares."""

    def checked(
        before: dict[str, Schema | str],
        after: dict[str, Schema | str],
        *,
        retired: tuple[str, ...] = (),
    ) -> History:
        folder = repository / "contracts"
        (folder / "examples/chair.v1/valid").mkdir(parents=True)
        (folder / "examples/chair.v1/valid/x.schema.json").write_text("{}")
        for stage in (before, after):
            for path in folder.glob("*.schema.json"):
                path.unlink()
            for name, schema in stage.items():
                text = schema if isinstance(schema, str) else json.dumps(schema)
                (folder / name).write_text(text)
            if stage is before:
                git(repository, "add", "-A")
                git(repository, "commit", "-q", "-m", "contracts")
        found = open_repository(repository)
        commit = found.commit("HEAD")
        return check_history(found, commit, before="contracts", after="contracts", retired=retired)

    return checked


def faults(history: History) -> list[str]:
    return [str(fault) for fault in history.report.faults]


def changes(history: History) -> list[str]:
    return [str(change) for change in history.changes]


GREEN = [
    (legs(description="how many"), "compatible"),
    (
        legs(minimum=0),
        (
            "backward, first at /properties/legs/minimum; "
            'only the new one takes {"legs":0} (the old one: minimum at /legs)'
        ),
    ),
    (
        legs(maximum=4),
        (
            "forward, first at /properties/legs/maximum; "
            'only the old one takes {"legs":5} (the new one: maximum at /legs)'
        ),
    ),
]


@pytest.mark.parametrize(("after", "line"), GREEN)
def test_what_one_side_takes_wholly_is_told_and_green(
    history: Checked, after: Schema, line: str
) -> None:
    found = history({V1: CHAIR}, {V1: after})
    assert changes(found) == [f"{V1}: {line}"]
    assert found.report.green
    assert found.report.checked == 1


def test_a_schema_that_stayed_the_same_has_no_line(history: Checked) -> None:
    found = history({V1: CHAIR}, {V1: CHAIR})
    assert (changes(found), faults(found), found.report.checked) == ([], [], 1)


def test_a_breaking_change_needs_a_new_version(history: Checked) -> None:
    found = history({V1: CHAIR}, {V1: legs(type="string", minimum=0)})
    proofs = (
        'only the old one takes {"legs":1} (the new one: type at /legs); '
        'only the new one takes {"legs":""} (the old one: type at /legs)'
    )
    assert changes(found) == [f"{V1}: breaking, first at /properties/legs/minimum; {proofs}"]
    assert faults(found) == [
        (
            f"{V1}: breaking change without a new version, first at /properties/legs/minimum; "
            f"{proofs}; leave chair.v1 as it is at the base and add chair.v2"
        )
    ]


def test_with_a_new_version_the_same_change_is_green(history: Checked) -> None:
    found = history({V1: CHAIR}, {V1: CHAIR, V2: legs(type="string", minimum=0)})
    assert (changes(found), faults(found)) == ([f"{V2}: new"], [])


def test_what_cannot_be_decided_needs_a_new_version(history: Checked) -> None:
    found = history({V1: pattern("^[0-9a]$")}, {V1: pattern("^(?:a|[0-9])$")})
    assert changes(found) == [f"{V1}: unknown, first at /properties/name/pattern"]
    assert faults(found) == [
        (
            f"{V1}: undecided whether this change breaks, so it needs a new version, "
            "first at /properties/name/pattern; no document was found; "
            "leave chair.v1 as it is at the base and add chair.v2"
        )
    ]


def test_another_default_needs_a_new_version(history: Checked) -> None:
    found = history({V1: legs(default=4)}, {V1: legs(default=3)})
    assert changes(found) == [f"{V1}: compatible, first at /properties/legs/default"]
    assert faults(found) == [
        (
            f"{V1}: another default of /legs, so documents without it would mean something else, "
            "first at /properties/legs/default; "
            "leave chair.v1 as it is at the base and add chair.v2"
        )
    ]


def test_what_is_undecided_but_cannot_break_is_told_and_green(history: Checked) -> None:
    whole, letter = {"type": "integer"}, "^[a-z]$"
    before = {"type": "object", "additionalProperties": False, "patternProperties": {letter: whole}}
    after = {"type": "object", "additionalProperties": whole, "propertyNames": {"pattern": letter}}
    found = history({V1: before}, {V1: after})
    assert changes(found) == [f"{V1}: unknown, first at /additionalProperties"]
    assert faults(found) == []


REMOVED = [
    ({V2: CHAIR}, (), []),
    ({}, ("chair.v1",), []),
    (
        {},
        ("chair.v2",),
        [
            (
                f"{V1}: breaking change: chair.v1 was removed and no higher version is there; "
                "keep the file, add chair.v2, or name chair.v1 in retired_contracts of "
                "[tool.tracemill.gate]"
            )
        ],
    ),
    ({"armchair.v2.schema.json": CHAIR}, (), ["chair.v1 was removed"]),
    ({"chair.v0.schema.json": CHAIR}, (), ["chair.v1 was removed"]),
]


@pytest.mark.parametrize(("after", "retired", "wanted"), REMOVED)
def test_a_version_goes_only_for_a_higher_one_or_by_name(
    history: Checked, after: dict[str, Schema], retired: tuple[str, ...], wanted: list[str]
) -> None:
    found = history({V1: CHAIR}, dict(after), retired=retired)
    assert changes(found)[0] == f"{V1}: removed"
    assert len(faults(found)) == len(wanted)
    for got, part in zip(faults(found), wanted, strict=True):
        assert part in got


def test_a_file_without_a_version_asks_for_the_first(history: Checked) -> None:
    (fault,) = faults(history({"chair.schema.json": CHAIR}, {}))
    assert "chair was removed" in fault
    assert "add chair.v1" in fault


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "whole"}', '{"$ref": "#/$defs/None"}'])
def test_a_base_that_is_no_schema_cannot_be_judged(history: Checked, text: str) -> None:
    with pytest.raises(CannotJudge) as caught:
        history({V1: text}, {V1: CHAIR})
    assert str(caught.value).startswith(f"{V1}: wanted a JSON Schema at the base ")
    assert str(caught.value).endswith(", got none; name another base with --base")


def test_a_broken_new_file_is_left_to_the_comparison_with_the_record(history: Checked) -> None:
    found = history({V1: CHAIR}, {V1: "{"})
    assert (changes(found), faults(found), found.report.checked) == ([], [], 1)


def test_long_documents_are_shortened_in_the_line_and_whole_in_the_proof(
    history: Checked,
) -> None:
    def named(most: int, items: int) -> Schema:
        name = {"type": "string", "minLength": most, "maxLength": most}
        return {"type": "array", "items": name, "minItems": items, "maxItems": items}

    found = history({V1: named(100, 9)}, {V1: named(101, 9)})
    (change,) = found.changes
    assert change.proofs[0].document == ["a" * 100] * 9
    short = "aaaaaaaaaaaaaaaa... (100 characters)"
    assert f'only the old one takes ["{short}","{short}","... (9 items)"]' in str(change)


def test_a_change_is_a_line() -> None:
    change = Change(file=V1, became="backward", pointer="/a", proofs=())
    assert str(change) == "chair.v1.schema.json: backward, first at /a"
