"""Runs one check and writes what it found as evidence for exactly this working tree."""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tracemill_gate.errors import CannotJudge, GateUsage, TreeMoved
from tracemill_gate.evidence import counter
from tracemill_gate.evidence.counter import Tally
from tracemill_gate.evidence.store import JUDGEMENT, load, store, void
from tracemill_gate.tree import WorkingTree, changed_paths, snapshot
from tracemill_schema.canonical import content_id
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement

GATE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
TAIL_BYTES = 64 * 1024
"""Counters read closing lines; output before the last 64 KiB is shown and forgotten."""

Clock = Callable[[], str]
"""Returns the time as an Instant of tracemill_schema."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check to run.

    Attributes:
        gate: Name of the gate that the evidence is for.
        command: Program and arguments; ``{junit}`` or ``{evidence}`` stands for the file
            that the counter of this name shall read.
        checked_from: Counter, see tracemill_gate.evidence.counter.
        allowed_skips: Pattern of a test id -> why it may be skipped.
        device: What it ran on, ``cpu`` or the accelerator's kind and count; the counter
            ``evidence`` takes it from the command instead.
    """

    gate: str
    command: tuple[str, ...]
    checked_from: str
    allowed_skips: Mapping[str, str]
    device: str = "cpu"

    @property
    def digest(self) -> str:
        """Digest of everything that says how the check is made."""
        return content_id(
            {
                "command": list(self.command),
                "checked_from": self.checked_from,
                "allowed_skips": dict(self.allowed_skips),
                "device": self.device,
            }
        )


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The outcome of a check.

    Attributes:
        evidence: What was written, or what stood there already.
        reused: True if nothing was run.
        notes: Sentences for the person who reads the output.
    """

    evidence: Evidence
    reused: bool
    notes: tuple[str, ...]

    @property
    def green(self) -> bool:
        """Tell whether the evidence is a pass."""
        found = self.evidence.predicate
        return found.checked > 0 and found.failed == 0 and found.skipped == 0


def record(
    folder: Path, check: Check, *, reuse: bool, clock: Clock, output: BinaryIO | None = None
) -> Recorded:
    """Run a check and store its evidence, also when it failed.

    Args:
        folder: A folder of the working tree; the command runs in its top folder.
        check: What to run.
        reuse: Run nothing if green evidence for this tree, command and environment stands there.
        clock: Gives the times in the evidence.
        output: Where the command's output goes; standard output if None.

    Raises:
        GateUsage: the check itself is impossible.
        CannotJudge: the command could not start, did not say what it checked, or the tree
            changed while it ran. No evidence stands then.
    """
    _refuse_impossible(check)
    before = snapshot(folder)
    versions = environment_versions()
    if reuse and (old := _reusable(before, check, versions)):
        return Recorded(evidence=old, reused=True, notes=())
    void(before.root, check.gate)
    started = clock()
    tally, notes = _run(before, check, output or sys.stdout.buffer)
    _refuse_moved(before, snapshot(before.root), check.gate)
    tally, allowed = _without_allowed(tally, check.allowed_skips)
    evidence = _statement(before, check, tally, versions, times=(started, clock()))
    store(before.root, evidence)
    return Recorded(evidence=evidence, reused=False, notes=(*notes, *allowed, *_skip_notes(tally)))


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


def environment_versions() -> Mapping[str, str]:
    """Return what the check ran with: Python, platform and a digest of all distributions."""
    return {
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "tracemill-gate": importlib.metadata.version("tracemill-gate"),
        "distributions": _distributions_digest(),
    }


@functools.cache
def _distributions_digest() -> str:
    found = importlib.metadata.distributions()
    return content_id({item.name: item.version for item in found})


def _refuse_impossible(check: Check) -> None:
    counter.check_name(check.checked_from)
    if not GATE_NAME.fullmatch(check.gate) or check.gate == JUDGEMENT:
        raise GateUsage(
            f"wanted a gate's name in lower case, not {JUDGEMENT!r}, which only the judge writes; "
            f"got {check.gate!r}"
        )
    if not check.command or not check.device:
        raise GateUsage("wanted a command after -- and a device, got none")
    for name in counter.OF_FILE:
        has_place = any(_place(name) in word for word in check.command)
        if has_place != (check.checked_from == name):
            raise GateUsage(
                f"{_place(name)} in the command and the counter {name!r} belong together; got the "
                f"counter {check.checked_from!r} and {'a' if has_place else 'no'} place for it"
            )


def _place(counter_name: str) -> str:
    return "{" + counter_name + "}"


def _reusable(tree: WorkingTree, check: Check, versions: Mapping[str, str]) -> Evidence | None:
    finding, evidence = load(tree.root, check.gate, tree=tree.id)
    if evidence is None or finding.state != "green":
        return None
    config = next((s.digest.sha256 for s in evidence.subject if s.name == "config"), None)
    same = config == check.digest and evidence.predicate.versions == dict(versions)
    return evidence if same else None


def _run(tree: WorkingTree, check: Check, output: BinaryIO) -> tuple[Tally, tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="tracemill-gate-") as scratch:
        file = Path(scratch) / "counted"
        words = [word.replace(_place(check.checked_from), str(file)) for word in check.command]
        code, tail = _stream(words, tree.root, output)
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


def _stream(words: list[str], folder: Path, output: BinaryIO) -> tuple[int, str]:
    tail = b""
    try:
        child = subprocess.Popen(  # noqa: S603 - running the command that was given is the point
            words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
        )
    except OSError as error:
        raise CannotJudge(
            f"{words[0]}: could not be started ({error.strerror}); "
            "install it in this environment or correct the command"
        ) from error
    with child:
        if child.stdout is None:
            raise CannotJudge(f"{words[0]}: its output could not be read")
        while block := child.stdout.read(65536):
            output.write(block)
            output.flush()
            tail = (tail + block)[-TAIL_BYTES:]
    return child.returncode, tail.decode(errors="replace")


def _refuse_moved(before: WorkingTree, after: WorkingTree, gate: str) -> None:
    if before.id == after.id:
        return
    paths = changed_paths(before, after)
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
