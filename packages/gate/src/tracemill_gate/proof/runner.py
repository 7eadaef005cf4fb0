"""Runs pytest on test files in one tree: a process group of its own, a time limit, no more.

Two processes never share a tree at one time; which files share a process is for the caller.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tracemill_gate.proof.environment import PROBE, PYTHON, environment
from tracemill_gate.proof.frozen import changed, digests
from tracemill_gate.proof.observation import Observed, Run, observe
from tracemill_gate.proof.settings import PytestSettings, lay
from tracemill_gate.proof.side import Site
from tracemill_gate.proof.workspace import Tree

TAIL = 4000
"""Characters of pytest's output that are kept if it did not end by its own will."""

_DULL = {2: "pytest was interrupted", 3: "pytest had an internal error", 4: "pytest did not start"}
"""Exit codes of pytest that say that it did not run the tests (its reference, "Exit codes")."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What shall be run of one file.

    Attributes:
        file: The test file, relative to the top folder.
        wanted: Ids to select in it.
        settings: Settings of pytest that hold for it.
        limit_s: Seconds after which the process is ended.
        stop_early: End at the first failure.
    """

    file: str
    wanted: tuple[str, ...]
    settings: PytestSettings
    limit_s: float
    stop_early: bool = False


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all runs of a proof have in common.

    Attributes:
        folder: Scratch folder for what the runs write.
        probe_folder: Where the plugin lies.
        inherited: The caller's environment.
        own: Names of the repository's own modules, of both commits.
        frozen: Frozen test file -> digest at HEAD.
        bytecode: Where processes share their bytecode, if they do.
    """

    folder: Path
    probe_folder: Path
    inherited: Mapping[str, str]
    own: tuple[str, ...]
    frozen: Mapping[str, str]
    bytecode: Path | None = None


@dataclass(kw_only=True)
class Stopwatch:
    """How long at least one process of tests was running, in seconds, and how many there were."""

    busy: float = 0.0
    started: int = 0
    running: int = 0
    since: float = field(default=0.0)

    @contextmanager
    def running_tests(self) -> Iterator[None]:
        """Count the time within as time of the tests."""
        if not self.running:
            self.since = time.monotonic()
        self.started += 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            if not self.running:
                self.busy += time.monotonic() - self.since


async def run(
    site: Site, orders: Sequence[Order], ground: Ground, watch: Stopwatch, *, repeat: int
) -> tuple[Run, ...]:
    """Run files once in one process, put the tree back, and return what was seen of each.

    The second time, the last test of the last file is the first: a test that ends as it does only
    because of those before it differs from itself.

    Args:
        site: The tree.
        orders: The files, at least one; all have the same settings, limit and way to stop.
        ground: What all runs have in common.
        watch: Counts the time.
        repeat: 1 or 2.
    """
    top, settings = site.tree.top, orders[0].settings
    folder = Path(tempfile.mkdtemp(prefix="r", dir=ground.folder))
    events, output = folder / "events", folder / "output"
    variables = environment(
        ground.inherited,
        probe_folder=ground.probe_folder,
        roots=[top / root for root in site.side.roots],
        request=_request(orders, top, ground, events, reverse=repeat > 1),
        bytecode=ground.bytecode,
    )
    words = _words(orders, top, folder, lay(settings, top))
    started = time.monotonic()
    with watch.running_tests():
        ended, code = await _process(words, top, variables, output, orders[0].limit_s)
    seconds = time.monotonic() - started
    seen = observe(events, ended=ended)
    ended = ended or _early_end(seen, code)
    moved = await asyncio.to_thread(_put_back, site.tree, ground)
    whole = Run(
        file="",
        side=site.side.name,
        repeat=repeat,
        seconds=seconds,
        ended=ended,
        modules={name: _relative(file, top) for name, file in seen.modules.items()},
        changed=moved,
        tail=output.read_text(encoding="utf-8", errors="replace")[-TAIL:] if ended else "",
    )
    return _of_each([order.file for order in orders], whole, seen)


def _request(
    orders: Sequence[Order], top: Path, ground: Ground, events: Path, *, reverse: bool
) -> Path:
    """Write what the plugin shall do, and return the file."""
    asked = {
        "events": str(events),
        "tree": str(top),
        "wanted": [test for order in orders for test in order.wanted],
        "own": ground.own,
        "reverse": reverse,
    }
    request = events.with_name("request")
    request.write_text(json.dumps(asked), encoding="utf-8")
    return request


def _early_end(seen: Observed, code: int) -> str:
    """Return why pytest did not do its work though nothing ended it; empty if it did."""
    if seen.never_began:
        return ""  # that is told of each file
    if code in _DULL:
        return f"{_DULL[code]} (exit code {code})"
    return "" if seen.finished else f"the process ended early (exit code {code})"


def _of_each(files: Sequence[str], whole: Run, seen: Observed) -> tuple[Run, ...]:
    """Return what was seen of each file of a process."""
    return tuple(
        replace(
            whole,
            file=file,
            cases=seen.cases_in(file),
            unusable=seen.unusable_in(file, files),
            known=seen.known_in(file),
        )
        for file in files
    )


def _put_back(tree: Tree, ground: Ground) -> tuple[str, ...]:
    """Reset a tree and return the test files that the run had changed.

    Python tells by second and size whether bytecode is that of a file. A planted fault may have
    the size and the second of the one before, so what was compiled of the tree goes.
    """
    moved = changed(ground.frozen, digests(tree.top, ground.frozen))
    tree.reset()
    if ground.bytecode is not None:
        compiled = ground.bytecode / tree.top.relative_to(tree.top.anchor)
        shutil.rmtree(compiled, ignore_errors=True)
    return moved


def _relative(file: str, top: Path) -> str:
    """Return a path relative to the tree; one outside stays whole."""
    path = Path(top, file)
    return str(path.relative_to(top)) if path.is_relative_to(top) else str(path)


def _words(orders: Sequence[Order], top: Path, folder: Path, settings: Path) -> Sequence[str]:
    """Return the command; what follows the files takes back what ``addopts`` may have set."""
    return (
        *(*PYTHON, "-m", "pytest", "-p", PROBE, "-c", str(settings), f"--rootdir={top}"),
        *(*(order.file for order in orders), "-m", "", "-k", ""),
        "--maxfail=1" if orders[0].stop_early else "--maxfail=0",
        *("--continue-on-collection-errors", "--tb=short", "--color=no"),
        *("-o", f"cache_dir={folder / 'cache'}", f"--basetemp={folder / 't'}"),
    )


async def _process(
    words: Sequence[str], top: Path, variables: Mapping[str, str], output: Path, limit_s: float
) -> tuple[str, int]:
    """Run a command; return what ended it, if not itself, and its exit code."""
    with output.open("wb") as stream:
        child = await asyncio.create_subprocess_exec(
            *words,
            cwd=top,
            env=variables,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stream,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = await asyncio.wait_for(child.wait(), limit_s)
    except TimeoutError:
        return f"the time limit of {limit_s:g} s", -signal.SIGKILL
    finally:
        await _end(child)
    return (f"signal {signal.Signals(-code).name}" if code < 0 else "", code)


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the whole group of a process; children that its tests left would outlive it.

    A second interrupt does not keep it from being waited for: the loop must not end before.
    """
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    while child.returncode is None:
        with suppress(asyncio.CancelledError):
            await child.wait()
