"""Why this machine offers less than it could, in words, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.kernel.landlock import SIGNALS_ABI, TRUNCATION_ABI

_OTHER_KERNEL = "for instance in a virtual machine (a container shares this kernel)"
_IN_LINUX = "in Linux, in a virtual machine or a container"
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")

_APPARMOR_REMEDY = (
    "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile with 'userns,' "
    "for this interpreter"
)

# setting, value that refuses user namespaces, what it means, what to do: the first that fits
_SETTINGS = (
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "user.max_user_namespaces is 0",
        "sysctl user.max_user_namespaces=15000",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "kernel.unprivileged_userns_clone is 0, as on older Debian",
        "sysctl kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor keeps user namespaces for listed programs, as on Ubuntu from 23.10",
        _APPARMOR_REMEDY,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """One thing that is missing: the reason and the remedy, each a sentence's part."""

    reason: str
    remedy: str


def read_setting(path: str) -> str | None:
    """Return what stands in a file of ``/proc/sys``, "" for an empty file, None if not there."""
    try:
        return Path(path).read_text().strip()
    except OSError:
        return None


def no_namespaces(refusal: str, read: Callable[[str], str | None] = read_setting) -> Shortfall:
    """Explain why namespaces are refused.

    Args:
        refusal: What the kernel said.
        read: Path -> content; None if there is no such file.
    """
    reason = f"no namespaces ({refusal})"
    for path, value, meaning, remedy in _SETTINGS:
        if read(path) == value:
            return Shortfall(reason=f"{reason}: {meaning}", remedy=remedy)
    if any(read(mark) is not None for mark in _CONTAINER_MARKS):
        return Shortfall(
            reason=f"{reason}: this is a container whose profile refuses them",
            remedy="run the pool outside the container, or start it with "
            "--security-opt seccomp=PROFILE where PROFILE allows unshare, mount and clone",
        )
    return Shortfall(
        reason=reason, remedy="allow this user to make user namespaces (man 7 user_namespaces)"
    )


def no_shell(refusal: str) -> Shortfall:
    """Explain why a run's namespace gets no first process; ``refusal`` as ``no_namespaces``."""
    return Shortfall(
        reason=f"no namespaces ({refusal}): the first process of a run's own is a shell that waits",
        remedy="install /bin/sh and sleep; in an image for backend='oci' as well",
    )


def no_landlock(read: Callable[[str], str | None] = read_setting) -> Shortfall:
    """Explain why there is no Landlock; arguments as in ``no_namespaces``."""
    loaded = read("/sys/kernel/security/lsm")
    if loaded is not None and "landlock" not in loaded.split(","):
        return Shortfall(
            reason=f"no Landlock: the kernel was started with lsm={loaded}",
            remedy=f"start it with lsm=landlock,{loaded}",
        )
    version = read("/proc/sys/kernel/osrelease") or "unknown"
    return Shortfall(
        reason=f"no Landlock in this kernel ({version})",
        remedy=f"use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK, {_OTHER_KERNEL}",
    )


def old_landlock(version: int) -> Shortfall | None:
    """Explain what an older Landlock does not hold, None if it holds all that is relied on."""
    if version >= SIGNALS_ABI:
        return None
    lacks = "signals to other processes"
    if version < TRUNCATION_ABI:
        lacks = f"truncating files by path, {lacks}"
    return Shortfall(
        reason=f"Landlock has version {version} and leaves to the system call filter: {lacks}",
        remedy=f"use Linux 6.12 or newer for version {SIGNALS_ABI}; nothing is open without it",
    )


def no_filter(machine: str) -> Shortfall:
    """Explain why there is no system call filter on ``machine``."""
    return Shortfall(
        reason=f"no system call filter for {machine}", remedy="use a machine with x86-64 or arm64"
    )


def filter_refused(refusal: str) -> Shortfall:
    """Explain that the kernel refused to be given a filter or Landlock rules."""
    return Shortfall(
        reason=f"the kernel refuses to confine a process ({refusal})",
        remedy=f"use a kernel with CONFIG_SECCOMP_FILTER, {_OTHER_KERNEL}",
    )


def not_linux(system: str) -> Shortfall:
    """Explain that ``system`` (as ``sys.platform`` says it) can not hold programs."""
    return Shortfall(
        reason=f"{system} has no means to confine a process: this backend needs Linux",
        remedy=f"use backend='oci' (Docker or Podman), with this process itself {_IN_LINUX}",
    )


def host_not_linux(system: str) -> Shortfall:
    """Explain that a process on ``system`` can not speak to workers in containers."""
    return Shortfall(
        reason=f"{system}: backend='oci' needs this process itself {_IN_LINUX}, as a unix socket "
        "in a shared folder does not cross the engine's virtual machine",
        remedy=f"run this process {_IN_LINUX}",
    )


def avoided(part: str) -> Shortfall:
    """Explain that ``part`` was spelled out not to be used."""
    return Shortfall(reason=f"{part} is not used: avoid=", remedy=f"take {part} out of avoid=")
