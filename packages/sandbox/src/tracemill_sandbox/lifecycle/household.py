"""What all places of a pool share: how workers are made, accepted, given back and retired."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tracemill_sandbox.admission import Admission
from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.event import EventLog
from tracemill_sandbox.lifecycle.breaker import Breaker
from tracemill_sandbox.lifecycle.member import Member
from tracemill_sandbox.lifecycle.upkeep import Upkeep
from tracemill_sandbox.metrics import Meter
from tracemill_sandbox.worker import Backend, Greeting, Health, StopFailure, Worker

STOPPED = "the pool was stopped"
REMEDY = "run: tracemill sandbox doctor"


@dataclass(kw_only=True)
class Household:
    """What all places of a pool share.

    Attributes:
        backend: Makes the workers.
        require: Parts of the tier that must hold.
        prove: The live self-test that a worker passes before it is ready; raises
            ``SandboxUnavailable`` or ``WorkerLost``.
        upkeep: The rules.
        admission: Where idle workers go.
        log: Where transitions are entered.
        meter: Where things are counted.
        breaker: Shared, since what keeps one worker from starting keeps the others too.
        first: What the first worker said; later ones must not be less.
        members: The worker of each place; None before the first.
        in_use: Workers that requests have now.
        stopping: Whether the pool takes no more.
        failures: What could not be removed of workers that were replaced.
    """

    backend: Backend
    require: tuple[str, ...]
    prove: Callable[[Worker], Awaitable[None]]
    upkeep: Upkeep
    admission: Admission[Member]
    log: EventLog
    meter: Meter
    breaker: Breaker
    first: Greeting | None = None
    members: list[Member | None] = field(default_factory=list)
    in_use: int = 0
    stopping: bool = False
    failures: list[StopFailure] = field(default_factory=list)
    _made: int = 0

    @property
    def live(self) -> bool:
        """Whether any worker is of use, or may be again in a moment."""
        useful = {"READY", "BUSY", "SUSPECT"}
        return any(member is not None and member.state in useful for member in self.members)

    def unavailable(self) -> SandboxUnavailable | None:
        """Return why nothing can run: the breaker is open and no worker is left. Else None."""
        if self.live or not self.breaker.is_open(asyncio.get_running_loop().time()):
            return None
        return self.refusal()

    def refusal(self) -> SandboxUnavailable:
        """Return what the newest failed starts said."""
        reasons = tuple(dict.fromkeys(self.breaker.reasons))
        return SandboxUnavailable(reasons=reasons, remedies=(REMEDY,))

    def new_member(self) -> Member:
        """Make a worker with an id of its own."""
        worker_id = f"w{self._made}-{secrets.token_hex(4)}"
        self._made += 1
        return Member(self.backend.worker(worker_id), self.log)

    def accept(self, greeting: Greeting) -> None:
        """Refuse a worker that lacks what is required, or what the first one had.

        Raises:
            SandboxUnavailable: naming the parts.
        """
        parts = set(greeting.tier.split("-"))
        missing = [part for part in self.require if part not in parts]
        if missing:
            raise _refusal(f"required: {', '.join(missing)}", greeting, "ask for less in require=")
        if self.first is None:
            self.first = greeting
        elif not set(self.first.tier.split("-")) <= parts:
            fall = f"the tier fell from {self.first.tier} to {greeting.tier}"
            raise _refusal(fall, greeting, REMEDY)

    def give_back(self, member: Member, health: Health | None = None) -> None:
        """Make a worker that did its work idle again, or end it if it has served long enough."""
        if member.gone.done():
            return
        if reason := self._served(member, health):
            self.meter.add("recycles")
            member.end(f"recycled {reason}")
            return
        if member.state != "READY":
            member.move("READY", "idle")
        self.admission.offer(member)

    def _served(self, member: Member, health: Health | None) -> str:
        """Return why a worker is to be replaced; empty if it is not."""
        upkeep, first = self.upkeep, member.first_health
        if member.runs >= upkeep.most_runs:
            return f"after {member.runs} runs"
        age = asyncio.get_running_loop().time() - member.born
        if age >= upkeep.most_age_seconds:
            return f"at the age of {age:.3g} s"
        if health is None or first is None:
            return ""
        if health.descriptors - first.descriptors > upkeep.most_new_descriptors:
            return f"with {health.descriptors} descriptors, {first.descriptors} at its start"
        if health.memory_bytes - first.memory_bytes > upkeep.most_new_memory_bytes:
            return f"with {health.memory_bytes} bytes, {first.memory_bytes} at its start"
        return ""


def _refusal(reason: str, greeting: Greeting, remedy: str) -> SandboxUnavailable:
    return SandboxUnavailable(
        reasons=(reason, *greeting.reasons), remedies=greeting.remedies or (remedy,)
    )
