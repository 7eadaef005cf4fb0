"""``tracemill question`` as a person meets it: killed, interrupted, a full disk, old files."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
import pytest

TRACEMILL = (sys.executable, "-m", "tracemill")
ROWS = "".join(
    f"place {n};{(n * 7 % 23)},{n * 13 % 97};{'abc'[n % 3]};{n * n % 17};{n % 5}\n"
    for n in range(1, 61)
)
TABLES = ("alpha", "beta", "gamma")
FILE_LIMIT = 20_000
"""Bytes that no file may exceed; a file of 30 questions has more."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(TABLES):
        head = f"Stadt;Preis;Art;Zahl;Tag{number}\n"
        (tmp_path / f"{name}.csv").write_text(head + ROWS)
    return tmp_path


def run(
    folder: Path, *words: str, seed: str = "0", limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TRACEMILL, "question", *words],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=None if limit is None else lambda: _limited(limit),
    )


def _limited(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write fails as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def generate(out: str, *, count: int = 20, processes: int = 1, source: str = "all") -> list[str]:
    return ["generate", "--source", source, "--tables", ".", "--count", str(count), "--out", out,
            "--processes", str(processes)]  # fmt: skip


def bytes_of(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def stop(folder: Path, words: Sequence[str], by: signal.Signals, when: Callable[[], bool]) -> str:
    """Start a command, stop it when a moment has come; return what it told."""
    process = subprocess.Popen(
        [*TRACEMILL, "question", *words],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not when():
        assert process.poll() is None, "it was done before it could be stopped"
        time.sleep(0.002)
    process.send_signal(by)
    _, told = process.communicate()
    return f"{process.returncode} {told}"


def stop_after_first_file(folder: Path, words: Sequence[str], by: signal.Signals) -> str:
    """Start a command, stop it when its first file stands; return what it told."""
    return stop(folder, words, by, lambda: bool(list((folder / "q").glob("*/*.jsonl"))))


def stop_in_a_table(folder: Path, words: Sequence[str], by: signal.Signals) -> str:
    """Start a command, stop it when 30 questions of a table are kept; return what it told."""
    return stop(folder, words, by, lambda: any(n >= 30 for n in kept_of_parts(folder / "q")))


def kept_of_parts(out: Path) -> list[int]:
    """Whole questions of each table that is not done; the first line of its file is none."""
    return [path.read_bytes().count(b"\n") - 1 for path in out.glob(".made/*/*.part")]


@pytest.mark.parametrize("processes", [1, 2])
def test_the_same_bytes_for_any_number_of_processes_and_any_hash_seed(
    folder: Path, processes: int
) -> None:
    first = run(folder, *generate("one"), seed="1")
    assert first.returncode == 0, first.stderr
    again = run(folder, *generate("two", processes=processes), seed="4711")
    assert again.returncode == 0, again.stderr
    assert bytes_of(folder / "one") == bytes_of(folder / "two")
    assert len(bytes_of(folder / "one")) == 4 * len(TABLES)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_kill_in_the_middle_costs_the_files_in_work_and_the_same_command_goes_on(
    folder: Path, processes: int
) -> None:
    words = generate("q", count=80, processes=processes)
    stop_after_first_file(folder, words, signal.SIGKILL)
    stood = [p for p in (folder / "q").rglob("*.jsonl") if not p.name.startswith(".")]
    assert all(path.read_bytes().endswith(b"\n") for path in stood)
    assert len(stood) < 2 * len(TABLES)
    # a process that was at work when its parent was killed may still finish its file
    again = run(folder, *words)
    assert again.returncode == 0, again.stderr
    whole = run(folder, *generate("whole", count=80))
    assert whole.returncode == 0, whole.stderr
    assert bytes_of(folder / "q") == bytes_of(folder / "whole")


@pytest.mark.parametrize(
    ("source", "processes", "by"),
    [
        ("template", 1, signal.SIGKILL),
        ("template", 2, signal.SIGKILL),
        ("procedural", 1, signal.SIGINT),
    ],
)
def test_a_table_that_was_stopped_in_the_middle_goes_on_there(
    folder: Path, source: str, processes: int, by: signal.Signals
) -> None:
    (folder / "gamma.csv").unlink()
    words = generate("q", count=150, processes=processes, source=source)
    assert stop_in_a_table(folder, words, by).startswith(f"{130 if by == signal.SIGINT else -9} ")
    kept = kept_of_parts(folder / "q")
    assert 30 <= max(kept) < 150
    assert not list((folder / "q").glob("*/*.jsonl"))
    again = run(folder, *words, "--json")
    assert again.returncode == 0, again.stderr
    # a process that was at work when its parent was killed may have kept some more
    assert sum(kept) <= orjson.loads(again.stdout)["resumed"] < 2 * 150
    whole = run(folder, *generate("whole", count=150, source=source))
    assert whole.returncode == 0, whole.stderr
    assert bytes_of(folder / "q") == bytes_of(folder / "whole")


def test_an_interrupt_ends_with_130_and_leaves_nothing_half(folder: Path) -> None:
    words = generate("q", count=80, processes=2)
    told = stop_after_first_file(folder, words, signal.SIGINT)
    said = "interrupted: what is finished stands; the same command goes on"
    assert told.split() == ["130", *said.split()]
    files = [p for p in (folder / "q").rglob("*") if p.is_file()]
    assert all(p.read_bytes().endswith(b"\n") for p in files)
    assert run(folder, *words).returncode == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_a_full_disk_is_told_and_what_stood_stands(folder: Path, processes: int) -> None:
    small = run(folder, *generate("q", count=2, source="template"))
    assert small.returncode == 0, small.stderr
    before = bytes_of(folder / "q")
    words = generate("q", count=60, source="template", processes=processes)
    full = run(folder, *words, limit=FILE_LIMIT)
    assert full.returncode == 3
    assert "could not be extended (File too large)" in full.stderr
    assert "free some space" in full.stderr
    assert "0 of 3 files stand in q/template, and " in full.stderr
    assert " questions of the others are kept: the same command goes on there" in full.stderr
    assert "Traceback" not in full.stderr
    after = bytes_of(folder / "q")
    assert {name: data for name, data in after.items() if not name.endswith(".part")} == before
    assert sum(kept_of_parts(folder / "q")) > 0
    again = run(folder, *words)
    assert again.returncode == 0, again.stderr
    assert run(folder, *generate("whole", count=60, source="template")).returncode == 0
    assert bytes_of(folder / "q") == bytes_of(folder / "whole")


LEGACY = {
    "_ground_truth": (3, "answers"),
    "_ground_truths": ([3], "answers"),
    "question": ("How many?", "prompt"),
    "llm_gen": (True, 'source: "llm"'),
}
QUESTION_READERS = [
    ("question", "show", "q.jsonl"),
    ("question", "stats", "q.jsonl"),
    ("question", "gaps", "q.jsonl", "--tables", "alpha.csv"),
    ("question", "explain", "0000", "--questions", "q.jsonl"),
    ("question", "validate", "q.jsonl", "--tables", "alpha.csv"),
    ("episode", "run", "q.jsonl", "--table", "alpha.csv", "--out", "e.jsonl"),
    ("episode", "verify", "q.jsonl", "--questions", "q.jsonl"),
    ("trace", "verify", "q.jsonl", "--questions", "q.jsonl"),
    ("task", "check", "--questions", "q.jsonl", "alpha.csv"),
    ("record", "check", "q.jsonl", "--contract", "question.v1"),
]
OTHER_READERS = [
    ("episode", "show", "q.jsonl"),
    ("trace", "show", "q.jsonl"),
    ("trace", "verify", "q.jsonl"),
    ("dataset", "verify", "set"),
    ("dataset", "show", "set"),
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked")
    (path / "alpha.csv").write_text("Stadt;Preis;Art;Zahl;Tag\n" + ROWS)
    made = run(path, *generate("q", count=1, source="template"))
    assert made.returncode == 0, made.stderr
    (path / "set").mkdir()
    return path


def refusal(asked: Path, words: tuple[str, ...], changes: dict[str, object]) -> str:
    """Run a command on a question with some keys changed; return what it told."""
    document = orjson.loads((asked / "q/template/alpha.jsonl").read_bytes())
    old = orjson.dumps({**document, **changes}) + b"\n"
    (asked / "q.jsonl").write_bytes(old)
    (asked / "set/manifest.json").write_bytes(old)
    result = subprocess.run(
        [*TRACEMILL, *words], cwd=asked, capture_output=True, text=True, check=False
    )
    told = result.stdout + result.stderr
    assert result.returncode == 1, told
    assert "Traceback" not in told
    return told


@pytest.mark.parametrize("words", [*QUESTION_READERS, *OTHER_READERS], ids=" ".join)
def test_every_reading_command_refuses_the_ancestors_keys_by_name(
    asked: Path, words: tuple[str, ...]
) -> None:
    told = refusal(asked, words, {key: value for key, (value, _) in LEGACY.items()})
    for key, (_, now) in LEGACY.items():
        assert f"/{key}" in told
        assert f"no such key; it is now {now}" in told


@pytest.mark.parametrize("words", QUESTION_READERS, ids=" ".join)
def test_every_command_that_reads_questions_refuses_the_ancestors_source_by_name(
    asked: Path, words: tuple[str, ...]
) -> None:
    told = refusal(asked, words, {"source": "llm_gen"})
    assert "/source" in told
    assert 'no such word; it is now "llm"' in told
