"""Reading lines that a model wrote: labels, signs and blanks that do not change the meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim

_LEAD = re.compile(
    r"(?:step\s+\d{1,4}\s*[.:)]?\s+|\d{1,4}[.)]\s+|[*-]\s+)?"
    r"(?:(?:so|then|next|now|first|finally|thus|hence|and)\b,?\s+)?(?:we\s+(?:get|have)\s+)?",
    re.ASCII,
)
_SIGNS = str.maketrans({"\N{MULTIPLICATION SIGN}": "*", "\N{DIVISION SIGN}": "/",
                        "\N{MINUS SIGN}": "-", "\N{MIDDLE DOT}": "*"})  # fmt: skip
LONGEST_LINE = 2_000
"""Characters; no family writes a step of 500, and a regular expression should not see a novel."""

NUMBER = r"-?\d{1,15}(?:\.\d{1,6})?"
"""At most 15 digits before the point: beyond that a float would not hold the value exactly."""
_EQUATION = re.compile(rf"\$?\(?({NUMBER})\)?([-+*/])\$?\(?({NUMBER})\)?=\$?({NUMBER})", re.ASCII)
_OPS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


@dataclass(frozen=True, kw_only=True)
class Equation:
    """``left op right = result`` as it was written; ``op`` is the name of a claim's operator."""

    left: int | float
    op: str
    right: int | float
    result: int | float


def said(op: str, args: Sequence[Value], result: Value) -> Claim:
    """Return the claim that a line makes.

    It is not validated again (a third of the time of checking a trace): operators are names of
    ours, and arguments are what the patterns here let through, short texts and finite numbers.
    """
    return Claim.model_construct(op=op, args=tuple(args), result=result)


def plain(line: str) -> str:
    """Return a line in lower case without a leading label, typographic signs and a final stop."""
    if len(line) > LONGEST_LINE:
        return ""
    text = line.strip().lower().translate(_SIGNS)
    return text[_LEAD.match(text).end() :].rstrip(".")  # type: ignore[union-attr]  # all optional


def squeezed(line: str) -> str:
    """Return ``plain(line)`` without any blanks."""
    return "".join(plain(line).split())


def number(text: str) -> int | float:
    """Read a number that matched ``NUMBER``."""
    return float(text) if "." in text else int(text)


def equation(line: str) -> Equation | None:
    """Read ``3 * 4 = 12`` and its like; None for anything else."""
    match = _EQUATION.fullmatch(squeezed(line))
    if match is None:
        return None
    left, sign, right, result = match.groups()
    return Equation(left=number(left), op=_OPS[sign], right=number(right), result=number(result))


def integers(text: str) -> list[Value]:
    """Read ``3,14,15``, a list of integers that matched a pattern before."""
    return [int(part) for part in text.split(",") if part]
