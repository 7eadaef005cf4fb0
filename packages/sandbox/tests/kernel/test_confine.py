from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, confine, seccomp
from tracemill_sandbox.kernel.syscall_policy import Guarded
from tracemill_sandbox.kernel.tier import Tier, run_user
from tracemill_sandbox.request import MIB, Limits

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
]
Jailed = Callable[[Callable[[], Any]], Any]


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return error.strerror or ""
    return "done"


def status_of_itself() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def test_nothing_is_left_of_privileges(jailed: Jailed, mode: Any) -> None:
    said = jailed(status_of_itself)
    none = "0" * 16
    kinds = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    held = {kind: said[kind] for kind in kinds}
    if not mode.namespaces and not mode.root:
        held["CapBnd"] = none  # an ordinary user may take nothing off it, nor ever use it
    assert held == dict.fromkeys(kinds, none)
    assert (said["NoNewPrivs"], said["Seccomp"], said["Groups"]) == ("1", "2", "")
    assert "0" not in said["Uid"].split()


def test_only_its_folder_can_be_written_and_nothing_there_runs(
    jailed: Jailed, folder: Path
) -> None:
    def work() -> list[str]:
        Path("own").write_text("text")
        Path("program").write_bytes(Path("/bin/true").read_bytes())
        Path("program").chmod(0o755)
        seen = [outcome(lambda: subprocess.run(["./program"], check=True))]
        seen.append(outcome(lambda: subprocess.run(["/bin/true"], check=True)))
        others = ("../beside", "/usr/lib/new", "/new", "/proc/self/oom_score_adj")
        written = [p for p in others if outcome(partial(Path(p).write_text, "1")) == "done"]
        return [str(Path.cwd()), *seen, *written]

    denied = "Permission denied"
    assert jailed(work) == [str(folder), denied, "done"]
    assert (folder / "own").read_text() == "text"


def test_the_hosts_files_keep_mode_owner_and_times(jailed: Jailed, mode: Any, folder: Path) -> None:
    """Landlock does not hold these: read-only mounts, another user or the filter do."""
    beside = folder.parent / "beside"
    beside.write_text("kept")
    beside.chmod(0o666)
    if os.getuid() == 0 and not mode.root:  # the host's user is the run's user then
        os.chown(beside, 12345, 12345)

    def work() -> int:
        for act in (
            lambda: beside.chmod(0),
            lambda: os.utime(beside, (1, 1)),
            lambda: os.setxattr(beside, "user.mark", b"1"),
            lambda: os.truncate(beside, 0),
            lambda: folder.parent.chmod(0),
        ):
            outcome(act)
        Path("own").write_text("own")
        Path("own").chmod(0o640)  # at least it may be asked for
        os.utime("own", (1, 1))
        return os.getuid()

    before = beside.stat()
    assert jailed(work) != 0
    after = beside.stat()
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert (beside.read_text(), os.listxattr(beside)) == ("kept", [])
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o755


def test_without_a_network_of_its_own_it_reads_of_proc_only_what_it_is_itself(
    jailed: Jailed, mode: Any
) -> None:
    """The network is shown in each process' folder too, and is the host's there."""
    own = ("status", "statm", "maps", "smaps", "limits", "io", "cgroup", "mountinfo", "fdinfo/1")

    def work() -> list[str]:
        os.listdir("/proc/self/fd")  # noqa: PTH208 - no more is wanted than that it may
        thread = f"task/{os.getpid()}/net/unix"
        network = ("net/tcp", "net/unix", thread, "../thread-self/net/unix", "../net/unix")
        paths = {name: Path(f"/proc/self/{name}") for name in (*own, *network)}
        return [name for name, path in paths.items() if outcome(path.read_bytes) == "done"]

    read = jailed(work)
    assert read[: len(own)] == list(own)
    assert len(read[len(own) :]) == (5 if mode.namespaces else 0)


def test_no_process_outside_can_be_signalled(jailed: Jailed) -> None:
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        said = jailed(lambda: outcome(lambda: os.kill(victim.pid, signal.SIGKILL)))
        assert said in ("Operation not permitted", "No such process")
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


def test_its_parent_can_not_be_stopped(jailed: Jailed) -> None:
    def work() -> str:
        outcome(lambda: os.kill(os.getppid(), signal.SIGSTOP))
        time.sleep(0.1)
        return Path(f"/proc/{os.getppid()}/stat").read_text().split()[2]

    # where /proc is the host's, the parent can not even be looked at
    assert jailed(lambda: outcome(work)) in ("done", "Permission denied")


def test_limits_hold_and_can_be_set_afterwards(jailed: Jailed, mode: Any) -> None:
    limits = Limits(open_files=40, file_bytes=2 * MIB, cpu_seconds=2.5, memory_bytes=256 * MIB)

    def work() -> list[object]:
        confine.limit(limits, processes=limits.processes)
        kinds = ("NOFILE", "CORE", "FSIZE", "CPU", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO")
        seen: list[object] = [resource.getrlimit(getattr(resource, f"RLIMIT_{k}")) for k in kinds]
        try:
            bytearray(400 * MIB)
        except MemoryError:
            seen.append("no memory")
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except ValueError as error:  # what Python makes of EPERM
            seen.append(str(error))
        return seen

    assert jailed(work) == [
        (40, 40),
        (1, 1),
        (2 * MIB, 2 * MIB),
        (3, 4),
        *[(0, 0)] * 4,
        "no memory",
        "not allowed to raise maximum limit",
    ]


def test_processes_are_counted_per_run_where_it_has_a_namespace(jailed: Jailed, mode: Any) -> None:
    """Elsewhere other processes of the user may count too; see the next test."""

    def work() -> int:
        confine.limit(Limits(), processes=8)
        return _forks()

    made = jailed(work)
    assert made == 7 if mode.namespaces else made <= 7


def test_elsewhere_the_server_bounds_them_over_what_the_user_runs(
    in_child: Callable[[Callable[[], Any]], Any],
) -> None:
    def work() -> int:
        uid = run_user()
        if os.getuid() != uid:
            call.become(uid, uid)
        confine.limit(Limits(), processes=confine.tasks_of(uid) + 6)
        return _forks()

    assert 1 <= in_child(work) <= 6


def _forks() -> int:
    """Return how many processes can be made at once; they end with their pipe."""
    reader, writer = os.pipe()
    made = 0
    for _ in range(60):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
        made += 1
    os.close(writer)
    return made


def test_it_may_not_hide_from_its_parent_or_outlive_it(jailed: Jailed) -> None:
    def work() -> list[str]:
        acts: list[Callable[[], object]] = [
            lambda: call.set_dumpable(dumpable=False),
            lambda: call.die_with_parent(0),
            call.adopt_orphans,
            lambda: call.unshare(call.CLONE_NEWUSER),
            lambda: call.die_with_parent(signal.SIGKILL),
            call.no_new_privileges,
            seccomp.forbid_subprocesses,
        ]
        return [outcome(act) for act in acts]

    assert jailed(work) == [*["Operation not permitted"] * 4, *["done"] * 3]


def test_processes_of_the_standard_library_work(jailed: Jailed) -> None:
    def work() -> list[object]:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=theirs.send, args=("from a process",))
        process.start()
        process.join()
        done = subprocess.run(
            [sys.executable, "-S", "-c", "print(6 * 7)"], capture_output=True, check=False
        )
        return [ours.recv(), done.stdout, ctypes.CDLL(None).getpid() == os.getpid()]

    assert jailed(work) == ["from a process", b"42\n", True]


@pytest.mark.parametrize(
    ("namespaces", "guarded"), [(True, Guarded()), (False, Guarded(metadata=False))]
)
def test_the_plan_is_made_once_and_leaves_to_the_filter_what_nothing_else_holds(
    *, namespaces: bool, guarded: Guarded
) -> None:
    tier = Tier(namespaces=namespaces, landlock=True, seccomp=True)
    plan = confine.prepare(tier)
    assert plan.guarded == guarded
    assert confine.prepare(tier) is plan
    assert "/usr" in plan.executable
