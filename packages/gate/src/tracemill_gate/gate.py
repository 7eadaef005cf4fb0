"""The gate, whole: which evidence a tree needs, and how it is judged.

    record GATE   tree id -> run the command -> count -> tree id again -> evidence file   (recorder)
    judge         tree id -> evidence file of each required gate -> one line each         (judge)
                  with --expect FILE: made by the check that FILE names             (expectation)

A check never tells the gate that it passed: it leaves evidence, and the gate reads the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tracemill_gate.errors import GateUsage
from tracemill_gate.judge import Judgement, judge, store_judgement
from tracemill_gate.recorder import Check, Clock
from tracemill_gate.tree import snapshot

REQUIRED: tuple[str, ...] = (
    "lint",
    "types",
    "layers",
    "contracts",
    "unit",
    "sandbox",
    "worker",
    "flow",
    "train-smoke",
    "packaging",
    "docs",
)
"""Every gate that a tree must have green evidence of, in the order in which they are shown."""


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
        clock: Gives the time in the evidence.
        expected: The check that must have made the evidence of each gate. None compares none and
            leaves no evidence: any command could have made what is there.

    Raises:
        GateUsage: ``only`` names no required gate, or a gate has no expected check.
        CannotJudge: there is no tree to judge.
    """
    for name in only:
        if name not in REQUIRED:
            raise GateUsage(f"no gate is called {name!r}; wanted one of: {', '.join(REQUIRED)}")
    lacking = [name for name in only or REQUIRED if expected is not None and name not in expected]
    if lacking:
        raise GateUsage(f"wanted the check of each gate, got none of: {', '.join(lacking)}")
    tree = snapshot(folder)
    judgement = judge(tree, only or REQUIRED, expected=expected)
    if expected is not None and not only:
        store_judgement(tree, judgement, clock=clock)
    return judgement
