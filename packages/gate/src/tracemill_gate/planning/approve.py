"""An approval is written into a spec: whose word, until when, for exactly which text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracemill_gate.errors import GateUsage, UnknownRevision
from tracemill_gate.git import Repository, open_repository
from tracemill_gate.planning.current import Current
from tracemill_gate.planning.document import SpecDocument, render
from tracemill_gate.planning.plan import SpecFile, read_plan
from tracemill_gate.planning.status import APPROVED, LIVE, SPECD
from tracemill_gate.planning.step import Step, take
from tracemill_schema.canonical import short
from tracemill_schema.spec import Approval


@dataclass(frozen=True, kw_only=True)
class Word:
    """What somebody said yes with.

    Attributes:
        by: Who.
        signal: Their words, verbatim.
        on: The day.
        expires_on: The last day on which it holds.
    """

    by: str
    signal: str
    on: date
    expires_on: date


def approve(root: Path, number: int, word: Word, *, base: str | None, day: date) -> Approval:
    """Write an approval into a promoted spec and tell it in current.md.

    A spec that was approved before gets the new approval in place of the old one.

    Args:
        root: Top folder of the repository.
        number: Number of the spec.
        word: The approval.
        base: Revision that the work starts from. None keeps that of the approval that is
            replaced, so that work done since stays on trial; without one it is HEAD.
        day: Today.

    Raises:
        UnknownSpec: there is no promoted spec with the number.
        GateUsage: the spec is done or withdrawn, the word is none or is not of today, or the base
            is not in the history of HEAD.
        SpecFaults: the spec is at fault; nothing was changed.
        CannotJudge: there is no git, no repository or no such commit.
    """
    _require_word(word, day)
    plan = read_plan(root)
    file, entry = plan.find(number)
    if entry.status not in LIVE:
        raise GateUsage(f"{number:04d} is {entry.status}; wanted a spec that is to be done")
    spec = file.document.spec
    approval = Approval(
        by=word.by,
        signal=word.signal,
        on=word.on.isoformat(),
        expires_on=word.expires_on.isoformat(),
        spec_hash=spec.content_hash,
        base_commit=_base(open_repository(root), base, spec.approval),
    )
    approved = dataclasses.replace(file.document, spec=spec.replace(approval=approval))
    status = APPROVED if entry.status == SPECD else entry.status
    current = with_status(plan.current, number, status)
    new = _file(file, approved)
    take(Step(before=plan, after=plan.replaced(current, new), file=new), day=day)
    return approval


def with_status(current: Current, number: int, status: str) -> Current:
    """Return current.md with another status of one spec."""
    entries = (
        dataclasses.replace(entry, status=status) if entry.number == number else entry
        for entry in current.entries
    )
    return dataclasses.replace(current, entries=tuple(entries))


def _require_word(word: Word, day: date) -> None:
    for name, value in (("--by", word.by), ("--signal", word.signal)):
        if not value.strip():
            raise GateUsage(f"{name}: wanted words, got {value!r}")
    if word.on > day:
        raise GateUsage(f"--on: wanted today, {day}, or earlier, got {word.on}")
    if word.expires_on < day:
        raise GateUsage(f"--expires-on: wanted today, {day}, or later, got {word.expires_on}")


def _base(repository: Repository, revision: str | None, replaced: Approval | None) -> str:
    if revision is None and replaced is not None:
        return _kept_base(repository, replaced.base_commit)
    named = revision or "HEAD"
    commit = repository.commit(named)
    if not repository.is_ancestor(commit, "HEAD"):
        raise GateUsage(f"--base: wanted a commit in the history of HEAD, got {named!r}")
    return commit


def _kept_base(repository: Repository, commit: str) -> str:
    try:
        if repository.is_ancestor(commit, "HEAD"):
            return commit
    except UnknownRevision:
        pass  # rebased away, as good as on another branch
    raise GateUsage(
        f"the approval that is replaced starts from {short(commit)}, which is not in the history "
        "of HEAD; name what the work starts from with --base"
    )


def _file(file: SpecFile, document: SpecDocument) -> SpecFile:
    return dataclasses.replace(file, text=render(document), document=document)
