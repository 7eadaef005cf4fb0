"""Specs go forward, never back."""

from __future__ import annotations

from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other


def stand(history: History, before: str, after: str) -> None:
    history.git("checkout", "-q", "main")
    history.spec(status=before)
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec(status=after)
    history.work()
    history.commit()


def test_a_spec_may_skip_steps_on_its_way_forward(history: History) -> None:
    stand(history, "approved", "done")
    assert history.verdict() == []


@pytest.mark.parametrize(
    ("before", "after"), [("done", "in-progress"), ("withdrawn", "in-progress")]
)
def test_what_was_ended_lends_its_scope_no_more(history: History, before: str, after: str) -> None:
    stand(history, before, after)
    message = (
        f"current.md: wanted spec 0001 to go forward from {before}, as at the base, got {after}; "
        "write a new spec for new work"
    )
    assert history.verdict() == [message]


def test_a_new_spec_may_stand_anywhere(history: History) -> None:
    history.git("branch", "-f", "main", "main^")
    history.work()
    history.commit()
    assert history.verdict() == []
