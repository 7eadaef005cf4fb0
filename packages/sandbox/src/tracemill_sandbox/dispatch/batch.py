"""Many snippets, up to N of them in one fork: split, run, put back in order.

A snippet that has a result is never run again. Where a batch loses its worker nobody knows whose
doing it was: those without a result run alone then, so that one of them can not lose the others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from tracemill_sandbox.dispatch.attempt import once, sound, unfinished
from tracemill_sandbox.dispatch.lease import Turn
from tracemill_sandbox.dispatch.outcome import stamped
from tracemill_sandbox.errors import PoolStopped, WorkerLost
from tracemill_sandbox.lifecycle.household import STOPPED, Household
from tracemill_sandbox.request import BatchRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Worker


class Chunk:
    """Snippets that share a fork as far as they let it live.

    Attributes:
        first: Whether the whole is admitted or refused by it; the others wait in any case.
        results: Of the first snippets.
        lost: Whether a worker was lost with the rest, which run in forks of their own since.
    """

    def __init__(self, codes: tuple[str, ...], *, first: bool) -> None:
        self._codes, self.first = codes, first
        self.results: list[RunResult] = []
        self.lost = False

    @property
    def rest(self) -> tuple[str, ...]:
        """Snippets for the next fork; empty if all have a result."""
        rest = self._codes[len(self.results) :]
        return rest[:1] if self.lost else rest


def split(codes: Sequence[str], *, per_fork: int, lanes: int) -> list[Chunk]:
    """Split into chunks of ``per_fork``, or smaller ones where lanes would else stand idle."""
    size = max(1, min(per_fork, -(-len(codes) // lanes)))
    starts = range(0, len(codes), size)
    return [Chunk(tuple(codes[at : at + size]), first=at == 0) for at in starts]


async def run_batch(
    house: Household, request: BatchRequest, *, per_fork: int, lanes: int
) -> tuple[RunResult, ...]:
    """Run all snippets of a request, ``lanes`` forks at a time; results in order.

    Raises:
        SandboxError: what ``take`` raises; the first one ends the others.
    """
    chunks = split(request.codes, per_fork=per_fork, lanes=lanes)
    waiting = deque(chunks)

    async def lane() -> None:
        while waiting:
            chunk = waiting.popleft()
            while chunk.rest:
                await _go_on(house, chunk, request)

    tasks = [asyncio.ensure_future(lane()) for _ in range(min(lanes, len(chunks)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(result for chunk in chunks for result in chunk.results)


async def _go_on(house: Household, chunk: Chunk, request: BatchRequest) -> None:
    """Run the rest of a chunk in one fork, as far as it comes."""
    part = replace(request, codes=chunk.rest)
    turn = Turn(attempts=int(chunk.lost), patient=bool(chunk.results) or not chunk.first)

    async def work(worker: Worker) -> tuple[RunResult, ...]:
        return _known(await worker.run_batch(part))

    try:
        found = await once(house, turn, part.limits, work, what=_named(part), runs=len(part.codes))
    except WorkerLost as error:
        if not chunk.lost and not house.stopping:
            chunk.lost = True
            house.meter.add("retries")
            return
        found = (unfinished(house, str(error)),) * len(part.codes)
    except PoolStopped:
        if not turn.patient:
            raise
        found = (unfinished(house, STOPPED),) * len(part.codes)
    _enter(house, chunk, tuple(stamped(result, turn) for result in found))


def _known(results: tuple[RunResult, ...]) -> tuple[RunResult, ...]:
    """Return the results that say something of their snippets.

    Raises:
        WorkerLost: if not even the first one does.
    """
    if not results:
        raise WorkerLost("a batch came back without a single result")
    sound(results[0])
    lost = [at for at, result in enumerate(results) if result.status == "infra_error"]
    return results[: lost[0]] if lost else results


def _enter(house: Household, chunk: Chunk, results: tuple[RunResult, ...]) -> None:
    chunk.results += results
    house.meter.add("batches")
    house.meter.add("snippets", len(results))
    for result in results:
        house.meter.ended(result.status)


def _named(part: BatchRequest) -> str:
    return f"a batch of {len(part.codes)}"
