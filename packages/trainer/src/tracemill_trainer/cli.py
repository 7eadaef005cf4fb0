"""The commands ``train sft``, ``train complete``, ``train smoke`` and ``evaluate``."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from pydantic import TypeAdapter

from tracemill_schema.canonical import JsonObject

_OPTIONS = TypeAdapter(JsonObject)

_WORKSPACE = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="the current folder",
    help="Folder that all other paths are relative to.",
)
_DEVICE = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "gpu", "tpu"]),
    default="auto",
    show_default=True,
    help="What to run on; auto takes the best that jax finds.",
)
_DATASET = click.option("--dataset", required=True, help="Folder of the dataset, datasets/KEY.")
_FAMILY = click.option("--family", "families", multiple=True, help="Only this family; repeatable.")
_SPLIT = click.option(
    "--split", type=click.Choice(["train", "validation", "test"]), default="test", show_default=True
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def train() -> None:
    """Train models on reasoning traces, have them answer, check that training works here.

    \b
    Example:
      tracemill train sft --dataset datasets/demo-v1 --out models/traces --max-tokens 750000
    """


@train.command()
@_WORKSPACE
@_DATASET
@click.option("--out", required=True, help="Folder of the model, models/NAME.")
@click.option("--form", type=click.Choice(["trace", "answer"]), default="trace", show_default=True)
@_FAMILY
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--max-tokens", type=int, help="Stop before so many processed tokens are exceeded.")
@click.option("--max-steps", type=int, help="Stop after so many steps.")
@click.option("--max-examples", type=int, help="Stop before so many shown examples are exceeded.")
@click.option("--time-budget-minutes", type=float, help="Stop and save within so many minutes.")
@click.option("--row-tokens", type=int, help="Length of a packed row.")
@click.option("--batch-rows", type=int, help="Rows of a batch.")
@click.option("--learning-rate", type=float, help="Greatest learning rate.")
@click.option(
    "--readiness",
    show_default="evidence/readiness.json",
    help="Evidence that a training longer than a smoke needs (tracemill gate readiness).",
)
@click.option(
    "--smoke",
    show_default="evidence/train-smoke.json",
    help="Evidence of the smoke that readiness was judged by (tracemill train smoke).",
)
@click.option("--width", type=int, help="Width of the model.")
@click.option("--layers", type=int, help="Layers of the model.")
@_DEVICE
@_JSON
def sft(*, workspace: Path, as_json: bool, **options: object) -> None:
    """Train a decoder from scratch on a dataset's examples; resumes if it was cut off.

    \b
    Example:
      tracemill train sft --dataset datasets/demo-v1 --out models/traces --max-steps 300
    """
    from tracemill_trainer.stage import train as run  # noqa: PLC0415 - keeps --help fast

    config = _given(options)
    config["model"] = {name: config.pop(name) for name in ("width", "layers") if name in config}
    config["optimizer"] = {n: config.pop(n) for n in ("learning_rate",) if n in config}
    _show(run(config, workspace), as_json=as_json)


@train.command()
@_WORKSPACE
@click.option("--model", required=True, help="Folder of a finished training, models/NAME.")
@click.option("--step", type=int, help="Checkpoint; 0 is the untrained start, default the last.")
@_DATASET
@_SPLIT
@_FAMILY
@click.option("--n", type=int, default=300, show_default=True, help="Questions.")
@click.option("--out", required=True, help="Folder, evaluations/NAME.")
@click.option("--max-new-tokens", type=int, default=96, show_default=True)
@_DEVICE
@_JSON
def complete(*, workspace: Path, as_json: bool, **options: object) -> None:
    """Have a trained model answer held-out questions, greedily.

    \b
    Example:
      tracemill train complete --model models/traces --dataset datasets/demo-v1 \\
          --out evaluations/traces
    """
    from tracemill_trainer.stage import complete as run  # noqa: PLC0415 - keeps --help fast

    _show(run(_given(options), workspace), as_json=as_json)


@train.command()
@_DEVICE
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("evidence/train-smoke.json"),
    show_default=True,
    help="File that the evidence is written to.",
)
@click.option("--tree", help="Id of the git tree that is checked, to stand in the evidence.")
@click.option(
    "--dataset",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Train on this dataset's traces instead of made-up chains.",
)
@click.option("--steps", type=click.IntRange(20, 500), default=40, show_default=True)
@_JSON
def smoke(
    *,
    device: str,
    evidence: Path,
    tree: str | None,
    dataset: Path | None,
    steps: int,
    as_json: bool,
) -> None:
    """Check that training works on this machine: learn, save, restore afresh, generate.

    \b
    Example:
      tracemill train smoke --device cpu --evidence evidence/train-smoke.json
    """
    from tracemill_trainer.smoke import SmokeConfig, run_smoke  # noqa: PLC0415 - keeps --help fast

    config = SmokeConfig.from_values(
        {"device": device, "steps": steps, "tree": tree}, where="options of train smoke"
    )
    _show(run_smoke(config, dataset=dataset, evidence=evidence), as_json=as_json)


@click.command()
@_WORKSPACE
@click.option("--completions", required=True, help="File, evaluations/NAME/completions.jsonl.")
@_DATASET
@_SPLIT
@click.option("--model", required=True, help="Folder of the training that wrote them.")
@click.option("--out", required=True, help="Folder, evaluations/NAME.")
@_JSON
def evaluate(*, workspace: Path, as_json: bool, **options: object) -> None:
    """Judge completions: every answer by its question, every step by replay.

    \b
    Example:
      tracemill evaluate --completions evaluations/traces/completions.jsonl \\
          --dataset datasets/demo-v1 --model models/traces --out evaluations/traces
    """
    from tracemill_trainer.stage import evaluate as run  # noqa: PLC0415 - keeps --help fast

    _show(run(_given(options), workspace), as_json=as_json)


def _given(options: dict[str, object]) -> JsonObject:
    """Return the options that were given; the settings know the defaults of the others."""
    given = {name: value for name, value in options.items() if value is not None}
    return _OPTIONS.validate_json(orjson.dumps(given))


def _show(result: JsonObject, *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(result, option=orjson.OPT_SORT_KEYS).decode())
        return
    for name, value in result.items():
        click.echo(f"{name}: {_text(value)}")


def _text(value: object) -> str:
    if isinstance(value, dict) and {"rate", "low", "high", "n"} <= value.keys():
        return "{rate:.3f} [{low:.3f}, {high:.3f}] of {n}".format(**value)
    return f"{value:g}" if isinstance(value, float) else str(value)
