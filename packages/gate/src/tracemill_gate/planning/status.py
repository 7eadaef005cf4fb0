"""How a spec stands, and how that may change.

    specd --approve--> approved --> in-progress --> done
      |                   |              |
      `-------------------`--------------`--------> withdrawn

The status is written in current.md alone: in the spec it would void the approval.
"""

from __future__ import annotations

SPECD, APPROVED, IN_PROGRESS, DONE, WITHDRAWN = STATUSES = (
    "specd",  # promoted, not approved
    "approved",
    "in-progress",
    "done",
    "withdrawn",
)
LIVE = (SPECD, APPROVED, IN_PROGRESS)
"""What still binds: overlaps and expiry are judged for these."""

NEEDS_APPROVAL = (APPROVED, IN_PROGRESS, DONE)

TRANSITIONS = (
    (SPECD, APPROVED),  # only by `tracemill spec approve`
    (APPROVED, IN_PROGRESS),
    (IN_PROGRESS, DONE),
    (SPECD, WITHDRAWN),
    (APPROVED, WITHDRAWN),
    (IN_PROGRESS, WITHDRAWN),
)


def next_of(status: str) -> tuple[str, ...]:
    """Return the statuses that may follow one."""
    return tuple(after for before, after in TRANSITIONS if before == status)
