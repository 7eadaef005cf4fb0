from __future__ import annotations

import pytest

from tracemill_sandbox.kernel import shortfall
from tracemill_sandbox.kernel.shortfall import Shortfall

SYSCTL = "/proc/sys/kernel/"


@pytest.mark.parametrize(
    ("files", "reason", "remedy"),
    [
        (
            {"/proc/sys/user/max_user_namespaces": "0"},
            "no namespaces (unshare: Refused): user.max_user_namespaces is 0",
            "sysctl user.max_user_namespaces=15000",
        ),
        (
            {SYSCTL + "unprivileged_userns_clone": "0"},
            (
                "no namespaces (unshare: Refused): "
                "kernel.unprivileged_userns_clone is 0, as on older Debian"
            ),
            "sysctl kernel.unprivileged_userns_clone=1",
        ),
        (
            {
                SYSCTL + "unprivileged_userns_clone": "1",
                SYSCTL + "apparmor_restrict_unprivileged_userns": "1",
            },
            (
                "no namespaces (unshare: Refused): AppArmor keeps user namespaces for "
                "listed programs, as on Ubuntu from 23.10"
            ),
            (
                "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile "
                "with 'userns,' for this interpreter"
            ),
        ),
        (
            {"/.dockerenv": "", SYSCTL + "apparmor_restrict_unprivileged_userns": "0"},
            ("no namespaces (unshare: Refused): this is a container whose profile refuses them"),
            (
                "run the pool outside the container, or start it with "
                "--security-opt seccomp=PROFILE where PROFILE allows unshare, mount and clone"
            ),
        ),
        (
            {},
            "no namespaces (unshare: Refused)",
            "allow this user to make user namespaces (man 7 user_namespaces)",
        ),
    ],
)
def test_why_there_are_no_namespaces(files: dict[str, str], reason: str, remedy: str) -> None:
    said = shortfall.no_namespaces("unshare: Refused", files.get)
    assert said == Shortfall(reason=reason, remedy=remedy)


@pytest.mark.parametrize(
    ("files", "reason", "remedy"),
    [
        (
            {"/sys/kernel/security/lsm": "capability,yama"},
            "no Landlock: the kernel was started with lsm=capability,yama",
            "start it with lsm=landlock,capability,yama",
        ),
        (
            {SYSCTL + "osrelease": "5.4.0-1", "/sys/kernel/security/lsm": "landlock,yama"},
            "no Landlock in this kernel (5.4.0-1)",
            (
                "use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK, for instance in a virtual "
                "machine (a container shares this kernel)"
            ),
        ),
        (
            {},
            "no Landlock in this kernel (unknown)",
            (
                "use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK, for instance in a virtual "
                "machine (a container shares this kernel)"
            ),
        ),
    ],
)
def test_why_there_is_no_landlock(files: dict[str, str], reason: str, remedy: str) -> None:
    assert shortfall.no_landlock(files.get) == Shortfall(reason=reason, remedy=remedy)


@pytest.mark.parametrize(
    ("version", "lacks"),
    [
        (1, "truncating files by path, signals to other processes"),
        (3, "signals to other processes"),
        (5, "signals to other processes"),
    ],
)
def test_what_an_old_landlock_leaves_to_the_filter(version: int, lacks: str) -> None:
    assert shortfall.old_landlock(version) == Shortfall(
        reason=f"Landlock has version {version} and leaves to the system call filter: {lacks}",
        remedy="use Linux 6.12 or newer for version 6; nothing is open without it",
    )


def test_a_landlock_that_knows_of_signals_lacks_nothing() -> None:
    assert shortfall.old_landlock(6) is None


@pytest.mark.parametrize(
    ("said", "reason", "remedy"),
    [
        (
            shortfall.not_linux("darwin"),
            "darwin has no means to confine a process: this backend needs Linux",
            (
                "use backend='oci' (Docker or Podman), with this process itself in Linux, in a "
                "virtual machine or a container"
            ),
        ),
        (
            shortfall.host_not_linux("darwin"),
            (
                "darwin: backend='oci' needs this process itself in Linux, in a virtual machine "
                "or a container, as a unix socket in a shared folder does not cross the engine's "
                "virtual machine"
            ),
            "run this process in Linux, in a virtual machine or a container",
        ),
        (
            shortfall.no_shell("/bin/sh: No such file or directory"),
            (
                "no namespaces (/bin/sh: No such file or directory): the first process of a "
                "run's own is a shell that waits"
            ),
            "install /bin/sh and sleep; in an image for backend='oci' as well",
        ),
        (
            shortfall.no_filter("riscv64"),
            "no system call filter for riscv64",
            "use a machine with x86-64 or arm64",
        ),
        (
            shortfall.filter_refused("PR_SET_SECCOMP: Invalid argument"),
            "the kernel refuses to confine a process (PR_SET_SECCOMP: Invalid argument)",
            (
                "use a kernel with CONFIG_SECCOMP_FILTER, for instance in a virtual machine "
                "(a container shares this kernel)"
            ),
        ),
        (
            shortfall.avoided("namespaces"),
            "namespaces is not used: avoid=",
            "take namespaces out of avoid=",
        ),
    ],
)
def test_other_shortfalls(said: Shortfall, reason: str, remedy: str) -> None:
    assert said == Shortfall(reason=reason, remedy=remedy)


def test_a_missing_setting_is_none() -> None:
    assert shortfall.read_setting("/proc/sys/no/such") is None
    assert shortfall.read_setting("/proc/sys/kernel/ostype") == "Linux"
