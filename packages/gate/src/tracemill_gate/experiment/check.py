"""Decides by machine whether an experiment succeeded.

    card + one evaluation per seed (+ one baseline each) -> criterion decided for every seed

The criterion must hold for every seed. What is handed in must be what the card asks for: as many
evaluations as seeds, all of the card's model, each of another seed by its name (``traces-1``) and
of a checkpoint of its own, all of one evaluation set, their rates and intervals what their counts
give. Anything else is no verdict, neither success nor failure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path

from tracemill_gate.errors import GateUsage, NoVerdict
from tracemill_gate.experiment.card import Card
from tracemill_gate.experiment.decision import Decision, Pair, decide, shown
from tracemill_gate.experiment.expression import needs_baseline
from tracemill_gate.experiment.field import Measured, dotted, number_of, rate_of
from tracemill_schema.canonical import short
from tracemill_schema.errors import RecordError
from tracemill_schema.evaluation import Evaluation, Rate, wilson
from tracemill_schema.jsonl import read_record
from tracemill_schema.pointer import keys_of

TOLERANCE = 1e-9
"""Far below one item of a million, far above what floats of another machine differ by."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """The metric of a card in one evaluation.

    Attributes:
        value: The number, or the rate.
        low: Lower end of its 95 % interval; None for a number that has none.
        high: Upper end.
        n: Items that were judged; None for a number that is no rate.
    """

    value: float
    low: float | None
    high: float | None
    n: int | None

    def __str__(self) -> str:
        value = _shown(self.value)
        if self.low is None or self.high is None:
            return value
        return f"{value} [{_shown(self.low)}, {_shown(self.high)}] of {self.n}"


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One evaluation, held to the criterion.

    Attributes:
        evaluation: Name of its file.
        baseline: Name of the file that it is compared with, if any.
        metric: The card's metric there.
        baseline_metric: The card's metric in the baseline.
        decision: The criterion decided.
    """

    evaluation: str
    baseline: str | None
    metric: Metric
    baseline_metric: Metric | None
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An experiment decided.

    Attributes:
        name: Name of the card.
        metric: JSON pointer of its metric.
        success: Its criterion, as written.
        seeds: What each evaluation came to.
    """

    name: str
    metric: str
    success: str
    seeds: tuple[Seed, ...]

    @property
    def holds(self) -> bool:
        """Tell whether the criterion holds for every seed."""
        return all(seed.decision.holds for seed in self.seeds)


def check(card: Card, evaluations: Sequence[Path], baselines: Sequence[Path]) -> Outcome:
    """Decide an experiment.

    Args:
        card: Which one.
        evaluations: Files of evaluation.v1, one per seed.
        baselines: Files that they are compared with, in the same order; none if the criterion
            names no baseline.

    Raises:
        GateUsage: more files than the card can use, or a file is named twice.
        NoVerdict: too few files, or one is no evaluation.v1 or not what the card is about, or a
            value is missing.
    """
    _refuse_counts(card, len(evaluations), len(baselines))
    _refuse_twice((*evaluations, *baselines))
    ours = [_read(path) for path in evaluations]
    theirs = [_read(path) for path in baselines]
    _refuse_unfit(card, ours, theirs)
    # There is a baseline for each evaluation, or none at all.
    pairs = [Pair(evaluation=own, baseline=other) for own, other in zip_longest(ours, theirs)]
    experiment = card.experiment
    return Outcome(
        name=experiment.name,
        metric=experiment.metric,
        success=experiment.success,
        seeds=tuple(_seed(card, pair) for pair in pairs),
    )


def _refuse_counts(card: Card, evaluations: int, baselines: int) -> None:
    name, seeds = card.experiment.name, card.experiment.seeds
    compares = needs_baseline(card.criterion)
    wanted_baselines = seeds if compares else 0
    if evaluations > seeds or baselines > wanted_baselines:
        reason = "" if compares else "; its criterion names no baseline"
        raise GateUsage(
            f"{name}: wanted {_counted(seeds, wanted_baselines)}, "
            f"got {_counted(evaluations, baselines)}{reason}"
        )
    if evaluations < seeds or baselines < wanted_baselines:
        raise NoVerdict(
            f"{name}: wanted {_counted(seeds, wanted_baselines)}, one per seed, "
            f"got {_counted(evaluations, baselines)}; add the missing ones with "
            f"{'--evaluation' if evaluations < seeds else '--baseline'} FILE"
        )


def _counted(evaluations: int, baselines: int) -> str:
    evaluation = f"{evaluations} evaluation{'' if evaluations == 1 else 's'}"
    return f"{evaluation} and {baselines} baseline{'' if baselines == 1 else 's'}"


def _refuse_twice(paths: Sequence[Path]) -> None:
    seen: dict[Path, Path] = {}
    for path in paths:
        first = seen.setdefault(path.resolve(), path)
        if first is not path:
            raise GateUsage(f"{path} is named twice; each seed has an evaluation of its own")


def _read(path: Path) -> Measured:
    try:
        measured = Measured(name=str(path), evaluation=read_record(path, Evaluation))
    except RecordError as error:
        raise NoVerdict(str(error)) from error
    for place, rate in _rates(measured.evaluation):
        _refuse_impossible(rate, f"{path}: {place}", measured.evaluation.samples_per_item)
    return measured


def _rates(evaluation: Evaluation) -> Iterator[tuple[str, Rate]]:
    """Yield every rate of an evaluation with its name."""
    for name in Evaluation.model_fields:
        value = getattr(evaluation, name)
        if isinstance(value, Rate):
            yield name, value
        elif isinstance(value, Mapping):
            yield from ((dotted((name, key)), rate) for key, rate in value.items())


def _refuse_impossible(rate: Rate, place: str, samples: int) -> None:
    """Refuse a rate that its own counts do not give: somebody wrote it by hand.

    Some rates are over samples, some over items; either interval is one that can be.
    """
    of = (1, samples) if rate.hits <= rate.n else ()
    if not any(_is_close(rate, wilson(rate.hits, rate.n, samples=each)) for each in of):
        got = Metric(value=rate.rate, low=rate.low, high=rate.high, n=rate.n)
        raise NoVerdict(
            f"{place} does not add up: its {rate.hits} hits do not give {got}; evaluate again"
        )


def _is_close(one: Rate, other: Rate) -> bool:
    pairs = ((one.rate, other.rate), (one.low, other.low), (one.high, other.high))
    return all(math.isclose(a, b, abs_tol=TOLERANCE) for a, b in pairs)


def _refuse_unfit(card: Card, ours: Sequence[Measured], theirs: Sequence[Measured]) -> None:
    """Refuse evaluations that do not belong to the card, or not together."""
    _refuse_other_models(card.experiment.model, ours)
    _refuse_same_seed(card.experiment.model, ours)
    _refuse_other_questions((*ours, *theirs))
    _refuse_same_checkpoint((*ours, *theirs))


def _refuse_other_models(model: str, ours: Sequence[Measured]) -> None:
    of_model = re.compile(rf"{re.escape(model)}(-[0-9]+)?")
    for measured in ours:
        if not of_model.fullmatch(measured.evaluation.model):
            raise NoVerdict(
                f"{measured.name}: wanted an evaluation of the model {model!r} (or {model}-SEED), "
                f"got one of {measured.evaluation.model!r}"
            )


def _refuse_same_seed(model: str, ours: Sequence[Measured]) -> None:
    by_name: dict[str, str] = {}
    for measured in ours:
        other = by_name.setdefault(measured.evaluation.model, measured.name)
        if other != measured.name:
            raise NoVerdict(
                f"{measured.name} is about {measured.evaluation.model!r}, as {other} is; "
                f"wanted another seed ({model}-SEED)"
            )


def _refuse_other_questions(all_of_them: Sequence[Measured]) -> None:
    first, *others = all_of_them
    for measured in others:
        if measured.evaluation.evaluation_set != first.evaluation.evaluation_set:
            sets = [short(each.evaluation.evaluation_set) for each in (first, measured)]
            raise NoVerdict(
                f"{measured.name}: wanted the evaluation set {sets[0]} of {first.name}, "
                f"got {sets[1]}; evaluate both on the same questions"
            )


def _refuse_same_checkpoint(all_of_them: Sequence[Measured]) -> None:
    by_checkpoint: dict[str, str] = {}
    for measured in all_of_them:
        other = by_checkpoint.setdefault(measured.evaluation.checkpoint, measured.name)
        if other != measured.name:
            raise NoVerdict(
                f"{measured.name} is about the checkpoint "
                f"{short(measured.evaluation.checkpoint)}, as {other} is; wanted one of its own"
            )


def _seed(card: Card, pair: Pair) -> Seed:
    pointer = card.experiment.metric
    baseline = pair.baseline
    return Seed(
        evaluation=pair.evaluation.name,
        baseline=None if baseline is None else baseline.name,
        metric=_metric(pair.evaluation, pointer),
        baseline_metric=None if baseline is None else _metric(baseline, pointer),
        decision=decide(card.criterion, card.experiment.success, pair),
    )


def _metric(measured: Measured, pointer: str) -> Metric:
    keys = keys_of(pointer)
    rate = rate_of(measured, keys)
    if rate is None:
        return Metric(value=float(number_of(measured, keys)), low=None, high=None, n=None)
    return Metric(value=rate.rate, low=rate.low, high=rate.high, n=rate.n)


def _shown(value: float) -> str:
    return shown(Fraction(repr(value)))
