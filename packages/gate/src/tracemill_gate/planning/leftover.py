"""What a killed command leaves beside planning files: the temporary file that it wrote into.

Git sees such a file as one of the change. The linter names it, and every command that writes
planning files removes it first. Two commands at once would take each other's; then one of them
fails, and neither file is torn.
"""

from __future__ import annotations

import re
from pathlib import Path

from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import DRAFTS, SPECS

_TEMPORARY = re.compile(r"\.(?P<name>.+\.md)\.[a-z0-9_]{8}")
"""How ``tracemill_schema.jsonl.replacing`` names its temporary files."""


def leftovers(root: Path) -> tuple[str, ...]:
    """Return the leftovers of a repository, relative to its top folder ``root``."""
    return tuple(
        path.relative_to(root).as_posix()
        for folder in (root, root / SPECS, root / DRAFTS)
        for path in sorted(folder.glob(".*.md.*"))
        if (match := _TEMPORARY.fullmatch(path.name)) and (folder != root or match[1] == CURRENT)
    )


def remove_leftovers(root: Path) -> None:
    """Remove the leftovers of a repository."""
    for name in leftovers(root):
        (root / name).unlink(missing_ok=True)
