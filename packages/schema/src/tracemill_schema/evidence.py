"""evidence.v1: proof that a check ran, as an in-toto Statement (in-toto.io/Statement/v1).

Source of the format: in-toto attestation framework, Statement layer, version 1.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Instant, Name, Record


class Digest(Record):
    """A digest of a subject; trees are git's, everything else is SHA-256."""

    sha256: ContentHash | None = None
    gitTree: str | None = Field(  # noqa: N815 - the name in-toto's digest set gives it
        default=None, pattern=r"^[0-9a-f]{40,64}$", description="id of a git tree object"
    )


class Subject(Record):
    """What was checked."""

    name: Literal["tree", "dataset", "model", "config", "evaluation"]
    digest: Digest


class Predicate(Record):
    """What the check found."""

    gate: Name
    passed: int = Field(ge=0, description="number of things that hold")
    failed: int = Field(ge=0, description="number of things that do not hold")
    skipped: int = Field(ge=0, description="number of things passed over without being judged")
    checked: int = Field(ge=0, description="number of things looked at; 0 never counts as green")
    device: str = Field(min_length=1, description="cpu, or the accelerator's kind and count")
    versions: dict[str, str]
    started: Instant
    finished: Instant

    @property
    def adds_up(self) -> bool:
        """Tell whether everything that was looked at passed, failed or was passed over."""
        return self.passed + self.failed + self.skipped == self.checked


class Evidence(Record):
    """An in-toto Statement about one gate."""

    contract: ClassVar[str] = "evidence.v1"

    type: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1)
    predicateType: Literal["urn:tracemill:evidence:v1"]  # noqa: N815 - in-toto's name
    predicate: Predicate


def statement(*, subjects: tuple[Subject, ...], predicate: Predicate) -> Evidence:
    """Return the Statement about ``subjects``."""
    return Evidence(
        type="https://in-toto.io/Statement/v1",
        subject=subjects,
        predicateType="urn:tracemill:evidence:v1",
        predicate=predicate,
    )
