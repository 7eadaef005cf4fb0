"""What a finished workspace amounts to, read from its files and told on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracemill.recipe import FORMS
from tracemill.standing import Standing
from tracemill_schema.bundle import Bundle
from tracemill_schema.canonical import Value
from tracemill_schema.dataset import Dataset
from tracemill_schema.evaluation import Evaluation, Rate
from tracemill_schema.jsonl import read_record
from tracemill_schema.record import Record
from tracemill_schema.training import Training


class ModelSummary(Record):
    """One model: how it was trained and how well it answers held-out questions."""

    name: str
    steps: int
    tokens: int
    seconds: float
    before: Rate
    after: Rate
    valid_steps: Rate
    curve: str
    losses: tuple[tuple[int, float], ...]


class Summary(Record):
    """The whole run in figures."""

    workspace: str
    tables: int
    questions: dict[str, int]
    not_asked: dict[str, int]
    verified: int
    rejected: dict[str, int]
    traces: int
    dataset_key: str
    dataset_id: str
    models: tuple[ModelSummary, ...]
    bundle: str
    rehearsal_reasons: tuple[str, ...]


def summarise(workspace: Path, standings: tuple[Standing, ...]) -> Summary:
    """Read the figures of a finished workspace.

    Raises:
        RecordError: if one of its files is missing or damaged.
    """
    results = _Results(standings)
    dataset_folder = next(s.stage.leaves[0] for s in standings if s.stage.name == "dataset")
    dataset = read_record(workspace / dataset_folder / "manifest.json", Dataset)
    bundle = read_record(workspace / "bundle" / "manifest.json", Bundle)
    return Summary(
        workspace=str(workspace),
        tables=results.number("tables", "tables"),
        questions={
            source: results.number("questions", source) for source in ("template", "procedural")
        }
        | {"reasoning families": results.number("tasks", "items")},
        verified=results.number("episodes", "verified"),
        not_asked=results.counts("questions"),
        rejected=results.counts("episodes"),
        traces=dataset.counts.total,
        dataset_key=dataset.key,
        dataset_id=dataset.id,
        models=tuple(_model(workspace, name) for name, _ in FORMS),
        bundle=str(workspace / "bundle" / f"{bundle.name}.zip"),
        rehearsal_reasons=bundle.rehearsal_reasons,
    )


def _model(workspace: Path, name: str) -> ModelSummary:
    training = read_record(workspace / "models" / name / "run_manifest.json", Training)
    before = _evaluation(workspace, f"{name}-before")
    after = _evaluation(workspace, name)
    return ModelSummary(
        name=name,
        steps=training.steps,
        tokens=training.tokens,
        seconds=training.wall_seconds,
        before=before.pass_at_1,
        after=after.pass_at_1,
        valid_steps=after.step_validity,
        curve=str(workspace / "models" / name / "loss.svg"),
        losses=tuple((loss.step, loss.loss) for loss in training.losses),
    )


def _evaluation(workspace: Path, name: str) -> Evaluation:
    return read_record(workspace / "evaluations" / name / "eval_summary.json", Evaluation)


@dataclass(frozen=True)
class _Results:
    """The figures that the stages returned, by stage and key."""

    standings: tuple[Standing, ...]

    def number(self, stage: str, key: str) -> int:
        value = self._value(stage, key)
        return value if isinstance(value, int) else 0

    def counts(self, stage: str) -> dict[str, int]:
        value = self._value(stage, "rejected")
        if not isinstance(value, dict):
            return {}
        return {reason: count for reason, count in value.items() if isinstance(count, int)}

    def _value(self, stage: str, key: str) -> Value:
        for standing in self.standings:
            if standing.stage.name == stage and standing.stamp is not None:
                return standing.stamp.result.get(key)
        return None


def lines(summary: Summary) -> list[str]:
    """Return the summary as text, about one screen."""
    questions = ", ".join(f"{n:,} {source}" for source, n in summary.questions.items())
    text = [
        "",
        f"tables      {summary.tables}",
        f"questions   {questions}",
        f"  not asked {_reasons(summary.not_asked)}",
        f"episodes    {summary.verified:,} verified",
        f"  rejected  {_reasons(summary.rejected)}",
        f"traces      {summary.traces:,}",
        f"dataset     {summary.dataset_key}  {summary.dataset_id}",
    ]
    for model in summary.models:
        size = f"{model.steps:,} steps, {model.tokens:,} tokens, {model.seconds:.0f} s"
        text += ["", f"model {model.name}: {size}"]
        text += _curve(model)
        text += [
            f"  curve     {model.curve}",
            f"  accuracy  {_rate(model.before)} before, {_rate(model.after)} after",
        ]
        if model.valid_steps.n:
            text.append(f"  steps     all steps of an answer replay in {_rate(model.valid_steps)}")
    text += ["", f"bundle      {summary.bundle}", "a rehearsal, because:"]
    return text + [f"  - {reason}" for reason in summary.rehearsal_reasons]


def _curve(model: ModelSummary) -> list[str]:
    from tracemill_trainer.plot import curve_text  # noqa: PLC0415 - only a finished run draws

    return [
        "  " + line
        for line in curve_text([loss for _, loss in model.losses], width=60, height=6).splitlines()
    ]


def _reasons(counts: dict[str, int]) -> str:
    """Return counts by reason, the most frequent first, or ``none``."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in ordered) or "none"


def _rate(rate: Rate) -> str:
    return f"{rate.rate:.2f} [{rate.low:.2f}, {rate.high:.2f}]"
