"""The check of a change, whole: is what was done what was agreed?

folder -> repository, clean and whole -> planning files (planning.lint)
       -> base, and its settings -> Change -> what cannot be judged (OBSTACLES) -> RULES
       -> one report
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.base import base_of
from tracemill_gate.change.approval import approvals_hold, watched_files_are_unchanged
from tracemill_gate.change.change import Change, read_change
from tracemill_gate.change.extent import (
    added_files_are_new,
    files_are_declared,
    size_is_as_expected,
)
from tracemill_gate.change.name import new_names_are_declared, touch_points_are_touched
from tracemill_gate.change.nongoal import non_goals_are_untouched
from tracemill_gate.change.obstacle import OBSTACLES
from tracemill_gate.change.progress import specs_go_forward
from tracemill_gate.change.promise import named_tests_exist
from tracemill_gate.change.review import for_reviewer
from tracemill_gate.change.setting import settings_for
from tracemill_gate.config import read_config
from tracemill_gate.errors import UnreadableSpec
from tracemill_gate.fault import Report, joined
from tracemill_gate.git import open_repository
from tracemill_gate.planning.lint import lint

RULES: tuple[Callable[[Change], Report], ...] = (
    specs_go_forward,
    approvals_hold,
    watched_files_are_unchanged,
    files_are_declared,
    added_files_are_new,
    size_is_as_expected,
    new_names_are_declared,
    touch_points_are_touched,
    non_goals_are_untouched,
    named_tests_exist,
)
"""What a change is held to, in the order in which faults are told."""


@dataclass(frozen=True, kw_only=True)
class ChangeReport(Report):
    """The outcome, and what a reviewer needs beside it.

    Attributes:
        base: Full id of the commit that HEAD was compared with.
        head: Full id of the commit on trial.
        specs: Files of the specs of the change.
        for_reviewer: What people must judge: settings and approvals that are new, non-goals in
            prose and the checks for reviewers.
    """

    base: str
    head: str
    specs: tuple[str, ...]
    for_reviewer: tuple[str, ...]


def check(folder: Path, base: str | None, today: datetime.date) -> ChangeReport:
    """Judge the change that HEAD makes by the specs that it is made for.

    Args:
        folder: Any folder of the working tree.
        base: A revision, or None for the rule of ``tracemill_gate.base``.
        today: The day on which approvals of specs in progress must hold.

    Raises:
        CannotJudge: there is no difference to judge, or something in it cannot be judged. Of a
            spec that cannot be read it tells every fault of the planning files.
        ConfigFault: the repository has no settings of the gate.
    """
    repository = open_repository(folder)
    head = repository.commit("HEAD")
    repository.require_whole()
    repository.require_clean()
    config = read_config(repository.root)
    start = base_of(repository, config, base)
    settings = settings_for(repository, start, config)
    linted = lint(repository.root, day=today)
    try:
        change = read_change(repository, settings.config, start)
    except UnreadableSpec as error:
        faults = "\n".join(str(fault) for fault in linted.faults)
        raise UnreadableSpec(faults or str(error)) from error
    for refuse in OBSTACLES:
        refuse(change)
    judged = joined((linted, *(rule(change) for rule in RULES)))
    return ChangeReport(
        checked=judged.checked,
        faults=judged.faults,
        base=start,
        head=head,
        specs=tuple(planned.path for planned in change.specs),
        for_reviewer=(*settings.remarks, *for_reviewer(change)),
    )
