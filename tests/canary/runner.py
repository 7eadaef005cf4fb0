"""Plants every canary, runs the command of its part, and wants red and the right words."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from canary.canary import Canary
from canary.scene import Stage, variables
from tracemill_schema.errors import TracemillError

TIME_LIMIT = 300.0
"""Seconds for one command; the slowest takes half a minute on two cores."""

State = Literal["red", "GREEN", "OTHER WORDS", "NEVER GREEN", "NOT PLANTED"]
"""red: as wanted. GREEN: the rule no longer bites. OTHER WORDS: red, but not for this rule.
NEVER GREEN: red without the canary too. NOT PLANTED: the place that it was made for is gone."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a canary.

    Attributes:
        name: Its name.
        state: See ``State``.
        seconds: How long its command took.
        detail: What was said instead; empty where all is as wanted.
    """

    name: str
    state: State
    seconds: float
    detail: str


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command that ended.

    Attributes:
        code: Its exit code.
        output: What it printed, on both ways.
        seconds: How long it took.
    """

    code: int
    output: str
    seconds: float


class Runner:
    """Runs canaries in the scenes of one scratch folder.

    Args:
        stage: Builds the scenes.
        isolated: Interpreter of the environment that has only what packages/schema declares.
    """

    def __init__(self, stage: Stage, isolated: Path) -> None:
        self._stage = stage
        self._isolated = isolated
        self._green: dict[tuple[str, tuple[str, ...]], Ran] = {}

    def run(self, canaries: Sequence[Canary], tell: Callable[[Outcome], None]) -> list[Outcome]:
        """Run canaries in order; each outcome is told as soon as it is known."""
        outcomes = []
        for canary in canaries:
            outcome = self._outcome(canary)
            outcomes.append(outcome)
            tell(outcome)
        return outcomes

    def _outcome(self, canary: Canary) -> Outcome:
        before = self._without(canary)
        if before.code != 0:
            return _outcome(canary, "NEVER GREEN", before)
        folder = self._stage.ready(canary.scene)
        try:
            canary.plant(folder)
        except (LookupError, OSError, subprocess.SubprocessError, TracemillError) as error:
            return Outcome(name=canary.name, state="NOT PLANTED", seconds=0, detail=str(error))
        ran = self._command(canary, folder)
        if ran.code == 0:
            return _outcome(canary, "GREEN", ran)
        if not all(words in ran.output for words in canary.says):
            return _outcome(canary, "OTHER WORDS", ran)
        return Outcome(name=canary.name, state="red", seconds=ran.seconds, detail="")

    def _without(self, canary: Canary) -> Ran:
        """Run the command of a canary without it, once for all that share it."""
        key = (canary.scene, canary.command)
        if key not in self._green:
            self._green[key] = self._command(canary, self._stage.ready(canary.scene))
        return self._green[key]

    def _command(self, canary: Canary, folder: Path) -> Ran:
        words = [word.replace("{isolated}", str(self._isolated)) for word in canary.command]
        started = time.monotonic()
        try:
            done = subprocess.run(
                words,
                cwd=folder,
                env=variables(self._stage.code),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=TIME_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(code=0, output=f"no end within {TIME_LIMIT:g} s", seconds=TIME_LIMIT)
        seconds = time.monotonic() - started
        return Ran(
            code=done.returncode, output=done.stdout.decode(errors="replace"), seconds=seconds
        )


def _outcome(canary: Canary, state: State, ran: Ran) -> Outcome:
    said = "\n".join(ran.output.strip().splitlines()[-12:])
    detail = f"wanted {', '.join(map(repr, canary.says))}, got exit code {ran.code} and:\n{said}"
    return Outcome(name=canary.name, state=state, seconds=ran.seconds, detail=detail)
