"""episode.v1: what happened when a solver worked on a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash, Value
from tracemill_schema.record import Identified, Name, Record

FailureClass = Literal[
    "none",
    "wrong_answer",
    "no_answer",
    "code_error",
    "timeout",
    "resource_limit",
    "ungrounded_hook",
    "infrastructure",
]
"""Why an episode was not accepted; ``infrastructure`` is never counted as a wrong answer."""


class Solver(Record):
    """Who worked on the question."""

    kind: Name = Field(description="reference (our own program) or model")
    model: str | None = Field(description="model name; null for the reference solver")
    sampling: dict[str, Value] = Field(description="temperature and the like; empty if none")
    seed: int = Field(ge=0, description="number that the solver's sampling starts from")


class Execution(Record):
    """What running the code of a turn gave."""

    ok: bool
    code_hash: ContentHash = Field(description="SHA-256 of the code that was run, as UTF-8")
    stdout: str
    stderr: str
    truncation: bool = Field(description="true if stdout or stderr were cut at the limit")
    seconds: float = Field(ge=0, description="wall seconds; not part of the episode's id")


Coverage = Literal["whole", "summary", "opaque"]
"""What a hook's value and hash cover. whole: the value itself. summary: the value is a bounded
text, the hash covers the whole value. opaque: the value has no JSON form; value and hash are of a
text that names it."""


class Hook(Record):
    """A grounded intermediate value: a name bound by one executed line."""

    name: str = Field(min_length=1)
    code_line: str = Field(min_length=1, description="equals an executed line, white space folded")
    line_number: int = Field(ge=1, description="line of the turn's code, counted from 1")
    value: Value = Field(description="the value, or a bounded summary of a large one")
    value_hash: ContentHash = Field(description="hash of the whole value's canonical bytes")
    coverage: Coverage
    depends_on: tuple[str, ...] = Field(description="names of earlier hooks that the line reads")


class Turn(Record):
    """One round: reasoning, code, its execution, and the hooks that it grounds."""

    i: int = Field(ge=0, description="position of the turn, counted from 0")
    reasoning: str
    code: str
    execution: Execution
    hooks: tuple[Hook, ...]
    correction: str | None = Field(description="what the turn mends of the one before; or null")


class Verdict(Record):
    """Whether the submission counts, why, and under which reading of the question."""

    correct: bool
    reason: str = Field(min_length=1)
    matched_interpretation: str | None


class Consistency(Record):
    """Agreement of several runs on the same question."""

    runs: int = Field(ge=1, description="runs on the question")
    clusters: int = Field(ge=1, description="groups of equal answers")
    majority: int = Field(ge=0, description="runs in the largest group")
    confidence: float = Field(ge=0, le=1, description="share of the runs: majority / runs")


class Cost(Record):
    """What the episode cost; not part of its id."""

    seconds: float = Field(ge=0, description="wall seconds of the whole episode")
    prompt_tokens: int = Field(ge=0, description="tokens read, over all turns; 0 without a model")
    completion_tokens: int = Field(ge=0, description="tokens written, over all turns")


class SandboxIdentity(Record):
    """Which sandbox ran the code; not part of the episode's id."""

    backend: Name
    tier: Name
    python: str
    libraries: dict[str, str] = Field(description="library -> version that the guest saw")


class Episode(Identified):
    """A question worked on, executed and judged."""

    contract: ClassVar[str] = "episode.v1"
    id_excludes: ClassVar[Mapping[str, Any]] = {
        "cost": True,
        "sandbox": True,
        "turns": {"__all__": {"execution": {"seconds": True}}},
    }

    question_id: ContentHash
    solver: Solver
    turns: tuple[Turn, ...] = Field(min_length=1)
    submission: Value
    verdict: Verdict
    consistency: Consistency
    failure: FailureClass
    cost: Cost
    sandbox: SandboxIdentity
