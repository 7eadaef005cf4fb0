"""One process of tests: its command, its time, its end, and what it says of each file."""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.git import open_repository
from tracemill_gate.proof.environment import install_probe
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.runner import Ground, Order, Stopwatch, run
from tracemill_gate.proof.settings import PytestSettings
from tracemill_gate.proof.side import Side, Site
from tracemill_gate.proof.workspace import Tree, worktrees

Git = Callable[..., str]
pytestmark = pytest.mark.proof
SETTINGS = """[pytest]
addopts = -x -m slow -k nothing -p no:hypothesispytest -p no:pytest_postgresql
markers = slow
"""


@pytest.fixture
def together(repository: Path, git: Git, tmp_path: Path) -> Callable[..., tuple[Run, ...]]:
    """Return a function that runs files of tests in a worktree, under unwelcome settings."""

    def make(*texts: str, limit_s: float = 60.0) -> tuple[Run, ...]:
        files = dict(zip(("test_a.py", "test_b.py"), texts, strict=False))
        for file, text in files.items():
            (repository / file).write_text(text)
        (repository / "pytest.ini").write_text(SETTINGS)
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "tests")
        install_probe(tmp_path / "probe")
        (tmp_path / "runs").mkdir()
        ground = Ground(
            folder=tmp_path / "runs",
            probe_folder=tmp_path / "probe",
            inherited=os.environ,
            own=(),
            frozen={},
            bytecode=tmp_path / "bytecode",
        )
        side = Side(name="head", commit="HEAD", paths=(), roots=(), modules={})
        watch = Stopwatch()
        orders = [
            Order(
                file=file,
                wanted=(f"{file}::test_a", f"{file}::test_b"),
                settings=PytestSettings(path="pytest.ini", data=SETTINGS.encode()),
                limit_s=limit_s,
            )
            for file in files
        ]

        async def go(tree: Tree) -> tuple[Run, ...]:
            return await run(Site(side=side, tree=tree), orders, ground, watch, repeat=1)

        with worktrees(open_repository(repository), [(tmp_path / "t", "HEAD")]) as (tree,):
            found = asyncio.run(go(tree))
            assert sorted(path.name for path in tree.top.iterdir()) == [
                ".git",
                ".gitignore",
                "a.py",
                "folder",
                "pytest.ini",
                *files,
            ]
        compiled = [str(path) for path in (tmp_path / "bytecode").rglob("*.pyc")]
        assert found[0].ended or any("site-packages" in path for path in compiled)
        assert not (tmp_path / "bytecode" / tree.top.relative_to(tree.top.anchor)).exists()
        assert 0 < watch.busy <= found[0].seconds
        assert watch.started == 1
        assert [done.file for done in found] == list(files)
        return found

    return make


@pytest.fixture
def one(together: Callable[..., tuple[Run, ...]]) -> Callable[[str], Run]:
    """Return a function that runs one file."""
    return lambda text: together(text)[0]


def test_addopts_neither_select_nor_stop(one: Callable[[str], Run]) -> None:
    text = (
        "import sys\nfrom pathlib import Path\n\n\n"
        "def test_a():\n    Path('left.txt').touch()\n    assert 0\n\n\n"
        f"def test_b():\n    assert sys.executable == {sys.executable!r}\n\n\n"
        "def test_c():\n    pass\n"
    )
    found = one(text)
    assert {test: case.state for test, case in found.cases.items()} == {
        "test_a.py::test_a": "failed",
        "test_a.py::test_b": "passed",
    }
    assert found.known == ("test_a.py::test_a", "test_a.py::test_b", "test_a.py::test_c")
    assert (found.ended, found.tail) == ("", "")


ENDS = [
    ("def test_a():\n    import os\n    os._exit(0)\n", "the process ended early (exit code 0)"),
    (
        "import pytest\n\n\ndef test_a():\n    pytest.exit('enough')\n",
        "pytest was interrupted (exit code 2)",
    ),
    ("def test_a():\n    import os\n    os.kill(os.getpid(), 9)\n", "signal SIGKILL"),
]


@pytest.mark.parametrize(("text", "ended"), ENDS, ids=[ended for _, ended in ENDS])
def test_an_end_that_is_not_its_own_is_told(
    one: Callable[[str], Run], text: str, ended: str
) -> None:
    found = one(text)
    assert found.ended == ended
    assert found.case("test_a.py::test_a").state == "unfinished"
    assert found.case("test_a.py::test_b").state == "unfinished"


def test_files_of_one_process_have_each_their_own(
    together: Callable[..., tuple[Run, ...]],
) -> None:
    broken, whole = together("import none_such\n", "def test_a():\n    pass\n")
    assert (broken.case("test_a.py::test_a").state, broken.ended) == ("uncollected", "")
    assert broken.cases == {}
    assert (list(whole.cases), whole.unusable) == (["test_b.py::test_a"], None)
    assert whole.known == ("test_b.py::test_a",)
    assert (whole.case("test_b.py::test_b").state, whole.ended) == ("missing", "")


def test_an_early_end_is_told_of_every_file_of_the_process(
    together: Callable[..., tuple[Run, ...]],
) -> None:
    # A file that could not be collected does not explain the end of another.
    broken, ended = together("import none_such\n", "def test_a():\n    import os; os._exit(0)\n")
    assert broken.ended == ended.ended == "the process ended early (exit code 0)"
    assert broken.case("test_a.py::test_a").state == "uncollected"
    assert ended.case("test_b.py::test_a").state == "unfinished"


LEAVES_A_CHILD = """def test_a():
    import subprocess, sys
    text = "f = open({fifo!r}, 'w'); print(1, flush=True); import time; time.sleep(60)"
    words = [sys.executable, "-S", "-c", text]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout.readline()
    import os
    os._exit(0)
"""


def test_what_a_test_has_started_does_not_outlive_its_process(
    one: Callable[[str], Run], tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        found = one(LEAVES_A_CHILD.format(fifo=str(fifo)))
        assert found.ended == "the process ended early (exit code 0)"
        # The end of the file is seen when nobody holds it open for writing.
        assert select.select([reader], [], [], 20)[0]
    finally:
        os.close(reader)


def test_the_time_limit_is_one_of_the_whole_process(
    together: Callable[..., tuple[Run, ...]],
) -> None:
    slow = "def test_a():\n    import time; time.sleep(600)\n"
    found = together("def test_a():\n    pass\n", slow, limit_s=0.1)
    assert {done.ended for done in found} == {"the time limit of 0.1 s"}
