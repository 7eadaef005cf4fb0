"""spec.v1: one planned change, with the approval that lets it be made."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Record

CommitId = str
Day = str


class FileChange(Record):
    """A file that the change may touch."""

    path: str = Field(min_length=1, description="relative to the repository")
    kind: Literal["add", "modify", "delete"]


class TouchPoint(Record):
    """A place that the change is made at."""

    path: str = Field(min_length=1)
    name: str = Field(min_length=1, description="qualified name of a function or class")


class NonGoal(Record):
    """What the change must not do; typed where a machine can check it."""

    kind: Literal["path", "symbol", "import", "prose"]
    text: str = Field(min_length=1)


class DiffShape(Record):
    """Expected size of the change in changed lines, generated files and locks apart."""

    lines_min: int = Field(ge=0)
    lines_max: int = Field(ge=1)


class Approval(Record):
    """Who said yes to exactly this text."""

    by: str = Field(min_length=1)
    signal: str = Field(min_length=1, description="the approval in its own words, verbatim")
    on: Day = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    expires_on: Day = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    spec_hash: ContentHash = Field(description="hash of the spec without its approval")
    base_commit: CommitId = Field(pattern=r"^[0-9a-f]{40,64}$")


class Spec(Record):
    """The front matter of ``specs/NNNN-slug.md``."""

    contract: ClassVar[str] = "spec.v1"

    number: int = Field(ge=1)
    title: str = Field(min_length=1, max_length=120)
    kind: Literal["change", "planning"]
    behaviour_change: str = Field(min_length=1)
    user_intent: str = Field(min_length=1)
    must_stay_unchanged: tuple[str, ...]
    files_to_touch: tuple[FileChange, ...]
    fail_first_tests: tuple[str, ...] = Field(description="pytest ids, PATH::NAME")
    regression_tests: tuple[str, ...]
    non_goals: tuple[NonGoal, ...]
    risks: tuple[str, ...]
    rollback_trigger: str = Field(min_length=1)
    touch_points: tuple[TouchPoint, ...]
    diff_shape: DiffShape
    review_checks: tuple[str, ...]
    depends_on: tuple[int, ...]
    blocked_by: tuple[int, ...]
    parallelizable_with: tuple[int, ...]
    invalidation_watch: tuple[str, ...] = Field(description="paths whose change voids approval")
    approval: Approval | None
