"""The flow of the worker: reap -> claim -> process -> finish.

``work_one`` sees one run through in this process (what the pipeline does); ``Worker`` takes
whatever is pending, until there is nothing left or it is told to stop.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tracemill_schema.run import Run
from tracemill_worker.errors import StaleClaim, StoreUnavailable, WorkerError
from tracemill_worker.process import Owner, is_gone, this_process
from tracemill_worker.store import Claim, Outcome, RunStore
from tracemill_worker.supervisor import Limits, process_run_safely

POLL_S = 2.0
"""Seconds between two looks at the queue; notifications wake earlier, but may get lost."""
LONGEST_PAUSE_S = 30.0
LIVE = ("pending", "running")
RECONNECT_S = 0.5
"""Seconds before a call that was cut off is tried again: its server may just be stopping."""
T = TypeVar("T")


def work_one(
    store: RunStore,
    run_id: int,
    *,
    workspace: Path,
    on_line: Callable[[str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    resolve: Mapping[str, str] | None = None,
) -> Run:
    """See one run through and return it once it is over.

    If the run is pending it is run here. If another live process has it, that one's output is
    followed; if its process is gone, the run is taken over.

    Args:
        store: Where the run is.
        run_id: The run.
        workspace: Folder that all paths in its config are relative to, if the run names none.
        on_line: Called with each line that the run prints, progress lines included.
        limits: Times and sizes of an attempt.
        resolve: Kind -> ``module:function``, taken before the entry points.

    Raises:
        UnknownRun: if there is no such run.
        StoreUnavailable: if the database stays away.
        KeyboardInterrupt: after the child was ended and the run was given back as pending.
    """
    worker = Worker(
        store=store, workspace=workspace, on_line=on_line, limits=limits, resolve=resolve or {}
    )
    return worker.see_through(run_id)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Takes runs from a store, one at a time.

    Attributes:
        store: Where the runs are.
        workspace: Folder that all paths in configs are relative to, if the run names none.
        on_line: Called with each line that a run prints.
        on_run: Called with each run that this worker ended.
        on_pause: Called with a sentence when the store is away and the worker waits.
        limits: Times and sizes of an attempt.
        resolve: Kind -> ``module:function``, taken before the entry points.
        owner: Who holds the claims.
        environment: Of the child processes, less the secrets.
        pause: Sleeps.
        clock: Seconds; only differences count.
    """

    store: RunStore
    workspace: Path
    on_line: Callable[[str], None] | None = None
    on_run: Callable[[Run], None] | None = None
    on_pause: Callable[[str], None] | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    resolve: Mapping[str, str] = field(default_factory=dict)
    owner: Owner = field(default_factory=this_process)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def work_next(self, run_id: int | None = None) -> Run | None:
        """Reap, claim the next pending run (or that one), process it and record how it ended.

        Returns:
            The run, or None if there was nothing to claim.
        """
        self.reap()
        claim = self._once_more(
            lambda: self.store.claim_pending_run(
                owner=self.owner, lease_s=self.limits.lease_s, run_id=run_id
            )
        )
        if claim is None:
            return None
        run = self._finish(claim, self._process(claim))
        if self.on_run is not None:
            self.on_run(run)
        return run

    def run_until_idle(self) -> tuple[Run, ...]:
        """Work until nothing is pending; return the runs in the order in which they ended."""
        done: list[Run] = []
        while (run := self.work_next()) is not None:
            done.append(run)
        return tuple(done)

    def run_forever(self, draining: Callable[[], bool]) -> None:
        """Work until ``draining`` says so; a run that has begun is ended first."""
        failures = 0
        while not draining():
            try:
                if self.work_next() is None:
                    self.store.wait(POLL_S)
                failures = 0
            except StoreUnavailable as error:
                failures += 1
                seconds = min(2.0 ** (failures - 1), LONGEST_PAUSE_S)
                if self.on_pause is not None:
                    self.on_pause(f"{error}; trying again in {seconds:.0f} s")
                self.pause(seconds)

    def see_through(self, run_id: int) -> Run:
        """Work on one run, or follow it where another process works on it, until it is over."""
        place: tuple[int, int] | None = None
        while True:
            done = self.work_next(run_id)
            run = done or self.store.show(run_id)
            if run.state == "running" and place is None:
                place = (run.claim_no, -1)
            if done is None and place is not None:
                place = self._follow(run_id, place)
            if run.state not in LIVE:
                return run
            self._once_more(lambda: self.store.wait(POLL_S / 4))
            self.pause(POLL_S / 20)

    def reap(self) -> tuple[Run, ...]:
        """End the claims whose lease ran out, and those of processes of this host that are gone."""
        host = self.owner.host
        held = self.store.held_on(host)
        gone = tuple(claim for claim in held if is_gone(claim.owner, host=host))
        return self.store.reap(gone)

    def _once_more(self, call: Callable[[], T]) -> T:
        """Make a call again that was cut off by a server which another process stopped.

        A claim whose answer was lost on the way is nobody's loss: its lease runs out.
        """
        try:
            return call()
        except StoreUnavailable:
            self.pause(RECONNECT_S)
            return call()

    def _process(self, claim: Claim) -> Outcome:
        try:
            return process_run_safely(
                self.store,
                claim,
                workspace=Path(claim.workspace) if claim.workspace else self.workspace,
                limits=self.limits,
                resolve=self.resolve,
                on_line=self.on_line,
                environment=self.environment,
                clock=self.clock,
            )
        except BaseException:
            # An interrupt, or a fault of our own: the attempt does not count, nobody has to wait.
            self._give_back(claim)
            raise

    def _give_back(self, claim: Claim) -> None:
        try:
            self.store.release(claim)
        except WorkerError:
            return  # it is not ours any more, or its lease will run out

    def _finish(self, claim: Claim, outcome: Outcome) -> Run:
        if outcome.failure is not None and outcome.failure.kind == "lost":
            return self.store.show(claim.run_id)
        deadline = self.clock() + self.limits.lease_s
        while True:
            try:
                return self.store.finish(claim, outcome)
            except StaleClaim:
                return self.store.show(claim.run_id)
            except StoreUnavailable:
                if self.clock() > deadline:
                    raise
                self.pause(0.5)

    def _follow(self, run_id: int, place: tuple[int, int]) -> tuple[int, int]:
        for chunk in self.store.logs(run_id, after=place):
            place = (chunk.claim_no, chunk.seq)
            for line in chunk.text.splitlines():
                if self.on_line is not None:
                    self.on_line(line)
        return place
