"""What a canary is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Plant = Callable[[Path], None]
"""Breaks a rule in the scratch copy whose top folder it is given."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A violation of one rule.

    Attributes:
        part: Part of the gate that must turn red.
        rule: The rule, as the code calls it.
        case: Which way of breaking it, where there are several.
        plant: Breaks it.
        command: What the part runs (see part.py), narrowed to what matters here. ``{isolated}``
            stands for the interpreter of the environment that has only what ``packages/schema``
            declares.
        says: Words that the output must hold.
        scene: The scratch copy that it is planted in, see scene.py.
    """

    part: str
    rule: str
    case: str = ""
    plant: Plant
    command: tuple[str, ...]
    says: tuple[str, ...]
    scene: str = "clone"

    @property
    def name(self) -> str:
        """Part, rule and case: unique among all canaries."""
        return f"{self.part}: {self.rule}" + (f" ({self.case})" if self.case else "")
