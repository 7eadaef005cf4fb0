"""Hooks: intermediate values, each grounded on one executed line of code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from tracemill_datagen.episode.arithmetic import agrees, calculated, calculation
from tracemill_datagen.episode.defect import Defect, difference, hash_difference
from tracemill_datagen.program.engine.line import Assignment, assignments, dependencies, fold
from tracemill_sandbox.result import Binding
from tracemill_schema.canonical import Value
from tracemill_schema.episode import Coverage, Hook, Turn

ANSWER = "answer"
"""Name that a program binds to what it submits."""

MAX_BYTES = 2_000
"""JSON bytes up to which a hook holds its value whole; the answer is always whole. The groups
and lists of the grammar fit; rows of a table do not, and an episode would be 50 times as large."""


@dataclass(frozen=True, kw_only=True)
class Grounding:
    """Hooks that stand on executed lines, and why other bindings do not."""

    hooks: tuple[Hook, ...]
    rejected: tuple[str, ...]


def ground(code: str, bindings: Iterable[Binding]) -> Grounding:
    """Make a hook of each executed binding that one line of ``code`` explains.

    Args:
        code: The code that was run.
        bindings: What the sandbox saw being bound, in order of execution.
    """
    lines = {line.number: line for line in assignments(code)}
    needs = dependencies(code)
    hooks, rejected = [], []
    for binding in bindings:
        line = lines.get(binding.line_number)
        if line is None or line.name != binding.name:
            rejected.append(f"line {binding.line_number} does not bind {binding.name!r} alone")
            continue
        value, coverage = _bounded(binding)
        hooks.append(
            Hook(
                name=line.name,
                code_line=line.text,
                line_number=line.number,
                value=value,
                value_hash=binding.value_hash,
                coverage=coverage,
                depends_on=needs[line.number],
            )
        )
    return Grounding(hooks=tuple(hooks), rejected=tuple(rejected))


def _bounded(binding: Binding) -> tuple[Value, Coverage]:
    """Return a binding's value, large ones as a text that says what they are."""
    if binding.coverage == "summary":
        return str(binding.value).partition(" ")[0], "summary"
    # The sandbox has made the hash of this value, so that it is known to be finite JSON.
    small = binding.name == ANSWER or len(orjson.dumps(binding.value)) <= MAX_BYTES
    return (binding.value, binding.coverage) if small else (summary_of(binding.value), "summary")


def summary_of(value: Value) -> str:
    """Say in a few words what a large value is."""
    if isinstance(value, Mapping):
        return table_size(value) or f"<mapping of {len(value)} entries>"
    if isinstance(value, list):
        return f"<list of {len(value)} items>"
    return f"<text of {len(str(value))} characters>"


def table_size(value: Value) -> str | None:
    """Return rows and columns of a table as the sandbox hands it over; None if it is no table."""
    if not isinstance(value, Mapping) or not {"columns", "rows"} <= value.keys():
        return None
    columns, rows = value["columns"], value["rows"]
    if not isinstance(columns, list) or not isinstance(rows, list):
        return None
    return f"<{len(rows)} rows, {len(columns)} columns>"


def hook_defects(turn: Turn) -> tuple[Defect, ...]:
    """Check the hooks of a turn against its code, from the record alone.

    Each hook must equal an executed line of that number (white space folded), read only what
    earlier hooks bound, hold the value that was hashed, and each executed assignment must have
    its hook. Lines that only calculate are calculated again.
    """
    at = f"/turns/{turn.i}/hooks"
    lines = assignments(turn.code)
    needs = dependencies(turn.code)
    by_number = {line.number: line for line in lines}
    known: dict[str, Value] = {}
    bound: set[str] = set()
    defects = list(_sequence(turn, lines, at))
    for index, hook in enumerate(turn.hooks):
        where = f"{at}/{index}"
        line = by_number.get(hook.line_number)
        if line is None or not _grounded(hook, line):
            defects.append(_ungrounded(hook, line, where))
        else:
            defects += _reads(hook, needs[hook.line_number], bound, where)
            defects += _value(hook, line, known, where)
        bound.add(hook.name)
        known.pop(hook.name, None)
        if hook.coverage == "whole":
            known[hook.name] = hook.value
    return tuple(defects)


def _grounded(hook: Hook, line: Assignment) -> bool:
    return fold(hook.code_line) == line.text and hook.name == line.name


def _ungrounded(hook: Hook, line: Assignment | None, where: str) -> Defect:
    wanted = f"{line.text!r}" if line else "a line that binds one name"
    return Defect(
        kind="forged_hook",
        where=where,
        wanted=f"{wanted} on line {hook.line_number}",
        got=f"{hook.name} by {hook.code_line!r}",
    )


def _sequence(turn: Turn, lines: tuple[Assignment, ...], at: str) -> Iterable[Defect]:
    numbers = [hook.line_number for hook in turn.hooks]
    if numbers != sorted(numbers):
        yield Defect(kind="order", where=at, wanted="ascending lines", got=f"lines {numbers}")
    doubled = sorted({number for number in numbers if numbers.count(number) > 1})
    if doubled:
        got = f"two on lines {doubled}"
        yield Defect(kind="forged_hook", where=at, wanted="one hook a line", got=got)
    last = max(numbers, default=0)
    for line in lines:
        executed = turn.execution.ok or line.number < last
        if executed and line.number not in numbers:
            yield Defect(
                kind="dropped_step", where=at, wanted=f"a hook for {line.text!r}", got="none"
            )


def _reads(hook: Hook, wanted: tuple[str, ...], bound: set[str], where: str) -> Iterable[Defect]:
    if hook.depends_on != wanted:
        yield Defect(
            kind="forged_hook",
            where=f"{where}/depends_on",
            wanted=f"the names that the line reads: {', '.join(wanted) or 'none'}",
            got=", ".join(hook.depends_on) or "none",
        )
    missing = [name for name in hook.depends_on if name not in bound]
    if missing:
        yield Defect(
            kind="order",
            where=f"{where}/depends_on",
            wanted="names of earlier hooks",
            got=", ".join(missing),
        )


def _value(
    hook: Hook, line: Assignment, known: Mapping[str, Value], where: str
) -> Iterable[Defect]:
    if hook.coverage == "summary":
        return
    kind = hash_difference(hook.value, hook.value_hash)
    if kind is not None:
        yield Defect(
            kind=kind,
            where=f"{where}/value",
            wanted=f"the value with hash {hook.value_hash[:16]}",
            got=repr(hook.value)[:80],
        )
        return
    formula = calculation(line.value)
    if formula is None or hook.coverage != "whole":
        return
    if agrees(formula, known, hook.value) is False:
        yield Defect(
            kind=difference(calculated(formula, known), hook.value),
            where=f"{where}/value",
            wanted=f"{calculated(formula, known)!r} by {line.text!r}"[:120],
            got=repr(hook.value)[:80],
        )
