"""What a check is: its digest, and which checks are refused."""

from __future__ import annotations

import dataclasses

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence.check import Check, refuse_impossible

CHECK = Check(gate="unit", command=("a", "b"), checked_from="summary", allowed_skips={})
OTHERS: list[dict[str, object]] = [
    {"command": ("a", "c")},
    {"checked_from": "ruff"},
    {"allowed_skips": {"t": "why"}},
    {"device": "TPU v5 lite x 1"},
    {"environment": ".nox/unit"},
    {"depends_on": ("head",)},
]


@pytest.mark.parametrize("change", OTHERS, ids=lambda change: next(iter(change)))
def test_whatever_says_how_a_check_is_made_changes_its_digest(change: dict[str, object]) -> None:
    assert dataclasses.replace(CHECK, **change).digest != CHECK.digest


def test_the_digest_does_not_depend_on_the_gate() -> None:
    assert dataclasses.replace(CHECK, gate="other").digest == CHECK.digest


IMPOSSIBLE = [
    ((), "files:*", "wanted a command after -- and a device, got none"),
    (("true",), "guess", "no counter is called 'guess'"),
    (("true",), "junit", "got the counter 'junit' and no place for it"),
    (("true", "{junit}"), "files:*", r"got the counter 'files:\*' and a place for it"),
]


@pytest.mark.parametrize(("command", "counter", "message"), IMPOSSIBLE)
def test_an_impossible_check_is_refused(
    command: tuple[str, ...], counter: str, message: str
) -> None:
    check = dataclasses.replace(CHECK, command=command, checked_from=counter)
    with pytest.raises(GateUsage, match=message):
        refuse_impossible(check)


@pytest.mark.parametrize("name", ["gate", "Lint", "../lint", "", "a b"])
def test_a_name_that_no_check_may_have_is_refused(name: str) -> None:
    with pytest.raises(GateUsage, match=f"only the judge writes; got '{name}'"):
        refuse_impossible(dataclasses.replace(CHECK, gate=name))
