"""Lints the experiment cards of a repository and the matrix that current.md shows of them."""

from __future__ import annotations

from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.experiment.card import FOLDER, Cards, read_all
from tracemill_gate.experiment.matrix import find, place, render
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.outline import EXPERIMENTS
from tracemill_gate.planning.source import read_text


def is_used(root: Path) -> bool:
    """Tell whether a repository has experiment cards; one without any need not lint them."""
    return (root / FOLDER).is_dir()


def lint(root: Path) -> Report:
    """Lint every card and the matrix in current.md; zero cards is not green."""
    cards = read_all(root)
    return Report(checked=cards.count + 1, faults=(*cards.faults, *_matrix_faults(root, cards)))


def _matrix_faults(root: Path, cards: Cards) -> tuple[FileFault, ...]:
    if cards.faults:
        return ()  # the matrix is made from cards that hold
    try:
        text = read_text(root / CURRENT, name=CURRENT)
        block = find(text)
    except SpecFaults as error:
        return error.faults
    if block == render(cards.cards):
        return ()
    got = "none" if block is None else "another one"
    message = (
        f"wanted the matrix of the cards under ### {EXPERIMENTS}, got {got}; "
        "make it with `tracemill experiment matrix --write`"
    )
    return (FileFault(where=place(text), message=message),)
