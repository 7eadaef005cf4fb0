"""Approvals on their day, in their history, over watched files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
SPEC = "specs/0001-plan.md"
FILES = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "src/pkg/b.py", "kind": "add"},
    {"path": "tests/", "kind": "modify"},
]
APPROVAL = {"by": "owner", "signal": "yes", "on": "2026-05-01", "expires_on": "2026-06-01"}
NOT_IN_HISTORY = (
    f"{SPEC}: wanted an approval that starts from a commit in the history of HEAD, got ID, which "
    "is not in it; have it approved again (--base)"
)
LATE = (
    f"{SPEC}: on the day of the last commit: the approval expired on 2026-05-08; have it "
    "approved again"
)


def done(history: History) -> None:
    history.work()
    history.commit()


def not_approved(history: History) -> None:
    history.spec(approval=None)
    done(history)


def expired_yesterday(history: History) -> None:
    history.spec(approval={**APPROVAL, "expires_on": "2026-05-09"})
    done(history)


def on_the_last_day(history: History) -> None:
    history.spec(approval={**APPROVAL, "expires_on": "2026-05-10"})
    done(history)


def approved_tomorrow(history: History) -> None:
    history.spec(approval={**APPROVAL, "on": "2026-05-11"})
    done(history)


def done_in_time(history: History) -> None:
    approval = {**APPROVAL, "expires_on": "2026-05-08"}
    history.spec(status="done", approval=approval)
    history.work()
    history.commit(on="2026-05-08T23:30:00Z")


def done_too_late(history: History) -> None:
    history.spec(status="done", approval={**APPROVAL, "expires_on": "2026-05-08"})
    history.work()
    history.commit(on="2026-05-08T23:30:00-01:00")


def dated_back_at_the_end(history: History) -> None:
    history.spec(status="done", approval={**APPROVAL, "expires_on": "2026-05-08"})
    history.work()
    history.commit(on="2026-05-09T12:00:00Z")
    history.commit(on="2026-05-03T12:00:00Z")


def edited_after_approval(history: History) -> None:
    approved = history.spec()
    history.put(approved.replace(user_intent="another"), "in-progress")
    done(history)


def watched_file_changed(history: History) -> None:
    history.spec(
        files_to_touch=[*FILES, {"path": "notes.txt", "kind": "add"}],
        invalidation_watch=["watched.txt", "src/pkg/other.py"],
    )
    history.git("checkout", "-q", "main")
    history.write("watched.txt", "another\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    done(history)


def approved_elsewhere(history: History) -> None:
    history.git("checkout", "-q", "-b", "side", "main^")
    aside = history.commit()
    history.git("checkout", "-q", "work")
    history.spec(base=aside)
    done(history)


def approved_nowhere(history: History) -> None:
    history.spec(base="f" * 40)
    done(history)


CASES: tuple[tuple[Case, list[str]], ...] = (
    (
        not_approved,
        ["current.md:15: 0001 is in-progress without an approval; run: tracemill spec approve 1"],
    ),
    (expired_yesterday, [f"{SPEC}:37: the approval expired on 2026-05-09; have it approved again"]),
    (on_the_last_day, []),
    (approved_tomorrow, [f"{SPEC}:37: the approval is of a later day than 2026-05-10: 2026-05-11"]),
    (done_in_time, []),
    (
        done_too_late,
        [LATE],
    ),
    (dated_back_at_the_end, [LATE]),
    (
        edited_after_approval,
        [
            (
                f"{SPEC}:38: the approval is void: a field was changed after it (wanted spec_hash "
                "ID, got ID); have it approved again"
            )
        ],
    ),
    (
        watched_file_changed,
        [
            (
                f"{SPEC}: wanted watched.txt as it was when the spec was approved (ID), got "
                "another; have it approved again (--base HEAD)"
            )
        ],
    ),
    (approved_elsewhere, [NOT_IN_HISTORY]),
    (approved_nowhere, [NOT_IN_HISTORY]),
)


@pytest.mark.parametrize(("case", "faults"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_approvals(history: History, case: Case, faults: list[str]) -> None:
    case(history)
    assert history.verdict() == faults
