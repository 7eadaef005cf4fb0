"""Which test files share a process, and which are run again by themselves.

A start of pytest costs seconds, most of them for plugins. So files are run together that have the
same

    nearest folder called tests
    nearest conftest.py               one that cannot be imported stops only those that it is for
    settings of pytest

But company is only a short way to a yes. Where a process did not end by its own will, each of its
files is run again by itself; so is each file of which a test is not as its specs say, or that was
seen with a leak or with changed test files. Then only what it did by itself counts, and what is
wrong is told of the file that it is wrong with.

A process of several files gets the time limit of one: if it is reached, a hang has cost that much
more and no file its verdict.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from pathlib import PurePosixPath

from tracemill_gate.proof.frozen import TEST_FOLDERS
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.runner import Order
from tracemill_gate.proof.side import Name, Site, Yard

REPEATS = (1, 2)
"""Each side is run twice: a test whose two runs differ proves nothing."""

SIDES: tuple[Name, ...] = ("head", "base")

Company = tuple[Order, ...]
"""Orders of the files that one process runs."""

Once = Callable[[Site, Company, int], Awaitable[tuple[Run, ...]]]
"""Runs files together in a tree, for the first or the second time."""

Tell = Callable[[str], None]
"""Is given a line for each process that ended."""


def companies(orders: Sequence[Order], paths: Iterable[str]) -> list[Company]:
    """Return the orders, those together whose files may share a process.

    Args:
        orders: One for each test file.
        paths: All files of HEAD; a conftest.py in one of them counts.
    """
    holders = {path.parent for path in map(PurePosixPath, paths) if path.name == "conftest.py"}
    found: dict[object, Company] = {}
    for order in orders:
        folders = PurePosixPath(order.file).parents
        tests = next((f for f in folders if f.name in TEST_FOLDERS), folders[0])
        conftest = next((folder for folder in folders if folder in holders), None)
        key = (tests, conftest, order.settings)
        found[key] = (*found.get(key, ()), order)
    return list(found.values())


async def all_runs(
    together: Sequence[Company],
    yard: Yard,
    *,
    once: Once,
    unsettled: Callable[[Sequence[Run]], Collection[str]],
    tell: Tell,
) -> tuple[Run, ...]:
    """Run all files twice at each side, together where that is enough.

    Args:
        together: Which files share a process.
        yard: The trees.
        once: Runs files.
        unsettled: Returns the files of some runs that company does not settle.
        tell: Is given a line for each process that ended.
    """
    first = await _at_both_sides(together, yard, once, tell)
    doubtful = unsettled(first)
    again = [(o,) for company in together for o in company if company[1:] and o.file in doubtful]
    alone = {order.file for (order,) in again}
    kept = [done for done in first if done.file not in alone]
    return (*kept, *await _at_both_sides(again, yard, once, tell))


async def _at_both_sides(
    together: Sequence[Company], yard: Yard, once: Once, tell: Tell
) -> list[Run]:
    each = (_twice(company, name, yard, once, tell) for company in together for name in SIDES)
    return [done for runs in await asyncio.gather(*each) for done in runs]


async def _twice(company: Company, name: Name, yard: Yard, once: Once, tell: Tell) -> list[Run]:
    """Run files twice at one side; what did not end by its own will is not tried again."""
    more = f" and {len(company) - 1} more" if company[1:] else ""
    runs: list[Run] = []
    for repeat in REPEATS:
        async with yard.lend(name) as site:
            done = await once(site, company, repeat)
        end = done[0].ended or f"{done[0].seconds:.1f} s"
        tell(f"{company[0].file}{more} at the {name}, run {repeat}: {end}")
        runs += done
        if done[0].ended:
            break
    return runs
