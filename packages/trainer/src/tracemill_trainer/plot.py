"""Draws a loss curve: as text for a terminal, as SVG for a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tracemill_schema.training import Loss

BLOCKS = " ▁▂▃▄▅▆▇█"
"""A character filled by 0 to 8 eighths."""

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 56, 40
"""Of the SVG in pixels; the last two are the room for the axes' figures."""


def curve_text(losses: Sequence[float], width: int = 60, height: int = 8) -> str:
    """Return a filled curve of ``height`` lines, with the greatest and the last loss at its side.

    Args:
        losses: One per step; more than ``width`` are averaged in equal groups.
        width: Columns of the curve; the figures take 8 more.
        height: Lines, at least 2.

    Raises:
        ValueError: if there is nothing to draw.
    """
    if not losses or width < 1 or height < 2:
        raise ValueError(f"cannot draw {len(losses)} losses on {width} x {height} characters")
    columns = _means(losses, width)
    top = max(columns)
    eighths = [round(value / top * height * 8) if top else 0 for value in columns]
    lines = []
    for line in range(height):
        floor = (height - 1 - line) * 8
        drawn = "".join(BLOCKS[min(max(level - floor, 0), 8)] for level in eighths)
        label = f"{top:7.3f}" if line == 0 else " " * 7
        if line == height - 1:
            label = f"{columns[-1]:7.3f}"
        lines.append(f"{label} {drawn}".rstrip())
    return "\n".join(lines)


def curve_svg(losses: Sequence[Loss], *, title: str) -> str:
    """Return the losses over the steps as an SVG document.

    Raises:
        ValueError: if there is nothing to draw.
    """
    if not losses:
        raise ValueError("cannot draw no losses")
    first, last = losses[0].step, losses[-1].step
    top = max(loss.loss for loss in losses) or 1.0
    points = " ".join(
        f"{_x(loss.step, first, last):.1f},{_y(loss.loss, top):.1f}" for loss in losses
    )
    base, right = HEIGHT - BOTTOM, WIDTH - 12
    label = _escaped(title)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"
 aria-label="{label}" font-family="sans-serif" font-size="12">
<title>{label}</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<path d="M{LEFT} 12V{base}H{right}" fill="none" stroke="#777"/>
<polyline points="{points}" fill="none" stroke="#0b6e99" stroke-width="1.5"/>
<text x="{LEFT - 6}" y="20" text-anchor="end">{top:.2f}</text>
<text x="{LEFT - 6}" y="{base}" text-anchor="end">0</text>
<text x="{LEFT}" y="{base + 16}">step {first}</text>
<text x="{right}" y="{base + 16}" text-anchor="end">step {last}, loss {losses[-1].loss:.3f}</text>
<text x="{(LEFT + right) // 2}" y="{base + 32}" text-anchor="middle">{label}</text>
</svg>
"""


def _means(values: Sequence[float], width: int) -> list[float]:
    columns = min(width, len(values))
    edges = [column * len(values) // columns for column in range(columns + 1)]
    return [sum(values[start:end]) / (end - start) for start, end in pairwise(edges)]


def _x(step: int, first: int, last: int) -> float:
    share = (step - first) / (last - first) if last > first else 0.0
    return LEFT + share * (WIDTH - 12 - LEFT)


def _y(loss: float, top: float) -> float:
    return 12 + (1 - loss / top) * (HEIGHT - BOTTOM - 12)


def _escaped(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text
