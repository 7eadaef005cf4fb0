"""Plants faults at HEAD one after the other and runs the tests that fail first against each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracemill_gate.proof.mutant import Mutation, difference, is_competent, planted
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.runner import Order
from tracemill_gate.proof.selection import NamedTest
from tracemill_gate.proof.side import Site, Yard

SLACK_S = 5.0
"""Seconds that a run with a planted fault may take beyond three times the run without it: enough
for a busy machine, and an endless loop costs no more."""

Fate = Literal["killed", "survived", "incompetent"]
Runs = Callable[[Site, Order], Awaitable[Run]]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """What became of a planted fault.

    Attributes:
        path: File, relative to the top folder.
        line: Line of the fault.
        operator: Operator of cosmic-ray.
        fate: ``killed``: a test noticed; ``survived``: none did; ``incompetent``: it changed
            nothing, or left no Python.
        by: The test that noticed, or how its file ended; empty if none did.
        difference: The changed lines.
    """

    path: str
    line: int
    operator: str
    fate: Fate
    by: str
    difference: str


def orders_for(
    orders: Sequence[Order], tests: Sequence[NamedTest], runs: Sequence[Run]
) -> list[Order]:
    """Return orders for the tests that fail first, each ended soon after its usual time.

    Args:
        orders: Orders of the proof.
        tests: All tests.
        runs: Runs of the proof; they say how long each file takes at HEAD.
    """
    first = {test.id for test in tests if test.duty == "fail-first"}
    found = []
    for order in orders:
        wanted = tuple(test for test in order.wanted if test in first)
        took = [done.seconds for done in runs if done.file == order.file and done.side == "head"]
        limit = min(order.limit_s, 3 * max(took, default=0.0) + SLACK_S)
        if wanted:
            found.append(replace(order, wanted=wanted, limit_s=limit, stop_early=True))
    return found


async def try_all(
    mutations: Sequence[Mutation],
    sources: Mapping[str, str],
    orders: Sequence[Order],
    yard: Yard,
    runs: Runs,
) -> tuple[Mutant, ...]:
    """Return what became of each fault, in their order."""

    async def one(mutation: Mutation) -> Mutant:
        source = sources[mutation.path]
        text = await asyncio.to_thread(planted, mutation, source)
        lines = difference(source, text)
        if not is_competent(source, text):
            return _mutant(mutation, "incompetent", "", lines)
        by = await _killer(mutation.path, text, orders, yard, runs)
        return _mutant(mutation, "killed" if by else "survived", by, lines)

    return tuple(await asyncio.gather(*map(one, mutations)))


async def _killer(path: str, text: str, orders: Sequence[Order], yard: Yard, runs: Runs) -> str:
    async with yard.lend("head") as site:
        for order in orders:
            (site.tree.top / path).write_text(text, encoding="utf-8")
            run = await runs(site, order)  # puts the tree back
            failed = [test for test, case in run.cases.items() if case.state != "passed"]
            if failed or run.ended or run.unusable:
                return failed[0] if failed else f"{order.file}: {run.ended or 'not collected'}"
    return ""


def _mutant(mutation: Mutation, fate: Fate, by: str, lines: str) -> Mutant:
    return Mutant(
        path=mutation.path,
        line=mutation.line,
        operator=mutation.operator,
        fate=fate,
        by=by,
        difference=lines,
    )
