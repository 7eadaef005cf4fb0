"""Which isolation this machine offers, found by trying it, and how to get more."""

from __future__ import annotations

import os
import site
import sys
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.kernel import call, landlock, namespaces, seccomp, shortfall
from tracemill_sandbox.kernel.shortfall import Shortfall
from tracemill_schema import canonical

RUN_USERS = range(61184, 65520)
"""Users that runs take on where the host process is root: those that systemd gives to services
for as long as they run (``DynamicUser=``), so they own nothing and stand in no list of users."""

_given: set[int] = set()
_giving = threading.Lock()
"""Users that pools of this process have taken: the kernel shows them once they have a process."""

PARTS = ("namespaces", "landlock", "seccomp")
"""What ``require=`` and ``avoid=`` may name."""


@dataclass(frozen=True, kw_only=True)
class Tier:
    """What really holds for a run. ``name`` lists it; limits and a scrubbed environment always do.

    Attributes:
        namespaces: Own processes, no network, own shared memory, read-only mounts.
        landlock: Reads the interpreter's files only, writes the run's folder only.
        seccomp: Only the system calls that data programs need.
    """

    namespaces: bool
    landlock: bool
    seccomp: bool

    @property
    def name(self) -> str:
        """Return for instance ``namespaces-landlock-seccomp``; ``none`` if nothing holds."""
        parts = [part for part in PARTS if getattr(self, part)]
        return "-".join(parts) or "none"


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

    @property
    def enough(self) -> bool:
        """Return whether programs can be held at all: Landlock and the filter both work."""
        return self.tier.landlock and self.tier.seccomp


def probe(uid: int, avoid: Collection[str] = ()) -> Offer:
    """Try each means once, in a child process, as user ``uid``.

    Args:
        uid: User of the runs.
        avoid: Parts of the tier (``PARTS``) that are not to be used.

    Raises:
        ValueError: if ``avoid`` names what is no part.
    """
    unknown = sorted(set(avoid) - set(PARTS))
    if unknown:
        raise ValueError(f"avoid: wanted some of {', '.join(PARTS)}, got {', '.join(unknown)}")
    if not sys.platform.startswith("linux"):
        nothing = Tier(namespaces=False, landlock=False, seccomp=False)
        return _offer(nothing, uid, [shortfall.not_linux(sys.platform)])
    missing = {part: _missing(part, uid) for part in PARTS if part not in avoid}
    missing.update({part: shortfall.avoided(part) for part in avoid})
    tier = Tier(
        namespaces=missing["namespaces"] is None,
        landlock=missing["landlock"] is None,
        seccomp=missing["seccomp"] is None,
    )
    lacks = [missing[part] for part in PARTS]
    if tier.landlock:
        lacks.append(shortfall.old_landlock(landlock.abi()))
    return _offer(tier, uid, [lack for lack in lacks if lack is not None])


def _offer(tier: Tier, uid: int, lacks: list[Shortfall]) -> Offer:
    return Offer(
        tier=tier,
        uid=uid,
        reasons=tuple(lack.reason for lack in lacks),
        remedies=tuple(lack.remedy for lack in lacks),
    )


def _missing(part: str, uid: int) -> Shortfall | None:
    if part == "namespaces":
        if refusal := namespaces.refusal(uid):
            return shortfall.no_namespaces(refusal)
        refusal = namespaces.shell_refusal()
        return shortfall.no_shell(refusal) if refusal else None
    if part == "landlock":
        if not landlock.abi():
            return shortfall.no_landlock()
        refusal = call.refusal_in_child(_try_landlock)
    else:
        if not seccomp.known_machine():
            return shortfall.no_filter(os.uname().machine)
        refusal = call.refusal_in_child(_try_seccomp)
    return shortfall.filter_refused(refusal) if refusal else None


def _try_landlock() -> None:
    call.no_new_privileges()
    landlock.restrict(readable=(), writable=())


def _try_seccomp() -> None:
    call.no_new_privileges()
    seccomp.restrict()


def run_user(taken: Collection[int] = ()) -> int:
    """Return the user for runs: our own, or, if we are root, one that nobody else has.

    A user of its own per worker keeps the kernel's count of processes apart from that of other
    workers, and signals and files from others of the same user.

    Args:
        taken: Users that are not to be returned.
    """
    if os.getuid() != 0:
        return os.getuid()
    busy = _users_now() | set(taken)
    start = os.getpid() % len(RUN_USERS)
    for uid in (*RUN_USERS[start:], *RUN_USERS[:start]):
        if uid not in busy:
            return uid if _is_mapped(uid) else 0
    return RUN_USERS[start]


def take_user() -> int:
    """Return the user for a worker's runs, which no other worker of this process gets meanwhile.

    Raises:
        OSError: if the kernel does not tell which users have processes.
    """
    with _giving:
        uid = run_user(_given)
        if uid != os.getuid():
            _given.add(uid)
        return uid


def give_user_back(uid: int) -> None:
    """Note that no process has this user any more."""
    with _giving:
        _given.discard(uid)


def _users_now() -> set[int]:
    users: set[int] = set()
    for name in os.listdir("/proc"):  # noqa: PTH208 - thousands of entries, no objects needed
        if name.isdigit():
            try:
                users.add(os.stat(f"/proc/{name}").st_uid)  # noqa: PTH116 - as above
            except OSError:
                continue  # it has ended
    return users


def _is_mapped(uid: int) -> bool:
    """Return whether the user exists in our user namespace; in some there is only 0."""
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = (int(field) for field in line.split())
        if first <= uid < first + count:
            return True
    return False


def needed_paths() -> tuple[str, ...]:
    """Return the folders that a run's user must be able to enter to start at all."""
    return (
        sys.prefix,
        sys.base_prefix,
        *(path for path in site.getsitepackages() if Path(path).exists()),
        str(Path(__file__).parents[1]),
        str(Path(canonical.__file__).parent),
    )
