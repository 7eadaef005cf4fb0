"""The texts of a bundle, made from its records alone: the same records, the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracemill_bundle.licence import OWN, is_redistributable
from tracemill_bundle.material import Examination, Material, Model
from tracemill_schema.canonical import canonical_bytes, short
from tracemill_schema.evaluation import Rate

MODEL_CARD = "MODEL_CARD.md"
DATA_CARD = "DATA_CARD.md"
LICENCES = "LICENSES.md"
CODE = "code.json"
CARDS = (CODE, DATA_CARD, LICENCES, MODEL_CARD)


def texts(material: Material, *, name: str, reasons: tuple[str, ...]) -> Mapping[str, str]:
    """Return the made texts of a bundle by path.

    Args:
        material: The records.
        name: Name of the bundle.
        reasons: What keeps it from being final; empty for a final one.
    """
    return {
        CODE: _code(material),
        DATA_CARD: _data_card(material),
        LICENCES: _licences(material),
        MODEL_CARD: _model_card(material, name, reasons),
    }


def _model_card(material: Material, name: str, reasons: tuple[str, ...]) -> str:
    status = "a rehearsal" if reasons else "final"
    lines = [f"# Models of {name}", "", f"This bundle is {status}.", ""]
    lines += [f"- {reason}" for reason in reasons] + ([""] if reasons else [])
    for model in material.models:
        lines += _model_section(model)
    lines += [
        "## Evaluation",
        "",
        "Rates with 95 % Wilson intervals. Items are held out by the dataset's split rule.",
        "",
        "| evaluation | checkpoint | items | pass@1 | format | all steps replay |",
        "|---|---|---|---|---|---|",
        *(_evaluation_row(found) for found in material.evaluations),
        "",
        "## Limits",
        "",
        "- Trained and evaluated on the task families in DATA_CARD.md only; nothing is known of",
        "  other tasks, languages or lengths.",
        "- An interval speaks of new items of the same families, not of other seeds or trainings.",
        "- A right answer may stand under steps that do not replay: see the last column.",
    ]
    return _text(lines)


def _model_section(model: Model) -> list[str]:
    found = model.training
    device = f"{found.device.count} x {found.device.kind}"
    return [
        f"## {model.name}",
        "",
        f"- learned: {found.objective}; start: {found.base_weights}; seed {found.seed}",
        f"- {found.parameters:,} weights; {found.steps:,} steps on {device}",
        f"- {found.tokens:,} tokens ({found.trained_tokens:,} trained)",
        f"- stopped by {found.stopped_by}",
        f"- last loss: {found.losses[-1].loss:.4f} nats per trained token",
        f"- checkpoint {short(model.checkpoint.sha256)}, dataset {short(found.dataset_id)}",
        "",
    ]


def _evaluation_row(found: Examination) -> str:
    said = found.summary
    rates = (_rate(said.pass_at_1), _rate(said.format_rate), _rate(said.step_validity))
    return _row((found.name, short(said.checkpoint), str(said.n_items), *rates))


def _data_card(material: Material) -> str:
    found = material.dataset
    lines = [
        f"# Dataset {found.key}",
        "",
        f"- id {short(found.id)}; {found.counts.total:,} traces; seed {found.seed}",
        f"- made from: {found.source}",
        f"- made by: {found.generator_version}, source {short(found.source_tree)}",
        f"- split rule: {found.split_rule}",
        f"- duplicates removed: {found.overlap.duplicates_removed} ({found.overlap.method})",
        f"- overlap between splits: {found.overlap.overlap_between_splits}",
        "",
        "The traces themselves are not in this bundle: the manifest names each file by digest.",
        "",
    ]
    counts = found.counts
    for title, table in (
        ("source", counts.source),
        ("family", counts.family),
        ("split", counts.split),
        ("bucket", counts.bucket),
    ):
        lines += [f"| {title} | traces |", "|---|---|"]
        lines += [_row((key, f"{table[key]:,}")) for key in sorted(table)] + [""]
    return _text(lines)


def _licences(material: Material) -> str:
    lines = [
        "# Licences",
        "",
        f"Weights, cards, manifests and evidence: {OWN}.",
        "",
        "| licence of the data | traces | may be handed on |",
        "|---|---|---|",
    ]
    for licence, count in sorted(material.dataset.licences.items()):
        known = "yes" if is_redistributable(licence) else "not known"
        lines.append(_row((licence, f"{count:,}", known)))
    return _text(lines)


def _code(material: Material) -> str:
    """Return which code made dataset and models: versions, source and config digests."""
    values = {
        "dataset": {
            "generator_version": material.dataset.generator_version,
            "source_tree": material.dataset.source_tree,
            "schema_versions": material.dataset.schema_versions,
        },
        "models": {
            model.name: {"config": model.training.config, "versions": model.training.versions}
            for model in material.models
        },
    }
    return canonical_bytes(values).decode() + "\n"


def _rate(rate: Rate) -> str:
    if rate.n == 0:
        return "not measured"
    return f"{rate.rate:.3f} [{rate.low:.3f}, {rate.high:.3f}]"


def _row(cells: Iterable[str]) -> str:
    plain = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(plain)} |"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
