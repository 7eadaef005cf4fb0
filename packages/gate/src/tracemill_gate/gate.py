"""The gate, whole: which evidence a tree needs, and how it is judged.

    plan          which check makes the evidence of which gate                             (plan)
    run           judge each gate -> record what is not green -> judge all again
    record GATE   tree id -> run the command -> count -> tree id again -> evidence file   (recorder)
    judge         tree id -> evidence file of each gate that pyproject.toml requires      (judge)

A check never tells the gate that it passed: it leaves evidence, and the gate reads the files.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from tracemill_gate.clock import Clock
from tracemill_gate.config import Config, read_config
from tracemill_gate.errors import CannotJudge, GateUsage
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.judge import Judgement, judge, store_judgement, usable
from tracemill_gate.evidence.recorder import Recorded, run_check
from tracemill_gate.tree import snapshot

Say = Callable[[str], None]
"""Takes one line for the person who waits."""


def run_tree(
    folder: Path,
    plan: Mapping[str, Check],
    *,
    only: Sequence[str] = (),
    again: bool = False,
    clock: Clock,
    output: BinaryIO,
    say: Say,
) -> Judgement:
    """Run every check that lacks green evidence for this tree, then judge the evidence.

    What is interrupted goes on where it stopped: the evidence of finished checks stands. A check
    that is red, or could not be judged, does not keep the others from running.

    Args:
        folder: Any folder of the tree.
        plan: Gate -> the check that makes its evidence.
        only: Run and judge these gates alone. Empty: all that the repository requires.
        again: Run them also where green evidence stands.
        clock: Gives the times in the evidence, and the day.
        output: Where the output of the checks goes.
        say: Takes a line before and after each check.

    Raises:
        ConfigFault: the repository says nowhere which gates it requires.
        GateUsage: ``only`` names no required gate, or a gate has no planned check.
        CannotJudge: there is no tree to judge.
    """
    tree = snapshot(folder)
    for gate in _wanted(read_config(tree.root), only, plan):
        if not again and usable(tree, gate, plan[gate], clock=clock)[0].state == "green":
            continue
        say(f"{gate}: {shlex.join(plan[gate].command)}")
        try:
            say(outcome(run_check(tree, plan[gate], clock=clock, output=output)))
        except CannotJudge as error:
            say(f"{gate}: could not be judged: {error}")
            tree = snapshot(folder)
    return judge_tree(folder, only=only, clock=clock, expected=plan)


def outcome(recorded: Recorded) -> str:
    """Tell in a few lines what a check found."""
    found = recorded.evidence.predicate
    verdict = "green" if recorded.green else "red"
    counts = f"{found.checked} checked, {found.failed} failed, {found.skipped} skipped"
    notes = (f"{found.gate}: {note}" for note in recorded.notes)
    return "\n".join((*notes, f"{found.gate}: {verdict}: {counts}"))


def judge_tree(
    folder: Path,
    *,
    only: Sequence[str],
    clock: Clock,
    expected: Mapping[str, Check] | None = None,
) -> Judgement:
    """Judge the working tree that holds ``folder``.

    Args:
        folder: Any folder of the tree.
        only: Look at these gates alone; a partial look leaves no evidence. Empty: all.
        clock: Gives the time in the evidence, and the day.
        expected: The check that must have made the evidence of each gate. None compares none and
            leaves no evidence: any command could have made what is there.

    Raises:
        ConfigFault: the repository says nowhere which gates it requires.
        GateUsage: ``only`` names no required gate, or a gate has no expected check.
        CannotJudge: there is no tree to judge.
    """
    tree = snapshot(folder)
    config = read_config(tree.root)
    wanted = _wanted(config, only, expected)
    judgement = judge(tree, wanted, clock=clock, expected=expected)
    if expected is not None and not only:
        store_judgement(tree, judgement, sources=config.sources, clock=clock)
    return judgement


def _wanted(
    config: Config, only: Sequence[str], planned: Mapping[str, Check] | None
) -> Sequence[str]:
    for name in only:
        if name not in config.required:
            known = ", ".join(config.required)
            raise GateUsage(f"no gate is called {name!r}; wanted one of: {known}")
    wanted = only or config.required
    lacking = [name for name in wanted if planned is not None and name not in planned]
    if lacking:
        raise GateUsage(f"wanted the check of each gate, got none of: {', '.join(lacking)}")
    return wanted
