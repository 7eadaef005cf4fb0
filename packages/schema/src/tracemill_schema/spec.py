"""spec.v1: one planned change, with the approval that lets it be made."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from tracemill_schema.canonical import ContentHash, content_id
from tracemill_schema.record import Day, Record

NEW = "new:"
"""Stands before the name of a touch point that the change adds."""

CommitId = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$", description="git commit, whole")]
TestId = Annotated[
    str,
    Field(
        pattern=r"^[^\s:]+\.py(::[A-Za-z_][A-Za-z0-9_]*)+(\[.+\])?$",
        description="pytest id, PATH::NAME",
    ),
]

TestFile = Annotated[str, Field(pattern=r"^[^\s:]+\.py$", description="file of tests")]


class FileChange(Record):
    """A file that the change may touch."""

    path: str = Field(
        min_length=1, description="relative to the repository; with / at its end: all files below"
    )
    kind: Literal["add", "modify", "delete"]


class TouchPoint(Record):
    """A place that the change is made at."""

    path: str = Field(min_length=1)
    name: str = Field(
        min_length=1,
        description="qualified name of a function or class; new:NAME if the change adds it, "
        "new:* for every name of a new file or folder",
    )


class NonGoal(Record):
    """What the change must not do; typed where a machine can check it."""

    kind: Literal["path", "symbol", "import", "prose"]
    text: str = Field(min_length=1)


class DiffShape(Record):
    """Expected size of the change in changed lines, generated files and locks apart."""

    lines_min: int = Field(ge=0, description="fewest changed lines, added and removed")
    lines_max: int = Field(ge=1, description="most changed lines, added and removed")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.lines_min > self.lines_max:
            raise ValueError("lines_min must not be greater than lines_max")
        return self


class Approval(Record):
    """Who said yes to exactly this text."""

    by: str = Field(min_length=1)
    signal: str = Field(min_length=1, description="the approval in its own words, verbatim")
    on: Day
    expires_on: Day = Field(description="last day on which it holds")
    spec_hash: ContentHash = Field(description="hash of the spec without its approval")
    base_commit: CommitId = Field(description="what the change starts from")

    @model_validator(mode="after")
    def _days_are_in_order(self) -> Self:
        if date.fromisoformat(self.on) > date.fromisoformat(self.expires_on):
            raise ValueError("on must not be later than expires_on")
        return self


class Spec(Record):
    """The front matter of ``specs/NNNN-slug.md``."""

    contract: ClassVar[str] = "spec.v1"

    number: int = Field(ge=1, description="number NNNN of specs/NNNN-slug.md")
    title: str = Field(min_length=1, max_length=120)
    kind: Literal["change", "planning"]
    behaviour_change: str = Field(min_length=1)
    user_intent: str = Field(min_length=1)
    must_stay_unchanged: tuple[str, ...]
    files_to_touch: tuple[FileChange, ...]
    fail_first_tests: tuple[TestId, ...] = Field(description="fail before the change, pass after")
    regression_tests: tuple[TestFile | TestId, ...] = Field(
        description="pass before the change and after; a file stands for all its tests"
    )
    non_goals: tuple[NonGoal, ...]
    risks: tuple[str, ...]
    rollback_trigger: str = Field(min_length=1)
    touch_points: tuple[TouchPoint, ...]
    diff_shape: DiffShape
    review_checks: tuple[str, ...]
    depends_on: tuple[int, ...] = Field(description="numbers of the specs that it builds on")
    blocked_by: tuple[int, ...] = Field(description="numbers of the specs that must be done first")
    parallelizable_with: tuple[int, ...] = Field(
        description="numbers of the specs that may change at the same time"
    )
    invalidation_watch: tuple[str, ...] = Field(description="paths whose change voids approval")
    approval: Approval | None

    @property
    def content_hash(self) -> ContentHash:
        """The hash of everything that the approval is about: all fields but itself."""
        return content_id(self.model_dump(mode="json", exclude={"approval"}))

    @model_validator(mode="after")
    def _kind_holds(self) -> Self:
        """A change names what it touches and what must fail first; a plan touches no code."""
        if self.kind == "change" and not (self.files_to_touch and self.fail_first_tests):
            raise ValueError("kind change needs files_to_touch and fail_first_tests")
        if self.kind == "planning":
            code = [file.path for file in self.files_to_touch if not file.path.endswith(".md")]
            if code or self.fail_first_tests or self.touch_points:
                raise ValueError(
                    "kind planning touches only .md files and has no fail_first_tests or "
                    "touch_points"
                )
        return self

    @model_validator(mode="after")
    def _relations_hold(self) -> Self:
        related = (*self.depends_on, *self.blocked_by, *self.parallelizable_with)
        if self.number in related:
            raise ValueError(f"spec {self.number} stands in a relation to itself")
        if set(self.parallelizable_with) & {*self.depends_on, *self.blocked_by}:
            raise ValueError("what it depends on or is blocked by is not parallelizable_with it")
        return self

    @model_validator(mode="after")
    def _watch_is_apart(self) -> Self:
        touched = {file.path for file in self.files_to_touch}
        if own := sorted(touched.intersection(self.invalidation_watch)):
            raise ValueError(f"invalidation_watch names files that the change touches: {own}")
        return self
