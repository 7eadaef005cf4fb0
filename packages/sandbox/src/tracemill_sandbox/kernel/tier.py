"""Which isolation this machine offers, found by trying it, and how to get more."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox import landlock, namespaces, seccomp
from tracemill_schema import canonical

NOBODY = 65534
"""User and group that runs take on where the host process is root (the kernel's overflow ids)."""


@dataclass(frozen=True, kw_only=True)
class Tier:
    """What really holds for a run. ``name`` lists it; limits and a scrubbed environment always do.

    Attributes:
        namespaces: Own processes, no network, own shared memory.
        landlock: Reads the interpreter's files only, writes the run's folder only.
        seccomp: Dangerous system calls are refused.
    """

    namespaces: bool
    landlock: bool
    seccomp: bool

    @property
    def name(self) -> str:
        """Return for instance ``namespaces-landlock-seccomp``; ``rlimits`` if nothing holds."""
        parts = [part for part, holds in vars(self).items() if holds]
        return "-".join(parts) or "rlimits"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the probe found.

    Attributes:
        tier: The best that works here.
        uid: User that runs have.
        reasons: Why it is not better; empty if nothing is missing.
        remedies: What a person can do about it, in the same order.
    """

    tier: Tier
    uid: int
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def probe(uid: int) -> Offer:
    """Try each means once, in a child process of the fork server, as user ``uid``."""
    missing: list[tuple[str, str]] = []
    refusal = namespaces.refusal(uid)
    if refusal:
        missing.append(
            (
                f"no namespaces ({refusal})",
                (
                    "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 or "
                    "kernel.apparmor_restrict_unprivileged_userns=0; in a container: "
                    "run outside it)"
                ),
            )
        )
    if not landlock.abi():
        missing.append(("no Landlock", "use a kernel from 5.13 with landlock in its lsm= list"))
    if not seccomp.known_machine():
        missing.append((f"no filter for {os.uname().machine}", "use x86-64 or arm64"))
    tier = Tier(
        namespaces=not refusal, landlock=bool(landlock.abi()), seccomp=seccomp.known_machine()
    )
    reasons, remedies = zip(*missing, strict=True) if missing else ((), ())
    return Offer(tier=tier, uid=uid, reasons=tuple(reasons), remedies=tuple(remedies))


def run_user() -> int:
    """Return the user for runs: nobody if the host process is root, else its own."""
    return NOBODY if os.getuid() == 0 else os.getuid()


def needed_paths() -> tuple[str, ...]:
    """Return the folders that a run's user must be able to enter to start at all."""
    return (
        sys.prefix,
        sys.base_prefix,
        str(Path(__file__).parent),
        str(Path(canonical.__file__).parent),
    )
