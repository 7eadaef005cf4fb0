from __future__ import annotations

import asyncio
import ctypes
import errno
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, seccomp
from tracemill_sandbox.kernel.bpf import ALLOW, ARCHITECTURE, fail
from tracemill_sandbox.kernel.syscall_policy import Guarded
from tracemill_sandbox.kernel.syscall_table import MACHINES, numbers

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
]
InChild = Callable[[Callable[[], Any]], Any]
REFUSED = fail(errno.EPERM)


def raw(name: str, *arguments: int) -> int:
    """Make a system call; returns the error number, 0 if it worked."""
    try:
        call.syscall(name, numbers(os.uname().machine)[name], *arguments)
    except OSError as error:
        return error.errno or -1
    return 0


def confined(act: Callable[[], Any], *guarded: Guarded) -> Callable[[], Any]:
    def inside() -> Any:
        call.no_new_privileges()
        seccomp.restrict(*guarded)
        return act()

    return inside


@pytest.mark.parametrize(
    ("name", "arguments", "number"),
    [
        ("io_uring_setup", (8, 0), errno.ENOSYS),
        ("ptrace", (16, 1, 0, 0), errno.EPERM),
        ("unshare", (1 << 28,), errno.EPERM),
        ("clone", (1 << 28, 0, 0, 0, 0), errno.EPERM),
        ("clone3", (0, 0), errno.ENOSYS),
        ("socket", (1, 1, 0), errno.EPERM),
        ("socket", (2, 1, 0), errno.EPERM),
        ("socket", (16, 3, 0), errno.EPERM),
        ("socketpair", (1, 2, 0, 0), errno.EPERM),
        ("memfd_create", (0, 0), errno.ENOSYS),
        ("ioctl", (1, 0x5412, 0), errno.ENOTTY),
        ("prctl", (4, 0, 0, 0, 0), errno.EPERM),
        ("personality", (0xFFFFFFFF,), 0),
        ("getpid", (), 0),
    ],
)
def test_calls_fail_as_the_table_says_and_the_program_goes_on(
    in_child: InChild, name: str, arguments: tuple[int, ...], number: int
) -> None:
    assert in_child(confined(lambda: raw(name, *arguments))) == number


def test_a_call_newer_than_the_table_is_absent(in_child: InChild) -> None:
    def newer() -> str:
        try:
            call.syscall("newer", 1000)
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "done"

    assert in_child(confined(newer)) == "ENOSYS"


@pytest.mark.needs("x86-64")
def test_calls_by_x32_numbers_are_refused(in_child: InChild) -> None:
    def x32() -> int:
        try:
            return call.syscall("getpid", 0x40000000 + 39)
        except OSError as error:
            return -(error.errno or 0)

    assert in_child(confined(x32)) == -errno.EPERM


@pytest.mark.needs("x86-64")
def test_a_call_by_the_i386_interface_kills(in_child: InChild) -> None:
    def interrupt() -> int:
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        everything = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        code = mmap.mmap(-1, 4096, flags=private, prot=everything)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)())

    # SIGSEGV where the kernel was built without that interface
    said = in_child(confined(interrupt))
    assert said in (("signal", signal.SIGSYS), ("signal", signal.SIGSEGV))


def test_what_data_programs_do_still_works(in_child: InChild) -> None:
    def work() -> list[object]:
        seen: list[object] = []
        thread = threading.Thread(target=lambda: seen.append("thread"))
        thread.start()
        thread.join()
        seen.append(asyncio.run(asyncio.to_thread(lambda: "asyncio")))
        ours, theirs = socket.socketpair()
        reader, writer = os.pipe()
        ours.send(b"message")
        os.write(writer, theirs.recv(100))
        seen.append(os.read(reader, 100))
        run = subprocess.run(["/bin/sh", "-c", "echo $$ | wc -l"], capture_output=True, check=False)
        seen.append(run.stdout.strip())
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        child.terminate()
        seen.append(child.wait())
        os.nice(1)
        seen.append(len(os.sched_getaffinity(0)) > 0)
        return seen

    assert in_child(confined(work)) == ["thread", "asyncio", b"message", b"1", -15, True]


def test_descriptors_can_be_taken_but_not_sent(in_child: InChild) -> None:
    def work() -> list[object]:
        call.no_new_privileges()
        ours, theirs = socket.socketpair()
        socket.send_fds(ours, [b"x"], [1])
        seccomp.restrict()
        taken = len(socket.recv_fds(theirs, 100, 1)[1])
        try:
            socket.send_fds(ours, [b"x"], [1])
        except OSError as error:
            return [taken, errno.errorcode[error.errno or 0]]
        return [taken, "sent"]

    assert in_child(work) == [1, "EPERM"]


def test_without_other_guards_it_can_signal_itself_only(in_child: InChild) -> None:
    guarded = Guarded(signals=False)

    def signals() -> list[int]:
        names = ((os.getpid(), 0), (os.getppid(), 0), (-1, 0))
        return [raw("kill", *arguments) for arguments in names]

    assert in_child(confined(signals, guarded)) == [0, errno.EPERM, errno.EPERM]
    assert in_child(confined(signal_itself, guarded)) == ("signal", signal.SIGABRT)


def signal_itself() -> None:
    signal.signal(signal.SIGABRT, signal.SIG_DFL)
    os.abort()


@pytest.mark.parametrize("restricted", [True, False])
def test_a_program_without_subprocesses_has_threads_only(
    in_child: InChild, *, restricted: bool
) -> None:
    def work() -> list[str]:
        call.no_new_privileges()
        if restricted:
            seccomp.restrict()
        seccomp.forbid_subprocesses()
        seen = [attempt(os.fork), attempt(other_program)]
        seen.append(attempt(lambda: subprocess.run(["/bin/true"], check=True)))
        seen.append(attempt(lambda: os.posix_spawn("/bin/true", ["true"], {})))
        thread = threading.Thread(target=lambda: seen.append("thread"))
        thread.start()
        thread.join()
        return seen

    assert in_child(work) == [*["Operation not permitted"] * 4, "thread"]


def other_program() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - that it does not start is what is tested


def attempt(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return error.strerror or ""
    return "done"


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_against_subprocesses_knows_both_machines(
    decide: Callable[..., int], machine: str
) -> None:
    program, known = seccomp.threads_only(machine), numbers(machine)
    wanted = {"execve": REFUSED, "execveat": REFUSED, "fork": REFUSED, "vfork": REFUSED}
    wanted |= {"clone3": fail(errno.ENOSYS), "clone": REFUSED}
    for name, number in known.items():
        verdict = decide(program, ARCHITECTURE[machine], number, 17)
        assert verdict == wanted.get(name, ALLOW), name
    assert decide(program, ARCHITECTURE[machine], known["clone"], 0x3D0F00) == ALLOW


def test_the_program_for_a_known_machine_is_made_once() -> None:
    assert seccomp.known_machine() == (os.uname().machine in MACHINES)
    assert seccomp.prepared("aarch64", Guarded()) is seccomp.prepared("aarch64", Guarded())
    with pytest.raises(ValueError, match="got riscv64"):
        seccomp.prepared("riscv64", Guarded())
