"""How the commands print: JSON to standard output, progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click
import orjson

WIDTH = 30


def tell_json(value: object) -> None:
    """Print JSON types, indented, to standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


@contextmanager
def drawn(stream: TextIO | None = None) -> Iterator[Callable[[str, int, int], None]]:
    """Give a ``report(label, done, total)`` that draws a bar while its label lasts.

    Nothing is drawn where ``stream`` (standard error by default) is not a terminal.
    """
    out = stream or sys.stderr
    if not out.isatty():
        yield lambda _label, _done, _total: None
        return

    def report(label: str, done: int, total: int) -> None:
        full = WIDTH * done // max(total, 1)
        bar = "#" * full + "-" * (WIDTH - full)
        out.write(f"\r\033[K{label} [{bar}] {done:,}/{total:,}")
        out.flush()

    try:
        yield report
    finally:
        out.write("\r\033[K")
        out.flush()
