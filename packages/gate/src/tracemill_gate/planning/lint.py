"""Lints all planning files of a repository.

specs/*.md and current.md -> parse -> every rule of RULES -> one canonical form

A mistake is told once: what cannot be read is left out of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from tracemill_gate.fault import FileFault, Report
from tracemill_gate.planning import current, document, entry_rule, spec_rule
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import SPECS
from tracemill_gate.planning.leftover import leftovers
from tracemill_gate.planning.markdown import lines_of
from tracemill_gate.planning.plan import Plan, read_plan

Rule = Callable[[Plan], Iterator[FileFault]]


def is_canonical(plan: Plan) -> Iterator[FileFault]:
    """Every file that can be read is written as ``render`` writes it."""
    for file in plan.files.values():
        if file.folder == SPECS:  # a draft gets its form when it is promoted
            yield from _differences(file.path, file.text, document.render(file.document))
    if plan.text is not None and not any(f.where.startswith(CURRENT) for f in plan.unreadable):
        yield from _differences(CURRENT, plan.text, current.render(plan.current))


def is_whole(plan: Plan) -> Iterator[FileFault]:
    """No command was killed while it wrote."""
    for name in leftovers(plan.root):
        message = "a killed command left it; remove it with: tracemill spec format"
        yield FileFault(where=name, message=message)


RULES: tuple[Rule, ...] = (
    is_canonical,
    is_whole,
    spec_rule.has_its_own_number,
    spec_rule.names_specs,
    spec_rule.waits_in_no_circle,
    spec_rule.declares_overlaps,
    spec_rule.has_words,
    spec_rule.names_paths,
    spec_rule.watches_others,
    spec_rule.names_files,
    entry_rule.names_its_spec,
    entry_rule.has_one_line,
    entry_rule.is_approved,
    entry_rule.is_left_behind,
    entry_rule.waits_its_turn,
)


def lint(root: Path, *, day: date) -> Report:
    """Lint ``specs/*.md`` and ``current.md``; zero specs is not green.

    Args:
        root: Top folder of the repository.
        day: The day on which approvals must hold.
    """
    plan = read_plan(root)
    checked = len(plan.names) + 1  # of drafts only the names are looked at
    return Report(checked=checked, faults=faults_of(plan, day))


def faults_of(plan: Plan, day: date) -> tuple[FileFault, ...]:
    """Return every fault of planning files, by file and line; each mistake once."""
    found = [*plan.unreadable]
    for rule in RULES:
        found += rule(plan)
    found += spec_rule.holds_its_approval(plan, day)
    if not plan.names:
        found.append(FileFault(where=SPECS, message="wanted at least one spec, got none"))
    return tuple(sorted(found, key=_place))


def _place(fault: FileFault) -> tuple[str, int]:
    file, _, line = fault.where.rpartition(":")
    return (file, int(line)) if file and line.isdigit() else (fault.where, 0)


def _differences(name: str, text: str, wanted: str) -> Iterator[FileFault]:
    """Yield a fault at the first line that is not in canonical form."""
    if text == wanted:
        return
    got, canonical = lines_of(text), lines_of(wanted)
    pairs = enumerate(zip(got, canonical, strict=False), start=1)
    line = next((n for n, (a, b) in pairs if a != b), min(len(got), len(canonical)) + 1)
    message = "not in canonical form from this line on; run: tracemill spec format"
    yield FileFault(where=f"{name}:{line}", message=message)
