"""Runs one check and writes what it found as evidence for exactly this working tree."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tracemill_gate.clock import Clock
from tracemill_gate.errors import CannotJudge, TreeMoved
from tracemill_gate.evidence import counter
from tracemill_gate.evidence.check import Check, place, refuse_impossible
from tracemill_gate.evidence.counter import Tally
from tracemill_gate.evidence.dependency import state_of
from tracemill_gate.evidence.environment import variables_of, versions_of
from tracemill_gate.evidence.store import store, void
from tracemill_gate.tree import WorkingTree, changed_paths, snapshot
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement

TAIL_BYTES = 64 * 1024
"""Counters read closing lines; output before the last 64 KiB is shown and forgotten."""

PATIENCE = 10.0
"""Seconds that an interrupted check has for stopping its servers and removing its files."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The outcome of a check.

    Attributes:
        evidence: What was written.
        notes: Sentences for the person who reads the output.
    """

    evidence: Evidence
    notes: tuple[str, ...]

    @property
    def green(self) -> bool:
        """Tell whether the evidence is a pass."""
        found = self.evidence.predicate
        return found.checked > 0 and found.failed == 0 and found.skipped == 0


def record(folder: Path, check: Check, *, clock: Clock, output: BinaryIO | None = None) -> Recorded:
    """Run a check and store its evidence, also when it failed.

    Args:
        folder: A folder of the working tree; the command runs in its top folder.
        check: What to run.
        clock: Gives the times in the evidence, and the day.
        output: Where the command's output goes; standard output if None.

    Raises:
        GateUsage: the check itself is impossible.
        CannotJudge: the command could not start, did not say what it checked, or the tree
            changed while it ran. No evidence stands then.
    """
    refuse_impossible(check)
    return run_check(snapshot(folder), check, clock=clock, output=output)


def run_check(
    before: WorkingTree, check: Check, *, clock: Clock, output: BinaryIO | None = None
) -> Recorded:
    """Run a check on a tree whose state is known and store its evidence; else like ``record``."""
    refuse_impossible(check)
    void(before.root, check.gate)
    depended = state_of(before.root, check.depends_on, clock=clock)
    versions = {**versions_of(before.root, check.environment), **depended}
    started = clock()
    tally, notes = _run(before, check, output or sys.stdout.buffer)
    _refuse_moved(before, snapshot(before.root), check.gate)
    tally, allowed = _without_allowed(tally, check.allowed_skips)
    evidence = _statement(before, check, tally, versions, times=(started, clock()))
    store(before.root, evidence)
    return Recorded(evidence=evidence, notes=(*notes, *allowed, *_skip_notes(tally)))


def _statement(
    tree: WorkingTree,
    check: Check,
    tally: Tally,
    versions: Mapping[str, str],
    *,
    times: tuple[str, str],
) -> Evidence:
    return statement(
        subjects=(
            Subject(name="tree", digest=Digest(gitTree=tree.id)),
            Subject(name="config", digest=Digest(sha256=check.digest)),
        ),
        predicate=Predicate(
            gate=check.gate,
            passed=tally.passed,
            failed=tally.failed,
            skipped=len(tally.skipped),
            checked=tally.passed + tally.failed + len(tally.skipped),
            device=tally.device or check.device,
            versions=dict(versions),
            started=times[0],
            finished=times[1],
        ),
    )


def _run(tree: WorkingTree, check: Check, output: BinaryIO) -> tuple[Tally, tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="tracemill-gate-") as scratch:
        file = Path(scratch) / "counted"
        words = [word.replace(place(check.checked_from), str(file)) for word in check.command]
        variables = variables_of(tree.root, check.environment)
        code, tail = _stream(words, tree.root, output, variables)
        if check.checked_from in counter.OF_FILE:
            tally = counter.OF_FILE[check.checked_from](file)
        elif check.checked_from.startswith(counter.FILES):
            tally = counter.of_files(check.checked_from, tuple(tree.files), good=code == 0)
        else:
            tally = counter.OF_OUTPUT[check.checked_from](tail)
    return _agreed(tally, code, check)


def _agreed(tally: Tally | None, code: int, check: Check) -> tuple[Tally, tuple[str, ...]]:
    """Join what was counted with the exit code; where they differ the worse one stands."""
    name = check.command[0]
    if tally is None:
        if code == 0:
            raise CannotJudge(
                f"{check.gate}: {name} ended well but did not say what it checked; wanted the "
                f"count that --checked-from {check.checked_from} reads, got none; no evidence left"
            )
        note = f"{name} ended with exit code {code} before it could say what it checked"
        return Tally(passed=0, failed=1), (note,)
    if code != 0 and tally.failed == 0:
        note = f"{name} ended with exit code {code} though nothing it counted failed"
        return dataclasses.replace(tally, failed=1), (note,)
    return tally, ()


def _stream(
    words: list[str], folder: Path, output: BinaryIO, variables: Mapping[str, str]
) -> tuple[int, str]:
    # Popen looks a program up on the caller's PATH, not on that of the environment it is given.
    found = None if os.sep in words[0] else shutil.which(words[0], path=variables.get("PATH"))
    try:
        child = subprocess.Popen(  # noqa: S603 - running the command that was given is the point
            [found or words[0], *words[1:]],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            process_group=0,  # all that the check starts can be ended with it
        )
    except OSError as error:
        raise CannotJudge(
            f"{words[0]}: could not be started ({error.strerror}); "
            "install it in this environment or correct the command"
        ) from error
    with child:
        try:
            tail = _passed_on(child, output)
            child.wait()
        finally:
            if child.returncode is None:
                _end(child)
    return child.returncode, tail.decode(errors="replace")


def _passed_on(child: subprocess.Popen[bytes], output: BinaryIO) -> bytes:
    """Show what a check prints while it runs; return the end of it."""
    if child.stdout is None:
        raise CannotJudge("the output of the check could not be read")
    tail = b""
    while block := child.stdout.read(65536):
        output.write(block)
        output.flush()
        tail = (tail + block)[-TAIL_BYTES:]
    return tail


def _end(child: subprocess.Popen[bytes]) -> None:
    """Interrupt all processes of a check as a terminal would; kill what is left after a while."""
    try:
        os.killpg(child.pid, signal.SIGINT)
        child.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        pass  # it is killed below
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _refuse_moved(before: WorkingTree, after: WorkingTree, gate: str) -> None:
    paths = changed_paths(before, after)
    if not paths:
        return
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    raise TreeMoved(
        f"{gate}: the working tree changed while the command ran ({', '.join(paths[:3])}{more}); "
        "no evidence written; run it again, and ignore in .gitignore what the command writes"
    )


def _without_allowed(tally: Tally, allowed: Mapping[str, str]) -> tuple[Tally, tuple[str, ...]]:
    """Take the skips that are listed with a reason out of the count; they count as nothing."""
    reasons = {counter.pattern(text): reason for text, reason in allowed.items()}
    kept, notes = [], []
    for name, message in tally.skipped:
        reason = next((why for p, why in reasons.items() if p.fullmatch(name)), None)
        if reason is None:
            kept.append((name, message))
        else:
            notes.append(f"allowed skip: {name} ({reason})")
    return dataclasses.replace(tally, skipped=tuple(kept)), tuple(notes)


def _skip_notes(tally: Tally) -> tuple[str, ...]:
    return tuple(f"skipped, which is not a pass: {name} ({why})" for name, why in tally.skipped)
