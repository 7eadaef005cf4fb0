"""Jobs in real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracemill_datagen.crew import Tell, each
from tracemill_datagen.errors import BadRequest, DatagenError
from tracemill_schema.jsonl import CannotWrite


@pytest.fixture(autouse=True)
def _found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes import the jobs of this file, whatever the tests were started from."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[__name__.count(".")]))


def squared(job: int, tell: Tell) -> int:
    tell(job)
    time.sleep(0.05 if job == 0 else 0)
    return job * job


def refused(job: int, _: Tell) -> int:
    if job == 1:
        raise BadRequest("job 1 is not possible")
    raise CannotWrite("disk full")


def killed(_job: int, _: Tell) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def process_of(_job: int, _: Tell) -> int:
    time.sleep(0.2)
    return os.getpid()


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(processes: int) -> None:
    told: list[tuple[int, int]] = []
    jobs = [0, 1, 2, 3]
    found = list(each(squared, jobs, processes=processes, tell=lambda *said: told.append(said)))
    assert found == [0, 1, 4, 9]
    assert sorted(told) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_no_jobs_give_nothing() -> None:
    assert list(each(squared, [], processes=2)) == []


def test_jobs_run_in_as_many_processes_as_asked_and_not_in_this_one() -> None:
    found = set(each(process_of, [0, 1], processes=2))
    assert len(found) == 2
    assert os.getpid() not in found


def test_faults_of_jobs_arrive_and_a_full_disk_keeps_its_kind() -> None:
    with pytest.raises(CannotWrite, match="disk full"):
        list(each(refused, [0, 2], processes=2))
    with pytest.raises(DatagenError, match="job 1 is not possible"):
        list(each(refused, [1, 1], processes=2))


def test_a_killed_process_is_told_with_what_to_do() -> None:
    with pytest.raises(DatagenError, match=r"exit code -9.*run the same command again"):
        list(each(killed, [0, 1], processes=2))


PARENT = """
import os, sys, time
sys.path.insert(0, {folder!r})
from test_crew import slow
from tracemill_datagen.crew import each
if __name__ == "__main__":
    list(each(slow, [{marks!r} + "/a", {marks!r} + "/b"], processes=2))
"""


def slow(path: str, _: Tell) -> int:
    Path(path).write_text(str(os.getpid()))
    time.sleep(0.5)
    return 0


def is_running(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(folder=str(Path(__file__).parent), marks=str(tmp_path)))
    parent = subprocess.Popen([sys.executable, str(script)])
    marks = [tmp_path / "a", tmp_path / "b"]
    while not all(mark.is_file() and mark.read_text() for mark in marks):
        assert parent.poll() is None
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    for mark in marks:
        while is_running(mark.read_text()):
            time.sleep(0.02)  # the test hangs, and is ended from outside, where one stays
