from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_sandbox.kernel import syscall_policy as policy
from tracemill_sandbox.kernel.bpf import ALLOW, ARCHITECTURE, KILL, assemble, fail
from tracemill_sandbox.kernel.syscall_policy import ABSENT, PRETENDED, REFUSED, Guarded, verdicts
from tracemill_sandbox.kernel.syscall_table import MACHINES, numbers

Decide = Callable[..., int]
PID = 4711
NOT_A_TTY = fail(25)
UNSUPPORTED = fail(95)
TOO_LARGE = fail(27)
ALONE = Guarded(signals=False, metadata=False, truncation=False)
ANYTHING = -1

# call, arguments, verdict; on a machine that lacks the call the case is left out
CASES = [
    ("read", (), ALLOW),
    ("open", (0, 0o2), ALLOW),
    ("open", (0, 0o1102), ALLOW),  # O_RDWR | O_CREAT | O_TRUNC
    ("open", (0, 0o1000), REFUSED),  # O_RDONLY | O_TRUNC
    ("openat", (-100, 0, 0o1001), ALLOW),
    ("openat", (-100, 0, 0o2001000), REFUSED),
    ("openat2", (), ABSENT),
    ("clone", (0x3D0F00,), ALLOW),  # a thread, as glibc makes it
    ("clone", (0x3D0B00,), REFUSED),  # a thread with descriptors of its own
    ("clone", (0x3D0D00,), REFUSED),  # a thread with a folder of its own
    ("clone", (0x111,), REFUSED),  # a child that shares memory and does not hold its parent up
    ("clone", (0x1200011,), ALLOW),  # fork, as glibc makes it
    ("clone", (0x4111,), ALLOW),  # vfork, as posix_spawn makes it
    *[("clone", (flag | 17,), REFUSED) for flag in (1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 28)],
    *[("clone", (flag | 17,), REFUSED) for flag in (1 << 29, 1 << 30, 1 << 15)],
    ("clone3", (), ABSENT),
    ("unshare", (0,), REFUSED),
    ("setns", (), REFUSED),
    ("execve", (), ALLOW),
    ("prctl", (15,), ALLOW),  # PR_SET_NAME
    ("prctl", (22, 2), ALLOW),  # PR_SET_SECCOMP
    ("prctl", (1, 9), ALLOW),  # PR_SET_PDEATHSIG, SIGKILL
    ("prctl", (1, 0), REFUSED),
    ("prctl", (4, 0), REFUSED),  # PR_SET_DUMPABLE
    ("prctl", (35, 8), REFUSED),  # PR_SET_MM
    ("prctl", (36, 1), REFUSED),  # PR_SET_CHILD_SUBREAPER
    ("prctl", (0x59616D61, ANYTHING), REFUSED),  # PR_SET_PTRACER
    ("prctl", ((1 << 32) | 4,), REFUSED),
    ("seccomp", (1,), REFUSED),
    ("personality", (0xFFFFFFFF,), ALLOW),
    ("personality", (0x0040000,), REFUSED),  # ADDR_NO_RANDOMIZE
    ("ioctl", (0, 0x5401), ALLOW),
    ("ioctl", (0, 0x5421), ALLOW),
    ("ioctl", (0, 0x5412), NOT_A_TTY),  # TIOCSTI
    ("ioctl", (0, 0x541C), NOT_A_TTY),  # TIOCLINUX
    ("ioctl", (0, (1 << 32) | 0x5412), NOT_A_TTY),
    ("ioctl", (0, 0x40086602), NOT_A_TTY),  # FS_IOC_SETFLAGS
    *[("socket", (family, 1), REFUSED) for family in (1, 2, 10, 16, 17, 38, 40)],
    ("socketpair", (1, 1), ALLOW),
    ("socketpair", (1, 0o2004001), ALLOW),  # SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
    ("socketpair", (1, 5), ALLOW),
    ("socketpair", (1, 2), REFUSED),
    ("socketpair", (2, 1), REFUSED),
    ("socketpair", (30, 5), REFUSED),  # AF_TIPC
    *[(name, (), REFUSED) for name in ("bind", "connect", "listen", "accept", "accept4")],
    *[(name, (), REFUSED) for name in ("sendmsg", "sendmmsg")],
    *[(name, (), ALLOW) for name in ("sendto", "recvmsg")],
    *[(name, (), ABSENT) for name in ("sendfile", "splice", "tee")],
    *[("fallocate", (3, 0, 1 << 40, size), UNSUPPORTED) for size in (1, (1 << 20) - 1)],
    *[("fallocate", (3, 0, 0, size), TOO_LARGE) for size in (1 << 20, 1 << 31, 1 << 33)],
    ("fallocate", (3, 1, 0, 4096), TOO_LARGE),  # FALLOC_FL_KEEP_SIZE
    ("mmap", (0, 4096, 3, 0x22), ALLOW),
    ("mmap", (0, 4096, 3, 0x21), REFUSED),  # shared, without a file
    ("mmap", (0, 4096, 3, 0x40022), REFUSED),  # MAP_HUGETLB
    ("mmap", (0, 4096, 3, 0x122), REFUSED),  # MAP_GROWSDOWN
    ("mmap", (0, 4096, 3, 0x20022), ALLOW),  # MAP_STACK, as glibc makes a thread's
    ("close_range", (3, 9, 0), ALLOW),
    ("close_range", (3, 9, 4), ALLOW),  # CLOSE_RANGE_CLOEXEC
    *[("close_range", (3, 9, flags), REFUSED) for flags in (2, 6)],  # CLOSE_RANGE_UNSHARE
    ("fcntl", (3, 4), ALLOW),  # F_SETFL
    ("fcntl", (3, 1030), ALLOW),  # F_DUPFD_CLOEXEC
    *[("fcntl", (3, command), REFUSED) for command in (8, 10, 15, 38, 1024, 1026, 1031)],
    ("mknod", (0, 0o010600), ALLOW),
    ("mknodat", (-100, 0, 0o100600), ALLOW),
    *[("mknodat", (-100, 0, kind | 0o600), REFUSED) for kind in (0o020000, 0o060000, 0o140000)],
    ("setpriority", (0, 0, 5), ALLOW),
    ("setpriority", (0, 0, -1), REFUSED),
    ("setpriority", (0, 1, 19), REFUSED),
    ("setpriority", (2, 0, 19), REFUSED),  # PRIO_USER
    ("ioprio_set", (), REFUSED),
    ("sched_setscheduler", (0, 0), ALLOW),
    ("sched_setscheduler", (0, 1), REFUSED),
    ("sched_setscheduler", (7, 0), REFUSED),
    ("sched_setattr", (), REFUSED),
    ("sched_getaffinity", (7,), ALLOW),
    ("sched_setaffinity", (0,), ALLOW),
    ("sched_setaffinity", (7,), REFUSED),
    ("prlimit64", (0, 2), ALLOW),
    ("prlimit64", (7, 2), REFUSED),
    ("prlimit64", (0, 4, 0, 1), ALLOW),  # look at RLIMIT_CORE
    ("prlimit64", (0, 4, 1), REFUSED),
    ("prlimit64", (0, 4, 1 << 32), REFUSED),
    ("prlimit64", (7, 4, 0), REFUSED),
    ("futex_waitv", (), ALLOW),
    ("rseq", (), ALLOW),
    ("membarrier", (), ALLOW),
    ("restart_syscall", (), ALLOW),
    *[(name, (), ABSENT) for name in ("memfd_create", "memfd_secret", "io_setup", "setrlimit")],
    *[(f"io_uring_{name}", (), ABSENT) for name in ("setup", "enter", "register")],
]
NEVER = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd userfaultfd
    perf_event_open bpf add_key request_key keyctl mount umount2 pivot_root fsopen fsconfig fsmount
    fspick move_mount open_tree mount_setattr chroot quotactl quotactl_fd swapon swapoff reboot
    settimeofday clock_settime clock_adjtime adjtimex open_by_handle_at name_to_handle_at
    fanotify_init fanotify_mark inotify_init1 mq_open mq_notify shmget shmat semget msgget
    setuid setgid setresuid setgroups capset kexec_load init_module finit_module delete_module
    syslog acct sethostname setdomainname get_robust_list move_pages migrate_pages vmsplice sync
    landlock_restrict_self setxattr fsetxattr removexattr
"""


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_get_their_verdict(decide: Decide, machine: str) -> None:
    known = numbers(machine)
    program = assemble(machine, verdicts(machine, Guarded(), PID))
    seen = {
        (name, arguments): decide(program, ARCHITECTURE[machine], known[name], *arguments)
        for name, arguments, _ in CASES
        if name in known
    }
    assert seen == {(name, args): verdict for name, args, verdict in CASES if name in known}


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_dangerous_is_refused_whatever_its_arguments(decide: Decide, machine: str) -> None:
    known = numbers(machine)
    program = assemble(machine, verdicts(machine, Guarded(), PID))
    for name in NEVER.split():
        for argument in (0, 1, PID, ANYTHING):
            verdict = decide(program, ARCHITECTURE[machine], known[name], *[argument] * 6)
            assert verdict == REFUSED, name


@pytest.mark.parametrize("machine", MACHINES)
def test_a_number_without_a_name_here_is_absent(decide: Decide, machine: str) -> None:
    program = assemble(machine, verdicts(machine, Guarded(), PID))
    named = set(numbers(machine).values())
    for number in (*range(600), 0x3FFFFFFF):
        verdict = decide(program, ARCHITECTURE[machine], number)
        assert (verdict == ABSENT) or number in named, number


@pytest.mark.parametrize(
    ("machine", "architecture", "number", "verdict"),
    [
        ("x86_64", 0xC000003E, 0x40000000 + 39, REFUSED),  # x32
        ("x86_64", 0xC000003E, 0xFFFFFFFF, REFUSED),
        ("x86_64", 0x40000003, 20, KILL),  # i386
        ("aarch64", 0xC00000B7, 0x40000000 + 172, ABSENT),
        ("aarch64", 0x40000028, 20, KILL),  # 32-bit arm
    ],
)
def test_other_binary_interfaces_are_closed(
    decide: Decide, machine: str, architecture: int, number: int, verdict: int
) -> None:
    program = assemble(machine, verdicts(machine, Guarded(), PID))
    assert decide(program, architecture, number) == verdict


@pytest.mark.parametrize(
    ("name", "arguments", "guarded", "alone"),
    [
        ("kill", (PID, 9), ALLOW, ALLOW),
        ("kill", (0, 9), ALLOW, ALLOW),
        ("kill", (1, 9), ALLOW, REFUSED),
        ("kill", (-1, 9), ALLOW, REFUSED),
        ("tgkill", (PID, 1, 6), ALLOW, ALLOW),
        ("tgkill", (1, 1, 6), ALLOW, REFUSED),
        ("tkill", (PID, 9), ALLOW, REFUSED),
        ("rt_sigqueueinfo", (PID, 9), ALLOW, ALLOW),
        ("rt_sigqueueinfo", (1, 9), ALLOW, REFUSED),
        ("rt_tgsigqueueinfo", (1, 1, 9), ALLOW, REFUSED),
        ("pidfd_send_signal", (3, 9), ALLOW, REFUSED),
        ("fchmod", (3, 0), ALLOW, PRETENDED),
        ("fchmodat", (-100,), ALLOW, PRETENDED),
        ("fchmodat2", (-100,), ALLOW, PRETENDED),
        ("fchownat", (-100,), ALLOW, PRETENDED),
        ("utimensat", (-100,), ALLOW, PRETENDED),
        ("truncate", (0, 0), ALLOW, REFUSED),
        ("ftruncate", (3, 0), ALLOW, ALLOW),
    ],
)
@pytest.mark.parametrize("machine", MACHINES)
def test_what_nothing_else_guards_the_filter_is_stricter_about(
    decide: Decide, *, machine: str, name: str, arguments: tuple[int, ...], guarded: int, alone: int
) -> None:
    number = numbers(machine)[name]
    for circumstances, verdict in ((Guarded(), guarded), (ALONE, alone)):
        program = assemble(machine, verdicts(machine, circumstances, PID))
        assert decide(program, ARCHITECTURE[machine], number, *arguments) == verdict


def test_every_name_in_the_lists_is_a_system_call_and_stands_in_one_list_only() -> None:
    lists = [policy.FILES, policy.MEMORY, policy.PROCESSES, policy.TIME, policy.SIGNAL_HANDLING]
    lists += [policy.CONNECTED_PAIRS, policy.SENDING_SIGNALS, policy.METADATA, policy.TRUNCATION]
    names = " ".join([*lists, policy.LATE, policy.PINNING]).split()
    assert sorted(names) == sorted(set(names))
    assert set(names) <= {name for machine in MACHINES for name in numbers(machine)}
