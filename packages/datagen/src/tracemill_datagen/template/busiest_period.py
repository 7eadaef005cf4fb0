"""Which period or weekday has the most rows, or the largest total of an amount."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.calendar import PART_WORDS, parts
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts
from tracemill_datagen.template.timeline import drawn


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the busiest period; what is added up stands in the sentence."""
    cut, said, per, best = _cut(sheet, roles, rng)
    added = amounts(sheet, roles)
    column = rng.choice(added).name if added and rng.random() < 0.5 else None
    kind = "series" if "unit" in cut else "part"
    if column is None:
        most, expression = "the most rows", call(f"{kind}_count", TABLE, **cut)
    else:
        most = f"the largest sum of {column_words(column)}"
        expression = call(f"{kind}_sum", TABLE, **cut, column=column)
    return Proposal(
        sentence=f"which {per} has {most}",
        readings=(Reading(name="only", expression=call(best, expression)),),
        parameters={**said, **({} if column is None else {"column": column})},
    )


def _cut(
    sheet: Sheet, roles: Roles, rng: Random
) -> tuple[dict[str, str], dict[str, str], str, str]:
    """Draw periods or parts.

    Returns:
        Their literals, the same as they are said, words, and the operator that picks the best.
    """
    time = drawn(sheet, roles, rng)
    by = time.column.name
    cuts = [cut for cut in parts(roles) if cut["by"] == by]
    if cuts and rng.random() < 0.5:
        cut = rng.choice(cuts)
        words = PART_WORDS[cut["part"]]
        form = " (0 to 23)" if cut["part"] == "hour" else ""
        said = {"by": by, "part": words.removesuffix(" of")}
        return cut, said, f"{words} {column_words(by)}{form}", "argmax_group"
    cut = {"by": by, "unit": time.unit}
    return cut, {"by": by} if time.unit == "value" else cut, time.per, "peak_period"


TEMPLATE = Template(name="busiest_period", propose=propose)
