"""Which system calls a program may make: all that data programs need, and nothing else.

What stands in ``syscall_table`` and not here fails with EPERM: reading and tracing processes,
namespaces and mounts, keys, BPF, performance counters, System V and POSIX message queues, every
kind of socket but connected pairs, users, clocks, modules, changes of extended attributes.
What is newer than the table fails with ENOSYS, and so does what libraries try first and can do
without.

What a run takes of disk and memory is counted by what its processes have open or mapped. So calls
that would have something else hold it are refused as well: a message that waits, a page that lies
in a pipe, a thread with descriptors of its own, a wait that nobody ends. Nor may memory pass from
one process to the next, and room on the disk be taken without writing.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from tracemill_sandbox.kernel.bpf import ALLOW, Check, Rule, Verdict, fail
from tracemill_sandbox.kernel.syscall_table import numbers

REFUSED, ABSENT, PRETENDED = fail(errno.EPERM), fail(errno.ENOSYS), fail(0)
UNSUPPORTED = fail(errno.EOPNOTSUPP)

FILES = """
    read write open close stat fstat lstat poll lseek pread64 pwrite64 readv writev access pipe
    select dup dup2 flock fsync fdatasync ftruncate getdents getcwd chdir fchdir rename
    mkdir rmdir creat link unlink symlink readlink umask statfs fstatfs getdents64 readahead
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr epoll_create epoll_wait epoll_ctl
    fadvise64 openat mkdirat newfstatat unlinkat renameat linkat symlinkat readlinkat faccessat
    pselect6 ppoll sync_file_range epoll_pwait eventfd eventfd2 epoll_create1
    dup3 pipe2 preadv pwritev renameat2 copy_file_range preadv2 pwritev2 statx faccessat2
    epoll_pwait2
"""
MEMORY = """
    mmap mprotect munmap brk mremap msync mincore madvise mlock munlock mlockall munlockall mlock2
    remap_file_pages get_mempolicy membarrier pkey_mprotect pkey_alloc pkey_free map_shadow_stack
    mseal
"""
PROCESSES = """
    sched_yield getpid fork vfork execve execveat exit exit_group wait4 waitid uname getrlimit
    getrusage sysinfo times getuid getgid geteuid getegid setpgid getppid getpgrp setsid getgroups
    getresuid getresgid getpgid getsid capget getpriority sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_getaffinity
    sched_getattr ioprio_get arch_prctl gettid futex set_tid_address set_robust_list getcpu rseq
    futex_waitv getrandom pidfd_open restart_syscall
"""
TIME = """
    pause nanosleep getitimer alarm setitimer gettimeofday time timer_create timer_settime
    timer_gettime timer_getoverrun timer_delete clock_gettime clock_getres clock_nanosleep
    timerfd_create timerfd_settime timerfd_gettime
"""
SIGNAL_HANDLING = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
    signalfd signalfd4
"""
CONNECTED_PAIRS = """
    sendto recvfrom recvmsg shutdown getsockname getpeername setsockopt getsockopt recvmmsg
"""
"""Not ``sendmsg``: a removed file whose descriptor waits in a message is in no count, and a filter
does not see what a message carries."""

SENDING_SIGNALS = "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal"
METADATA = """
    chmod fchmod chown fchown lchown utime utimes fchownat futimesat fchmodat utimensat fchmodat2
"""
TRUNCATION = "truncate"
LATE = """
    clone3 io_uring_setup io_uring_enter io_uring_register memfd_create memfd_secret openat2
    setrlimit io_setup io_destroy io_getevents io_submit io_cancel io_pgetevents cachestat
    futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr
    lsm_list_modules setxattrat getxattrat listxattrat removexattrat open_tree_attr file_getattr
    file_setattr
"""
"""Calls that get round a filter or hide their arguments from it: as if the kernel lacked them."""

PINNING = "sendfile splice tee"
"""Calls that leave pages of a file in a pipe or socket: a byte keeps a block of up to megabytes
that is in no count. Libraries read and write where these are absent."""

_TRUNCATING, _ACCESS_MODE = 0o1000, 0o3
_NEW_NAMESPACES = 0x7E020000  # each CLONE_NEW* that clone takes; the one for time it ignores
_SIBLING = 0x00008000  # CLONE_PARENT: a child of the server's instead of the program's
_THREAD = 0x00010000  # CLONE_THREAD
_SAME_FILES = 0x00000600  # CLONE_FILES, CLONE_FS: descriptors and folder
_SAME_MEMORY, _HELD_UP = 0x00000100, 0x00004000  # CLONE_VM, CLONE_VFORK
_FROM_A_MEBIBYTE = 0xFFF00000
_CLOSE_ON_EXEC = 4  # CLOSE_RANGE_CLOEXEC; not CLOSE_RANGE_UNSHARE
_UNIX, _STREAM, _SEQPACKET, _SOCKET_TYPE = 1, 1, 5, 0xF
_PIPE, _REGULAR, _FILE_TYPE = 0o010000, 0o100000, 0o170000
_SELF, _PRIO_PROCESS, _SIGN = 0, 0, 0x80000000
_QUERY = 0xFFFFFFFF
_MAP_KIND, _ANONYMOUS = 0xF, 0x20
_HUGE_PAGES = 0x40000  # MAP_HUGETLB: they stand in no process's count of anonymous memory
_GROWS_DOWN = 0x100  # MAP_GROWSDOWN: what grows so is a stack to the kernel, beyond RLIMIT_DATA
_MAP_FLAGS = _MAP_KIND | _ANONYMOUS | _HUGE_PAGES | _GROWS_DOWN
_MAPPINGS = (1, 2, 3, 2 | _ANONYMOUS)  # MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE
_SOCKET_OPTIONS = (9, 13, 16, 20, 21, 66, 67)  # keep-alive, linger, credentials, time limits
_CORE = 4
_SET_DEATH_SIGNAL, _KILL_SIGNAL = 1, 9

_POLICIES = (0, 3, 5)  # SCHED_OTHER, SCHED_BATCH, SCHED_IDLE: none of them real-time
_FCNTL = (
    *(0, 1, 2, 3, 4),  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL
    *(5, 6, 7, 36, 37),  # locks: of a process, of an open file
    *(1030, 1032),  # F_DUPFD_CLOEXEC, F_GETPIPE_SZ
)
"""Not F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY: signals to others, and holding up others' opens.
Not F_OFD_SETLKW (38): two threads that wait for each other for ever hold closed files in no count;
waits for the other kinds of locks need a holder that has the file open. Not F_SETPIPE_SZ."""
_IOCTL = (
    *(0x5401, 0x802C542A, 0x5413, 0x540F),  # TCGETS, TCGETS2, TIOCGWINSZ, TIOCGPGRP: is it a tty
    *(0x541B, 0x5421, 0x5450, 0x5451),  # FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
)
_PRCTL = (
    *(2, 3, 15, 16),  # PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME
    *(21, 22, 23),  # PR_GET_SECCOMP, PR_SET_SECCOMP (it can only take more away), PR_CAPBSET_READ
    *(29, 30, 37),  # PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, PR_GET_CHILD_SUBREAPER
    *(38, 39, 41, 42),  # PR_SET_ and PR_GET_NO_NEW_PRIVS, PR_SET_ and PR_GET_THP_DISABLE
    *(51, 0x53564D41),  # PR_SVE_GET_VL, PR_SET_VMA: names of memory areas
)


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """What holds apart from the filter; what does not, the filter has to be stricter about.

    Attributes:
        signals: None leaves the run (process namespace, Landlock from ABI 6).
        metadata: Modes, owners and times of the host's files can not be changed (mounts are
            read-only). Else such calls are accepted and not carried out: programs that copy
            files go on, and a file that the user owns or anyone may write stays as it is.
        truncation: Files can not be cut by path (mounts are read-only, Landlock from ABI 3).
    """

    signals: bool = True
    metadata: bool = True
    truncation: bool = True


def verdicts(machine: str, guarded: Guarded, pid: int) -> dict[int, Verdict]:
    """Return first number of a range -> verdict, for every number there can be.

    Args:
        machine: One of ``syscall_table.MACHINES``.
        guarded: What else holds.
        pid: The program's process: the only one to signal where signals are not guarded.
    """
    by_name = _by_name(guarded, pid)
    known = numbers(machine)
    found: dict[int, Verdict] = dict.fromkeys(range(max(known.values()) + 2), ABSENT)
    for name, number in known.items():
        found[number] = by_name.get(name, REFUSED)
    if machine == "x86_64":
        found[0x40000000] = REFUSED  # the same calls over again, for the x32 binary interface
    return found


def _by_name(guarded: Guarded, pid: int) -> dict[str, Verdict]:
    free = (FILES, MEMORY, PROCESSES, TIME, SIGNAL_HANDLING, CONNECTED_PAIRS)
    found: dict[str, Verdict] = dict.fromkeys(" ".join(free).split(), ALLOW)
    found.update(dict.fromkeys(f"{LATE} {PINNING}".split(), ABSENT))
    found.update(dict.fromkeys(METADATA.split(), ALLOW if guarded.metadata else PRETENDED))
    found[TRUNCATION] = ALLOW if guarded.truncation else REFUSED
    if guarded.signals:
        found.update(dict.fromkeys(SENDING_SIGNALS.split(), ALLOW))
    else:
        found.update(_signals_to_itself(pid))
    return found | _RULES


def _signals_to_itself(pid: int) -> dict[str, Verdict]:
    itself = _only(Check(argument=0, values=(pid,)))
    names = ("tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
    own_group = _only(Check(argument=0, values=(pid, _SELF)))
    return {"kill": own_group, **dict.fromkeys(names, itself)}


def _only(*checks: Check, otherwise: int = REFUSED) -> Rule:
    return Rule(either=(checks,), otherwise=otherwise)


def _opening(argument: int) -> Rule:
    """Refuse to truncate by opening for reading: the first versions of Landlock overlook it."""
    mask = _TRUNCATING | _ACCESS_MODE
    values = tuple(v for v in (*range(4), *range(0o1000, 0o1004)) if v != _TRUNCATING)
    return _only(Check(argument=argument, mask=mask, values=values))


def _making(argument: int) -> Rule:
    values = (0, _PIPE, _REGULAR)
    return _only(Check(argument=argument, mask=_FILE_TYPE, values=values))


def _clone(mask: int, flags: int) -> Check:
    """Neither new namespaces nor a sibling, and of ``mask`` these flags."""
    return Check(argument=0, mask=_NEW_NAMESPACES | _SIBLING | mask, values=(flags,))


_RULES: dict[str, Verdict] = {
    "open": _opening(1),
    "openat": _opening(2),
    "mknod": _making(1),
    "mknodat": _making(2),
    "ioctl": _only(Check(argument=1, values=_IOCTL), otherwise=fail(errno.ENOTTY)),
    "fcntl": _only(Check(argument=1, values=_FCNTL)),
    # A process shares its memory only while it waits for its child, as in vfork. Threads share
    # their descriptors and their folder, for those of one thread are looked at.
    "clone": Rule(
        either=(
            (_clone(_THREAD | _SAME_MEMORY, 0),),
            (_clone(_THREAD | _SAME_MEMORY | _HELD_UP, _SAME_MEMORY | _HELD_UP),),
            (_clone(_THREAD | _SAME_FILES, _THREAD | _SAME_FILES),),
        ),
        otherwise=REFUSED,
    ),
    # It takes gigabytes of the disk between two looks, however little at a time. Where it is not
    # supported glibc's ``posix_fallocate`` writes instead, and that is for small files only: a
    # large one would fill the disk up to a limit before it failed.
    "fallocate": Rule(
        either=(
            (
                Check(argument=1, values=(0,)),
                Check(argument=3, mask=_FROM_A_MEBIBYTE, values=(0,)),
                Check(argument=3, high=True, values=(0,)),
            ),
        ),
        action=UNSUPPORTED,
        otherwise=fail(errno.EFBIG),
    ),
    "close_range": _only(Check(argument=2, values=(0, _CLOSE_ON_EXEC))),
    # Shared memory without a file: what is mapped no more, but for one page, is in no count.
    "mmap": _only(Check(argument=3, mask=_MAP_FLAGS, values=_MAPPINGS)),
    # Not the sizes of buffers: kernel memory that is in no count either.
    "setsockopt": _only(Check(argument=2, values=_SOCKET_OPTIONS)),
    "personality": _only(Check(argument=0, values=(_QUERY,))),
    "prctl": Rule(
        either=(
            (Check(argument=0, values=_PRCTL),),
            (
                Check(argument=0, values=(_SET_DEATH_SIGNAL,)),
                Check(argument=1, values=(_KILL_SIGNAL,)),
            ),
        ),
        otherwise=REFUSED,
    ),
    # A pair of datagram sockets could be sent elsewhere: Landlock does not guard socket paths.
    "socketpair": _only(
        Check(argument=0, values=(_UNIX,)),
        Check(argument=1, mask=_SOCKET_TYPE, values=(_STREAM, _SEQPACKET)),
    ),
    "setpriority": _only(
        Check(argument=0, values=(_PRIO_PROCESS,)),
        Check(argument=1, values=(_SELF,)),
        Check(argument=2, mask=_SIGN, values=(0,)),
    ),
    "sched_setscheduler": _only(
        Check(argument=0, values=(_SELF,)), Check(argument=1, values=_POLICIES)
    ),
    "sched_setaffinity": _only(Check(argument=0, values=(_SELF,))),
    # Its own limits only. That on core files it may read: 0 would start the host's crash handler.
    "prlimit64": Rule(
        either=(
            (
                Check(argument=0, values=(_SELF,)),
                Check(argument=1, values=tuple(n for n in range(16) if n != _CORE)),
            ),
            (
                Check(argument=0, values=(_SELF,)),
                Check(argument=2, values=(0,)),
                Check(argument=2, values=(0,), high=True),
            ),
        ),
        otherwise=REFUSED,
    ),
}
