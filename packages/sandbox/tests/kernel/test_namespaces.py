from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, namespaces, veil
from tracemill_sandbox.kernel.namespaces import INSIDE
from tracemill_sandbox.kernel.tier import needed_paths, probe, run_user

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
]
InChild = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def in_run(in_child: InChild) -> InChild:
    """Call a function as the first process of a run."""
    offer = probe(run_user())
    assert offer.tier.namespaces, offer.reasons

    def call_in_run(act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            if os.getuid() != offer.uid:
                veil.open_up(needed_paths())
                call.become(offer.uid, offer.uid)
            namespaces.enter_worker()
            namespaces.next_run()
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                os._exit(0)
            return act()

        return in_child(inside)

    return call_in_run


def denied(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return error.strerror or ""
    return "done"


def test_a_run_sees_only_itself(in_run: InChild) -> None:
    def work() -> list[object]:
        if not namespaces.enter_run():
            return ["/proc can not be mounted here"]
        pids = sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        links = [name for _, name in socket.if_nameindex()]
        return [
            pids,
            links,
            os.getuid(),
            os.getpid(),
            list(Path(namespaces.SHARED_MEMORY).iterdir()),
            os.statvfs(namespaces.SHARED_MEMORY).f_files,
        ]

    assert in_run(work) in ([[1], ["lo"], INSIDE, 1, [], 4096], ["/proc can not be mounted here"])


def test_all_is_read_only_but_the_runs_folder_which_holds_no_programs(
    in_run: InChild, folder: Path
) -> None:
    (folder / "file").write_bytes(Path("/bin/true").read_bytes())
    (folder / "file").chmod(0o777)
    folder.chmod(0o777)
    folder.parent.chmod(0o777)

    def work() -> list[str]:
        namespaces.enter_run()
        acts: list[Callable[[], object]] = [
            lambda: (folder / "new").write_text(""),
            lambda: (folder.parent / "new").write_text(""),
            lambda: Path("/dev/null").write_text("gone"),
            lambda: subprocess.run([folder / "file"], check=True),
        ]
        before = [denied(act) for act in acts]
        namespaces.open_folder(str(folder))
        return before + [denied(act) for act in acts]

    read_only = "Read-only file system"
    said = in_run(work)
    assert said[:4] == [read_only, read_only, "done", "done"]
    assert said[4:] == ["done", read_only, "done", "Permission denied"]


def test_a_program_has_no_say_in_the_namespaces_of_its_watcher(
    in_run: InChild, folder: Path
) -> None:
    def work() -> list[object]:
        namespaces.enter_run()
        before = Path("/proc/self/ns/user").stat().st_ino
        namespaces.leave_worker()
        return [
            before != Path("/proc/self/ns/user").stat().st_ino,
            os.getuid(),
            denied(lambda: call.mount("tmpfs", str(folder), 0)),
            denied(lambda: namespaces.open_folder(str(folder))),
            denied(lambda: socket.sethostname("mine")),
        ]

    assert in_run(work) == [True, INSIDE, *["Operation not permitted"] * 3]


def test_later_processes_are_the_servers_own_again(in_run: InChild) -> None:
    def work() -> list[int]:
        own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        namespaces.next_run()
        first = os.fork()
        if first == 0:
            os._exit(100 + os.getpid())
        namespaces.back(own)
        second = os.fork()
        if second == 0:
            os._exit(100 + os.getpid())
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in (first, second)]
        return [codes[0], codes[1] - second]

    assert in_run(work) == [101, 100]


def test_trying_them_changes_nothing_for_the_caller() -> None:
    script = (
        "import os\nfrom tracemill_sandbox.kernel.namespaces import refusal\n"
        "before = [os.stat(f'/proc/self/ns/{n}').st_ino for n in ('user', 'net', 'pid')]\n"
        f"print(refusal({run_user()}))\n"
        "assert before == [os.stat(f'/proc/self/ns/{n}').st_ino for n in ('user', 'net', 'pid')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("shell", "refusal"),
    [
        (namespaces.SHELL, ""),
        ("/no/shell", "/no/shell: No such file or directory"),
        ("/bin/false", "/bin/false: 'sleep 0' ended with code 1"),
    ],
)
def test_a_shell_that_can_not_wait_is_found_out(shell: str, refusal: str) -> None:
    assert namespaces.shell_refusal(shell) == refusal
