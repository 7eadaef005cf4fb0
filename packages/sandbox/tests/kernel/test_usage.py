from __future__ import annotations

import itertools
import mmap
import os
import resource
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, namespaces, proc, usage
from tracemill_sandbox.kernel.syscall_table import numbers

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
]
InChild = Callable[[Callable[[], Any]], Any]
MIB = 1 << 20


@pytest.fixture
def in_server(in_child: InChild) -> Callable[[Callable[[], Any]], Any]:
    """Call a function as the server of a run: what it starts comes to it when it is orphaned."""

    def call_in_server(act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            call.adopt_orphans()
            return act()

        return in_child(inside)

    return call_in_server


def counter_of(child: int, *, own_shared_memory: bool = False) -> usage.Counter:
    return usage.Counter(child, lambda: usage.orphans(()), own_shared_memory=own_shared_memory)


def program(act: Callable[[], object]) -> tuple[int, int]:
    """Start a process that waits for a word before it acts; returns its id and a pipe for it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)
        act()
        time.sleep(30)
        os._exit(0)
    os.close(reader)
    return child, writer


def watch(act: Callable[[], object], wanted: int, enough: int = 0) -> int:
    """Return the most memory seen within 5 s, up to when it is as much as ``wanted``."""
    child, start = program(act)
    counter = counter_of(child)
    os.close(start)
    most = 0
    deadline = time.monotonic() + 5
    while most < wanted and time.monotonic() < deadline:
        most = max(most, counter.private_bytes(enough=enough))
        time.sleep(0.02)
    usage.end_strays(())
    return most


def fill() -> object:
    return bytearray(b"1") * (50 * MIB)


def keep(blocks: list[object]) -> None:
    blocks.append(fill())
    time.sleep(30)


def three_processes() -> None:
    for _ in range(2):
        if os.fork() == 0:
            break
    keep([])


def shared_mapping() -> None:
    block = mmap.mmap(-1, 60 * MIB)
    block.write(b"1" * (60 * MIB))
    time.sleep(30)


def another_program() -> None:
    code = "import time; b = bytearray(b'1') * (60 << 20); time.sleep(30)"
    os.execv(sys.executable, [sys.executable, "-S", "-c", code])  # noqa: S606 - on purpose


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (lambda: keep([]), 50 * MIB),
        (three_processes, 140 * MIB),
        (shared_mapping, 60 * MIB),
        (another_program, 60 * MIB),
    ],
)
@pytest.mark.parametrize("enough", [0, 1 << 40])
def test_the_memory_of_all_processes_counts(
    in_server: InChild, act: Callable[[], object], wanted: int, enough: int
) -> None:
    most = in_server(lambda: watch(act, wanted, enough))
    assert wanted <= most < wanted + 200 * MIB


def test_what_processes_share_counts_once_if_it_matters(in_server: InChild) -> None:
    def forks() -> None:
        block = fill()
        for _ in range(4):
            if os.fork() == 0:
                break
        time.sleep(30)
        assert block

    def both() -> tuple[int, int]:
        child, start = program(forks)
        counter = counter_of(child)
        os.close(start)
        deadline = time.monotonic() + 5
        while counter.tasks() < 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        seen = counter.private_bytes(enough=1 << 40), counter.private_bytes(enough=0)
        usage.end_strays(())
        return seen

    bound, exact = in_server(both)
    assert bound > 240 * MIB
    assert exact < 160 * MIB


def test_files_in_shared_memory_count() -> None:
    before = usage._shared_memory_files(os.getpid())
    with tempfile.NamedTemporaryFile(dir=namespaces.SHARED_MEMORY) as stream:
        stream.write(b"1" * 8 * MIB)
        stream.flush()
        assert usage._shared_memory_files(os.getpid()) >= before + 8 * MIB


def test_removed_files_that_are_held_open_count(in_server: InChild) -> None:
    def work() -> list[int]:
        reader, writer = os.pipe()

        def hold() -> None:
            # the one folder that both kinds of run can write to here
            with tempfile.TemporaryFile(dir=namespaces.SHARED_MEMORY) as stream:
                stream.write(b"1" * 3 * MIB)
                stream.flush()
                os.write(writer, b"1")
                time.sleep(30)

        child, start = program(hold)
        counter = counter_of(child)
        seen = [counter.held().nameless_bytes]
        os.close(start)
        os.read(reader, 1)
        seen.append(counter.held().nameless_bytes)
        usage.end_strays(())
        return seen

    assert in_server(work) == [0, 3 * MIB]


def _nameless(act: Callable[[], object]) -> int:
    """Return the bytes of removed files and folders that a program holds."""
    reader, writer = os.pipe()

    def acts() -> None:
        kept = act()
        os.write(writer, b"1")
        time.sleep(30)
        assert kept

    child, start = program(acts)
    counter = counter_of(child)
    os.close(start)
    os.read(reader, 1)
    seen = counter.held().nameless_bytes
    usage.end_strays(())
    return seen


def _fill_and_remove(folder: str, *, keep: str) -> int:
    """Make a folder large by many long names; return a descriptor of it or of one in it."""
    os.mkdir(folder)  # noqa: PTH102 - as the attacks do
    for number in range(3000):
        os.symlink("x", f"{folder}/{number:0>250}")  # noqa: PTH211 - as above
    for number in range(3000):
        os.unlink(f"{folder}/{number:0>250}")  # noqa: PTH108 - as above
    os.makedirs(keep, exist_ok=True)  # noqa: PTH103 - as above
    held = os.open(keep, os.O_RDONLY)
    for path in dict.fromkeys((keep, folder)):
        os.rmdir(path)  # noqa: PTH106 - as above
    return held


def _is_its_folder(folder: str) -> bool:
    held = _fill_and_remove(folder, keep=folder)
    os.fchdir(held)
    os.close(held)
    return True


@pytest.mark.parametrize(
    "hold",
    [
        lambda folder: [_fill_and_remove(folder, keep=folder)],
        lambda folder: [_fill_and_remove(folder, keep=f"{folder}/in")],
        _is_its_folder,
    ],
    ids=["open", "one in it is open", "a process is in it"],
)
def test_removed_folders_that_are_held_count(
    in_server: InChild, tmp_path: Path, hold: Callable[[str], object]
) -> None:
    large = tmp_path / "large"
    large.mkdir()
    for number in range(3000):
        (large / f"{number:0>250}").symlink_to("x")
    size = large.stat().st_blocks * 512
    found = in_server(lambda: _nameless(lambda: hold(str(tmp_path / "d"))))
    assert found >= 0.99 * size, "on a disk where folders take room"


def _bury(folder: str, times: int) -> list[int]:
    """Hold a removed folder below ``58 * times`` removed ones; few are there at any time."""
    os.makedirs(f"{folder}/x")  # noqa: PTH103 - as the attacks do
    held = os.open(f"{folder}/x", os.O_RDONLY)
    os.rmdir(f"{folder}/x")  # noqa: PTH106 - as above
    way = [f"{folder}-above{'/e' * depth}" for depth in range(58)]
    for _ in range(times):
        os.makedirs(way[-1])  # noqa: PTH103 - as above
        os.rename(folder, f"{way[-1]}/d")  # noqa: PTH104 - as above
        os.rmdir(f"{way[-1]}/d")  # noqa: PTH106 - as above
        for above in reversed(way[1:]):
            os.rmdir(above)  # noqa: PTH106 - as above
        os.rename(way[0], folder)  # noqa: PTH104 - as above
    return [held]


@pytest.mark.parametrize(("times", "wanted"), [(1, "counted"), (2, "more than 64 removed folders")])
def test_folders_that_are_buried_deeper_than_any_may_lie_are_a_fault(
    in_server: InChild, tmp_path: Path, times: int, wanted: str
) -> None:
    def work() -> str:
        try:
            _nameless(lambda: _bury(str(tmp_path / "d"), times))
        except ValueError as error:
            usage.end_strays(())
            return str(error)
        return "counted"

    assert in_server(work).startswith(wanted)


def _watch_copies(epolls: list[select.epoll], files: int, numbers: int) -> None:
    """Watch each file under each number: a watch stays when its number goes to another file."""
    for file in [os.eventfd(0) for _ in range(files)]:
        for number in range(500, 500 + numbers):
            os.dup2(file, number)
            for epoll in epolls:
                epoll.register(number)


@pytest.mark.parametrize(
    ("epolls", "files", "numbers", "wanted"), [(0, 1, 9, 0), (3, 4, 5, 3 + 60), (1, 40, 200, None)]
)
def test_what_epolls_watch_counts_whatever_became_of_its_numbers(
    in_server: InChild, epolls: int, files: int, numbers: int, wanted: int | None
) -> None:
    """Nobody needs the exact number of what is too many."""

    def work() -> int:
        reader, writer = os.pipe()

        def hold() -> None:
            os.closerange(10, writer)  # the test's own
            resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
            kept = [select.epoll() for _ in range(epolls)]
            _watch_copies(kept, files, numbers)
            os.write(writer, b"1")
            time.sleep(30)
            assert kept

        child, start = program(hold)
        counter = counter_of(child)
        os.close(start)
        os.read(reader, 1)
        held = counter.held()
        usage.end_strays(())
        return held.watches

    watches = in_server(work)
    assert watches == wanted if wanted is not None else watches > usage.MOST_WATCHES


def _only_mapped(act: Callable[[], object], *, own_shared_memory: bool = False) -> list[int]:
    """Return how many removed files are only mapped before and after a program acts."""
    reader, writer = os.pipe()

    def acts() -> None:
        kept = act()
        os.write(writer, b"1")
        time.sleep(30)
        assert kept

    child, start = program(acts)
    counter = counter_of(child, own_shared_memory=own_shared_memory)
    seen = [counter.only_mapped()]
    os.close(start)
    os.read(reader, 1)
    seen.append(counter.only_mapped())
    usage.end_strays(())
    return seen


def _a_page(_: object = None) -> list[object]:
    """Map a page of a large removed file in the one folder that both kinds of run can write to."""
    with tempfile.TemporaryFile(dir=namespaces.SHARED_MEMORY) as stream:
        stream.truncate(3 * MIB)
        address = call.syscall(
            "mmap",
            numbers(os.uname().machine)["mmap"],
            *(0, 4096, mmap.PROT_READ, mmap.MAP_SHARED, stream.fileno(), 0),
        )
    return [address]


def _three_in_two_processes() -> list[object]:
    pages = [_a_page(), _a_page(), _a_page()]
    os.fork()
    return [pages]


def _open_as_well() -> list[object]:
    stream = tempfile.TemporaryFile(dir=namespaces.SHARED_MEMORY)  # noqa: SIM115 - stays open
    stream.truncate(MIB)
    return [stream, mmap.mmap(stream.fileno(), MIB)]


@pytest.mark.parametrize(
    ("act", "own_shared_memory", "wanted"),
    [
        (_a_page, False, [0, 1]),
        (_three_in_two_processes, False, [0, 3]),
        (_open_as_well, False, [0, 0]),
        (_a_page, True, [0, 0]),  # counts as memory there
    ],
)
def test_removed_files_that_only_mappings_hold_count(
    in_server: InChild, act: Callable[[], object], *, own_shared_memory: bool, wanted: list[int]
) -> None:
    seen = in_server(lambda: _only_mapped(act, own_shared_memory=own_shared_memory))
    assert seen == wanted


def _in_a_folder_of_long_names(act: Callable[[], object]) -> None:
    """Act in a folder whose path the kernel escapes to 64 KiB."""
    with tempfile.TemporaryDirectory(dir=namespaces.SHARED_MEMORY) as folder:
        os.chdir(folder)
        for _ in range(60):
            os.mkdir("\n" * 255)  # noqa: PTH102 - the whole path is too long for a call
            os.chdir("\n" * 255)
        act()
        os.chdir("/")


def test_mappings_of_long_names_are_not_read_to_the_end(in_server: InChild) -> None:
    def hold() -> list[object]:
        kept: list[object] = []

        def fill() -> None:
            with open("f", "w+b") as stream:  # noqa: PTH123 - as above
                stream.truncate(4096)
                kept.extend(
                    call.syscall(
                        "mmap",
                        numbers(os.uname().machine)["mmap"],
                        *(0, 4096, mmap.PROT_READ, mmap.MAP_SHARED, stream.fileno(), 0),
                    )
                    for _ in range(2000)
                )

        _in_a_folder_of_long_names(fill)
        return kept

    def work() -> tuple[str, int]:
        try:
            said = str(_only_mapped(hold))
        except ValueError as error:
            said = str(error)
        finally:
            usage.end_strays(())
        return said, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    said, peak = in_server(work)
    assert said == "its processes have too many mappings"
    assert peak < before + 2 * usage._MOST_MAPS_BYTES + 16 * MIB


def test_what_was_mapped_before_the_run_does_not_count(in_server: InChild) -> None:
    def work() -> list[int]:
        page = _a_page()
        return _only_mapped(lambda: page)

    assert in_server(work) == [0, 0]


def test_more_mappings_than_can_be_looked_at_are_a_fault(
    in_server: InChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "_MOST_MAPS_BYTES", 1000)

    def work() -> str:
        try:
            return str(_only_mapped(list))
        except ValueError as error:
            return str(error)
        finally:
            usage.end_strays(())

    assert in_server(work) == "its processes have too many mappings"


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: [os.pipe() for _ in range(usage.FREE_BUFFERS)], 0),
        (lambda: [os.pipe() for _ in range(usage.FREE_BUFFERS + 3)], 3 * 65536),
        (
            lambda: [socket.socketpair() for _ in range(usage.FREE_BUFFERS)],
            usage.FREE_BUFFERS * 2 * 212992,
        ),
    ],
)
def test_pipes_and_sockets_count_beyond_a_few(
    in_server: InChild, make: Callable[[], list[object]], wanted: int
) -> None:
    def work() -> list[int]:
        reader, writer = os.pipe()

        def hold() -> None:
            kept = make()
            os.fork()  # what two processes hold counts once
            os.write(writer, b"1")
            time.sleep(30)
            assert kept

        child, start = program(hold)
        counter = counter_of(child)
        seen = [counter.held().buffer_bytes]
        os.close(start)
        os.read(reader, 1)
        seen.append(counter.held().buffer_bytes)
        usage.end_strays(())
        return seen

    before, after = in_server(work)
    assert before == 0
    assert wanted <= after <= wanted + 8 * 2 * 212992  # and those of the test itself


def test_sockets_count_that_only_a_waiting_thread_holds_where_namespaces_hold(
    in_server: InChild,
) -> None:
    pairs = 2 * usage.FREE_BUFFERS

    def work() -> int:
        reader, writer = os.pipe()

        def hold() -> None:
            poller = select.poll()
            poller.register(reader, 0)
            kept = [socket.socketpair() for _ in range(pairs)]
            for end in itertools.chain(*kept):
                poller.register(end, 0)
            threading.Thread(target=poller.poll).start()
            time.sleep(0.2)
            for end in itertools.chain(*kept):
                end.close()
            os.write(writer, b"1")
            time.sleep(30)

        child, start = program(hold)
        counter = counter_of(child, own_shared_memory=True)
        os.close(start)
        os.read(reader, 1)
        seen = counter.held().buffer_bytes
        usage.end_strays(())
        return seen

    assert in_server(work) >= (2 * pairs - usage.FREE_BUFFERS) * 2 * 212992


def test_a_fork_bomb_is_ended_to_the_last(in_server: InChild) -> None:
    def work() -> tuple[int, str]:
        _, start = program(_bounded_bomb)
        os.close(start)
        time.sleep(0.3)
        before = len(usage._strays(()))
        usage.end_strays(())
        try:
            os.waitpid(-1, 0)
        except ChildProcessError as error:
            return before, error.strerror or ""
        return before, "there is still one"

    before, said = in_server(work)
    assert before > 3
    assert said == "No child processes"


def _bounded_bomb() -> None:
    """At most some 60 processes at once: it shares the machine with other tests."""
    for _ in range(6):
        if os.fork() == 0:
            os.setsid()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


def test_strangers_are_left_alone(in_server: InChild) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        in_server(lambda: usage.end_strays(()))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_strays_are_ended_and_a_spared_child_with_its_own_lives_on(in_child: InChild) -> None:
    def work() -> list[object]:
        call.adopt_orphans()
        spared, spared_start = program(os.fork)
        stray, start = program(_bounded_bomb)
        os.close(start)
        os.write(spared_start, b"1")  # the stray has a copy of this end: closing does not do
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if proc.children(str(spared)) and len(usage._strays(())) > 5:
                break
            time.sleep(0.02)
        usage.end_strays((spared,))
        left = usage._strays(())
        usage.end_strays(())
        return [spared in left, len(left), stray in left]

    assert in_child(work) == [True, 2, False]


def test_memory_that_a_dying_process_passes_on_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look meets it between two processes: one has ended, the next is not listed yet."""
    walks = iter(([1, 2], [1, 3]))
    sizes = {1: 10, 3: 500}
    counter = counter_of(os.getpid())
    monkeypatch.setattr(counter, "_processes", lambda: next(walks))
    assert counter._most(sizes.get) == 510


def test_processes_that_come_and_go_are_not_looked_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walks = itertools.count()
    counter = counter_of(os.getpid())
    monkeypatch.setattr(counter, "_processes", lambda: [next(walks)])
    assert counter._most(lambda _: None) == 0
    assert next(walks) == usage._MOST_WALKS


@pytest.mark.parametrize(
    "look",
    [
        lambda counter: counter.held(),
        lambda counter: counter.tasks(),
        lambda counter: counter.only_mapped(),
        lambda counter: counter.private_bytes(enough=0),
    ],
    ids=["held", "tasks", "only_mapped", "private_bytes"],
)
def test_a_look_ends_when_the_time_is_up(
    in_server: InChild, look: Callable[[usage.Counter], object]
) -> None:
    def work() -> str:
        child, start = program(lambda: None)
        counter = usage.Counter(
            child,
            lambda: usage.orphans(()),
            own_shared_memory=False,
            until=time.monotonic() - 1,
        )
        os.close(start)
        try:
            look(counter)
        except TimeoutError:
            return "the time is up"
        finally:
            usage.end_strays(())
        return "looked on"

    assert in_server(work) == "the time is up"
