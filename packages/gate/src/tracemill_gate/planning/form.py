"""The one canonical form of planning files, written over what says the same in another."""

from __future__ import annotations

from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning import current, document
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import SPECS
from tracemill_gate.planning.leftover import remove_leftovers
from tracemill_gate.planning.plan import read_plan
from tracemill_schema.jsonl import write_bytes


def format_all(root: Path) -> tuple[str, ...]:
    """Bring all specs and current.md into canonical form; return the files that changed.

    What a killed command left is removed.

    Raises:
        SpecFaults: one of them is malformed; none was changed.
    """
    plan = read_plan(root)
    if plan.unreadable:
        raise SpecFaults(plan.unreadable)
    forms = {
        f"{SPECS}/{f.name}": (f.text, document.render(f.document)) for f in plan.files.values()
    }
    forms[CURRENT] = (plan.text or "", current.render(plan.current))
    changed = tuple(name for name, (got, wanted) in forms.items() if got != wanted)
    remove_leftovers(root)
    for name in changed:
        write_bytes(root / name, forms[name][1].encode())
    return changed
