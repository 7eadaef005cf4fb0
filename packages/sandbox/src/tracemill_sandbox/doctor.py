"""What this machine offers: its parts, then each backend really started, and how to get more."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracemill_sandbox.errors import SandboxError, SandboxUnavailable
from tracemill_sandbox.hardened import candidates
from tracemill_sandbox.kernel import landlock
from tracemill_sandbox.kernel.tier import PARTS, Offer, probe, run_user
from tracemill_sandbox.lifecycle.household import REMEDY
from tracemill_sandbox.oci.find import find_engine
from tracemill_sandbox.pool import SandboxPool

TRIED = ("embedded", "hardened", "oci")
"""The backend ``unsafe`` needs no trial: it works everywhere, and holds nothing."""

_TRIAL_SECONDS = 60.0
_LEAVE_GRACE = 2.0


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What was found without starting a worker.

    Attributes:
        system: Name, release and machine, as ``uname`` gives them.
        user: User id of this process.
        run_user: User id that runs would have.
        landlock_abi: Version of Landlock; 0 if there is none.
        parts: Part of the tier -> whether it works here.
        reasons: Why parts do not, or not fully.
        remedies: What a person can do, in the same order.
        launchers: bubblewrap or nsjail -> path of the program, of those that are installed.
        engine: Address of the container engine that answers; empty if none does.
    """

    system: str
    user: int
    run_user: int
    landlock_abi: int
    parts: Mapping[str, bool]
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]
    launchers: Mapping[str, str]
    engine: str


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How one backend did.

    Attributes:
        backend: Its name.
        works: Whether a worker started and passed its self-test.
        tier: What holds for its runs; empty if it does not work.
        reasons: Why it does not work, or the tier is not better.
        remedies: What a person can do.
    """

    backend: str
    works: bool
    tier: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def survey(environment: Mapping[str, str]) -> Machine:
    """Look at the machine; tries each part in a child process, starts no worker."""
    user = run_user()
    offer = probe(user)
    return Machine(
        system=" ".join(os.uname()[i] for i in (0, 2, 4)),
        user=os.getuid(),
        run_user=user,
        landlock_abi=landlock.abi() if sys.platform.startswith("linux") else 0,
        parts=_parts(offer),
        reasons=offer.reasons,
        remedies=offer.remedies,
        launchers={each.name: each.program for each in candidates(environment)},
        engine=_engine(environment),
    )


def try_all(names: Iterable[str] = TRIED) -> tuple[Trial, ...]:
    """Start one worker of each backend, one after the other, and end it again."""
    return tuple(asyncio.run(_try(name)) for name in names)


def told(machine: Machine, trials: Iterable[Trial]) -> Iterator[str]:
    """Yield the lines that a person reads."""
    yield f"machine   {machine.system}, user {machine.user}, runs go as user {machine.run_user}"
    for part, works in machine.parts.items():
        version = f" (ABI {machine.landlock_abi})" if part == "landlock" and works else ""
        yield f"part      {part}: {'works' if works else 'missing'}{version}"
    for name, program in machine.launchers.items():
        yield f"launcher  {name}: {program}"
    yield f"engine    {machine.engine or 'none answers'}"
    for trial in trials:
        yield f"backend   {trial.backend}: {trial.tier if trial.works else 'does not work'}"
        yield from (f"          why: {reason}" for reason in trial.reasons)
        yield from (f"          better: {remedy}" for remedy in trial.remedies)
    yield "backend   unsafe: none (holds nothing; only where it is spelled out)"


def _parts(offer: Offer) -> Mapping[str, bool]:
    return {part: bool(getattr(offer.tier, part)) for part in PARTS}


def _engine(environment: Mapping[str, str]) -> str:
    try:
        return find_engine(environment)
    except SandboxUnavailable:
        return ""


async def _try(name: str) -> Trial:
    pool: SandboxPool | None = None
    try:
        pool = SandboxPool(backend=name, libraries=(), spares=0)
        async with asyncio.timeout(_TRIAL_SECONDS):
            greeting = await pool.offer()
    except SandboxUnavailable as error:
        return _failed(
            name, error.reasons, tuple(each for each in error.remedies if each != REMEDY)
        )
    except SandboxError as error:
        return _failed(name, (str(error),), ())
    except TimeoutError:
        return _failed(name, (f"no worker stood after {_TRIAL_SECONDS:g} s",), ())
    finally:
        if pool is not None:
            await pool.stop(_LEAVE_GRACE)
    return Trial(
        backend=name,
        works=True,
        tier=greeting.tier,
        reasons=greeting.reasons,
        remedies=greeting.remedies,
    )


def _failed(name: str, reasons: tuple[str, ...], remedies: tuple[str, ...]) -> Trial:
    return Trial(backend=name, works=False, tier="", reasons=reasons, remedies=remedies)
