"""What an approval must hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracemill_gate.planning.approval import out_of_date, void
from tracemill_schema.spec import Spec

DAYS = [
    ("2026-02-28", "the approval is of a later day than 2026-02-28: 2026-03-01"),
    ("2026-03-01", ""),
    ("2026-04-01", ""),
    ("2026-04-02", "the approval expired on 2026-04-01; have it approved again"),
]


@pytest.mark.parametrize(("day", "message"), DAYS)
def test_the_first_and_the_last_day_count(
    spec_of: Callable[..., Spec], day: str, message: str
) -> None:
    assert out_of_date(spec_of(1, approved=True), date.fromisoformat(day)) == message


def test_every_typed_field_but_the_approval_is_what_was_approved(
    spec_of: Callable[..., Spec],
) -> None:
    spec = spec_of(1, approved=True)
    assert void(spec) == ""
    changes = {
        "number": 2,
        "title": "y",
        "behaviour_change": "y",
        "user_intent": "y",
        "must_stay_unchanged": ("y",),
        "files_to_touch": spec_of(2).files_to_touch,
        "fail_first_tests": ("y.py::test_y",),
        "regression_tests": ("y.py",),
        "non_goals": ({"kind": "path", "text": "y"},),
        "risks": ("y",),
        "rollback_trigger": "y",
        "touch_points": ({"path": "y", "name": "y"},),
        "diff_shape": {"lines_min": 0, "lines_max": 101},
        "review_checks": ("y",),
        "depends_on": (5,),
        "blocked_by": (5,),
        "parallelizable_with": (5,),
        "invalidation_watch": ("y",),
    }
    assert changes.keys() | {"kind", "approval"} == set(Spec.model_fields)
    for name, value in changes.items():
        changed = spec.replace(**{name: value})
        assert void(changed) == (
            f"the approval is void: a field was changed after it (wanted spec_hash "
            f"{changed.content_hash}, got {spec.content_hash}); have it approved again"
        ), name


def test_a_spec_without_an_approval_has_none_to_judge(spec_of: Callable[..., Spec]) -> None:
    assert void(spec_of(1)) == ""
    assert out_of_date(spec_of(1), date(2030, 1, 1)) == ""
