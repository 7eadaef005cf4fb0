"""The gate, whole: which evidence a tree needs, and how it is judged.

    record GATE   tree id -> run the command -> count -> tree id again -> evidence file   (recorder)
    judge         tree id -> evidence file of each gate that pyproject.toml requires      (judge)
                  with --expect FILE: made by the check that FILE names             (expectation)

A check never tells the gate that it passed: it leaves evidence, and the gate reads the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tracemill_gate.config import read_config
from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence.judge import Judgement, judge, store_judgement
from tracemill_gate.evidence.recorder import Check, Clock
from tracemill_gate.tree import snapshot


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
        ConfigFault: the repository says nowhere which gates it requires.
        GateUsage: ``only`` names no required gate, or a gate has no expected check.
        CannotJudge: there is no tree to judge.
    """
    tree = snapshot(folder)
    config = read_config(tree.root)
    for name in only:
        if name not in config.required:
            known = ", ".join(config.required)
            raise GateUsage(f"no gate is called {name!r}; wanted one of: {known}")
    wanted = only or config.required
    lacking = [name for name in wanted if expected is not None and name not in expected]
    if lacking:
        raise GateUsage(f"wanted the check of each gate, got none of: {', '.join(lacking)}")
    judgement = judge(tree, wanted, expected=expected)
    if expected is not None and not only:
        store_judgement(tree, judgement, generator=config.generator, clock=clock)
    return judgement
