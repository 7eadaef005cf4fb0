"""Experiment cards, ``specs/experiment/NAME.toml``: one record experiment.v1 each.

    name = "traces-beat-answers"                       as the file is called
    hypothesis = "..."
    dataset = "demo-v1"                                key of the dataset
    model = "traces"                                   name of the model; of a seed: traces-1
    protocol = "..."                                   what is done, so that another can do it
    metric = "/pass_at_1"                              JSON pointer to a rate or number
    success = "pass_at_1.low > baseline.pass_at_1.high"     see expression.py
    seeds = 3                                          evaluations that must all meet it
    status = "planned"

A card says beforehand what would be a success; ``check.py`` decides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import CardFaults, SpecFaults
from tracemill_gate.experiment.expression import ExpressionFault, Node, fields_of, parse
from tracemill_gate.experiment.field import metric_fault
from tracemill_gate.fault import FileFault
from tracemill_gate.planning.source import read_text
from tracemill_gate.planning.toml import line_of, loads
from tracemill_schema.errors import RecordError
from tracemill_schema.experiment import Experiment

FOLDER = Path("specs/experiment")
SUFFIX = ".toml"
DATASET_KEY = re.compile(r"[a-z][a-z0-9-]*-v[1-9][0-9]*")
"""The form of ``key`` in dataset.v1."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card as it was read; its criterion and its metric can be computed."""

    experiment: Experiment
    criterion: Node


@dataclass(frozen=True, kw_only=True)
class Cards:
    """All cards of a repository.

    Attributes:
        cards: Those without a fault, by name.
        faults: Faults of the others, and of the folder.
        count: Files that were looked at.
    """

    cards: tuple[Card, ...]
    faults: tuple[FileFault, ...]
    count: int


def read(path: Path, *, where: str | None = None) -> Card:
    """Read a card.

    Args:
        path: The file.
        where: How faults name it; by default the path.

    Raises:
        CardFaults: with every fault and its line.
    """
    name = where or str(path)
    try:
        text = read_text(path, name=name)
    except SpecFaults as error:
        raise CardFaults(error.faults) from error
    return parse_card(text, where=name)


def parse_card(text: str, *, where: str) -> Card:
    """Read a card from its text; ``where`` is its path. Raises like ``read``."""
    try:
        experiment = Experiment.from_values(loads(text, where=where), where=where)
    except SpecFaults as error:
        raise CardFaults(error.faults) from error
    except RecordError as error:
        located = [_located(f.pointer, str(f), text, where) for f in error.faults]
        raise CardFaults(tuple(located)) from error
    criterion, wrong = parse(experiment.success)
    found = [*_meaning_faults(experiment, Path(where)), *_criterion_faults(criterion, wrong)]
    if criterion is None or found:
        faults = [_located(pointer, f"{pointer}: {said}", text, where) for pointer, said in found]
        raise CardFaults(tuple(faults))
    return Card(experiment=experiment, criterion=criterion)


def read_all(root: Path) -> Cards:
    """Read every card of the repository whose top folder is ``root``; none at all is a fault."""
    cards, faults, count = [], [], 0
    for path in sorted((root / FOLDER).glob("*")):
        count += 1
        where = (FOLDER / path.name).as_posix()
        if path.suffix != SUFFIX or not path.is_file():
            message = f"wanted only cards NAME{SUFFIX} in this folder"
            faults.append(FileFault(where=where, message=message))
            continue
        try:
            cards.append(read(path, where=where))
        except CardFaults as error:
            faults += error.faults
    if not count:
        message = f"wanted at least one card NAME{SUFFIX}, got none"
        faults.append(FileFault(where=FOLDER.as_posix(), message=message))
    return Cards(cards=tuple(cards), faults=tuple(faults), count=count)


def _meaning_faults(experiment: Experiment, path: Path) -> list[tuple[str, str]]:
    """Return the pointer and the message of what the record itself cannot see."""
    faults = []
    if path.name != experiment.name + SUFFIX:
        message = f"wanted {path.stem!r} as in the file name, got {experiment.name!r}"
        faults.append(("/name", message))
    if not DATASET_KEY.fullmatch(experiment.dataset):
        faults.append(("/dataset", f"wanted a dataset key NAME-vN, got {experiment.dataset!r}"))
    if fault := metric_fault(experiment.metric):
        faults.append(("/metric", fault))
    return faults


def _criterion_faults(
    criterion: Node | None, wrong: Sequence[ExpressionFault]
) -> Iterator[tuple[str, str]]:
    for fault in wrong:
        yield "/success", str(fault)
    if criterion is not None and all(field.of_baseline for field in fields_of(criterion)):
        yield "/success", "wanted a field of the evaluation in the criterion, got none"


def _located(pointer: str, message: str, text: str, where: str) -> FileFault:
    return FileFault(where=f"{where}:{line_of(pointer, text) or 1}", message=message)
