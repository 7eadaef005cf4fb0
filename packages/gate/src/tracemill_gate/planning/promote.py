"""A draft becomes a spec: complete, linted, its overlaps declared.

specs/draft/NNNN-slug.md -> the plan as it would be -> its faults -> the spec is written
  -> current.md: the thought leaves Brainstormed, the spec enters Specd -> the draft is removed

Each file is replaced whole. After a kill between two of them the linter says what is left, and
running the same command again finishes it.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

from tracemill_gate.errors import GateUsage, SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_gate.planning.brainstorm import Item
from tracemill_gate.planning.current import Current
from tracemill_gate.planning.document import DRAFTS, SPECS
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.plan import SpecFile, read_plan, read_spec
from tracemill_gate.planning.status import SPECD
from tracemill_gate.planning.step import Step, faults_of_step, take
from tracemill_gate.planning.title import same


def promote(root: Path, draft: Path, *, day: date) -> SpecFile:
    """Promote a draft; nothing is changed if it is at fault.

    Args:
        root: Top folder of the repository.
        draft: File in ``specs/draft``.
        day: The day on which approvals must hold.

    Raises:
        GateUsage: the file is no draft of this repository.
        SpecFaults: the draft is incomplete, or current.md or other specs speak against it.
    """
    step = promotion(root, draft)
    take(step, day=day)
    draft.unlink()
    return step.file


def lint_draft(root: Path, draft: Path, *, day: date) -> tuple[FileFault, ...]:
    """Return what speaks against promoting a draft; raises GateUsage like ``promote``."""
    try:
        return faults_of_step(promotion(root, draft), day)
    except SpecFaults as error:
        return error.faults


def promotion(root: Path, draft: Path) -> Step:
    """Return what promoting a draft would write; raises like ``promote``."""
    name = f"{DRAFTS}/{draft.name}"
    if draft.resolve().parent != (root / DRAFTS).resolve():
        raise GateUsage(f"{draft}: wanted a draft in {DRAFTS}/; make one with: tracemill spec new")
    file = dataclasses.replace(read_spec(draft, name=name), folder=DRAFTS)
    document = file.document
    if document.spec.approval is not None:
        message = "a draft has no approval yet; remove it here, for promoting comes first"
        raise SpecFaults((file.fault("/approval", message),))
    plan = read_plan(root)
    known = plan.files.get(file.name)
    if file.name in plan.names and (known is None or known.document != document):
        message = f"{SPECS}/{file.name} is there already and says something else"
        do = "remove the draft, or give it another number"
        raise SpecFaults((FileFault(where=f"{name}:1", message=f"{message}; {do}"),))
    after = plan.replaced(_moved(plan.current, file), file)
    drafts = tuple(other for other in plan.drafts if other != draft.name)
    return Step(before=plan, after=dataclasses.replace(after, drafts=drafts), file=file)


def _moved(current: Current, file: SpecFile) -> Current:
    """Return current.md without the thought and with the line of its spec."""
    spec = file.document.spec
    items = (_without(item, spec.title) for item in current.brainstormed)
    entry = Entry(number=spec.number, title=spec.title, file=file.name, status=SPECD, line=0)
    others = [one for one in current.entries if one.file != file.name]
    return dataclasses.replace(
        current,
        brainstormed=tuple(item for item in items if item is not None),
        entries=tuple(sorted([*others, entry], key=lambda one: one.number)),
    )


def _without(item: Item, title: str) -> Item | None:
    """Return what is left of an item when ``title`` became a spec, None if nothing is."""
    if same(item.title, title):
        return None
    left = tuple(one for one in item.candidates if not same(one, title))
    if left == item.candidates:
        return item
    return dataclasses.replace(item, candidates=left) if left else None
