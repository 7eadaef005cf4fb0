"""Bullets: the only text that current.md has outside of tables.

- a bullet
  and its next line, indented by two
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracemill_gate.fault import FileFault


@dataclass(frozen=True, kw_only=True)
class Bullet:
    """A bullet.

    Attributes:
        text: Its lines, without the sign and the indentation; none of them is blank.
        line: Line in the file, counted from 1.
    """

    text: str
    line: int


def bullets(
    numbered: Iterable[tuple[int, str]], *, name: str
) -> tuple[tuple[Bullet, ...], list[FileFault]]:
    """Read bullets.

    Args:
        numbered: Lines with their numbers in the file.
        name: What the faults call the file.

    Returns:
        The bullets, and a fault for each line that is none and belongs to none.
    """
    found: list[Bullet] = []
    faults = []
    inside = False
    for number, line in numbered:
        text = line.rstrip()
        if line.startswith("- ") and text != "-":
            found.append(Bullet(text=text[2:].lstrip(), line=number))
            inside = True
        elif inside and text and line.startswith("  "):
            last = found.pop()
            found.append(Bullet(text=f"{last.text}\n{text[2:]}", line=last.line))
        else:
            inside = False
            message = f"wanted '- TEXT', or its next line indented by two, got {line[:60]!r}"
            faults += [FileFault(where=f"{name}:{number}", message=message)] if text else []
    return tuple(found), faults


def render(texts: Sequence[str]) -> str:
    """Return bullets with these texts, each line ended."""
    return "".join("- " + text.replace("\n", "\n  ") + "\n" for text in texts)
