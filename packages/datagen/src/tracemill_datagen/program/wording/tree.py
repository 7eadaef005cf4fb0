"""The patterns of all operators as trees of words, one a type; the parser walks down them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.datum import VALUE_TYPES, ValueType
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.program.wording.pattern import Slot, patterns_of, tokens_of, variants_of
from tracemill_schema.canonical import Value


@dataclass(frozen=True)
class End:
    """A pattern that ends here: its operator, what its words decide, which operand is all rows."""

    operator: Operator
    fixed: Mapping[str, Value]
    whole: int


@dataclass(frozen=True)
class Branch:
    """A place in a tree of patterns: what may follow."""

    words: dict[str, Branch] = field(default_factory=dict)
    slots: dict[Slot, Branch] = field(default_factory=dict)
    ends: list[End] = field(default_factory=list)

    def grow(self, pieces: Sequence[str | Slot], end: End) -> None:
        """Add one text of a pattern."""
        branch = self
        for piece in pieces:
            if isinstance(piece, Slot):
                branch = branch.slots.setdefault(piece, Branch())
                continue
            for word in tokens_of(piece):
                branch = branch.words.setdefault(word, Branch())
        branch.ends.append(end)


Tree = Literal["condition", "any"] | ValueType


@cache
def forest() -> Mapping[Tree, Branch]:
    """Return the tree of each type, of conditions, and of all types together ("any")."""
    trees: dict[Tree, Branch] = {kind: Branch() for kind in VALUE_TYPES}
    trees["condition"], trees["any"] = Branch(), Branch()
    for operator in OPERATORS:
        for pattern in patterns_of(operator):
            kinds: tuple[Tree, ...] = (
                ("condition",) if pattern.condition else (operator.output, "any")
            )
            for pieces, fixed, whole in variants_of(operator, pattern):
                for kind in kinds:
                    trees[kind].grow(pieces, End(operator, fixed, whole))
    return trees
