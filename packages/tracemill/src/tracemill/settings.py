"""The settings file: a small TOML document, closed, with a reason for every default.

name = "penguins"
tables = ["penguins.csv"]

[questions]
template_per_table = 12
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracemill.errors import SettingsError


class Section(BaseModel):
    """A part of the settings: frozen, closed, strict."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class QuestionSettings(Section):
    """How many questions are asked of each table."""

    template_per_table: int = Field(default=12, ge=0, description="questions from templates")
    procedural_per_table: int = Field(default=12, ge=0, description="questions from the grammar")
    joins: bool = Field(
        default=False,
        description="ask template questions about tables that belong together as well, joined",
    )


class TaskSettings(Section):
    """How many items are made of each reasoning family.

    ``modular_chain`` is what the models of a run learn: the training share of 8,000 items is what
    half a million tokens of traces hold, so that no trace is read twice.
    """

    modular_chain: int = Field(default=8_000, ge=0)
    chain_sum: int = Field(default=200, ge=0)
    percent: int = Field(default=200, ge=0)
    unit_cost: int = Field(default=200, ge=0)
    string_reverse: int = Field(default=200, ge=0)
    sort_numbers: int = Field(default=200, ge=0)
    count_letter: int = Field(default=200, ge=0)


class TrainSettings(Section):
    """What both models get; they differ in what they are shown, and in nothing else.

    Half a million tokens is where the model of the traces has learned its chains (0.75 million gave
    a loss of 1e-4, and two thirds of that time more) and two trainings still fit into a demo of
    eight minutes on two slow cores.
    """

    family: str = Field(default="modular_chain", description="reasoning family to learn")
    max_tokens: int = Field(default=500_000, ge=1, description="processed tokens for each model")
    width: int = Field(default=128, ge=16)
    layers: int = Field(default=4, ge=1)
    row_tokens: int = Field(default=80, ge=16, description="tokens of a packed row; fits one chain")


class EvaluateSettings(Section):
    """How the models are judged."""

    items: int = Field(default=300, ge=1, description="held-out questions for each model")
    max_new_tokens: int = Field(default=64, ge=1)


class Settings(Section):
    """Everything that a run depends on, beside the files of the tables."""

    name: str = Field(
        default="demo", pattern=r"^[a-z][a-z0-9-]{0,39}$", description="names folder and dataset"
    )
    seed: int = Field(default=0, ge=0)
    tables: tuple[str, ...] = Field(
        default=(), description="CSV files, relative to the settings file; empty: the embedded ones"
    )
    questions: QuestionSettings = QuestionSettings()
    tasks: TaskSettings = TaskSettings()
    train: TrainSettings = TrainSettings()
    evaluate: EvaluateSettings = EvaluateSettings()


def load(path: Path) -> Settings:
    """Read a settings file; table paths come back absolute.

    Raises:
        SettingsError: if it cannot be read, is not TOML, or holds an unknown or wrong key.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path}: wanted a settings file, got: {error.strerror}; check the path"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: wanted TOML, got: {error}") from error
    if isinstance(values.get("tables"), list):
        values["tables"] = tuple(values["tables"])
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_describe(path, error)) from error
    tables = tuple(str((path.parent / table).resolve()) for table in settings.tables)
    return settings.model_copy(update={"tables": tables})


def _describe(path: Path, error: ValidationError) -> str:
    lines = [f"{path} is not a valid settings file:"]
    for details in error.errors(include_url=False):
        key = ".".join(str(part) for part in details["loc"])
        if details["type"] == "extra_forbidden":
            lines.append(f"  {key}: no such key{_nearest(key)}")
        else:
            lines.append(f"  {key}: wanted {details['msg']}, got {details['input']!r}")
    return "\n".join(lines)


def _nearest(key: str) -> str:
    known = known_keys()
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5) or difflib.get_close_matches(
        key.rpartition(".")[2], [name.rpartition(".")[2] for name in known], n=1, cutoff=0.6
    )
    if not close:
        return f"; there are: {', '.join(known)}"
    full = next(name for name in known if name == close[0] or name.endswith(f".{close[0]}"))
    return f"; did you mean {full}?"


def known_keys() -> tuple[str, ...]:
    """Return every key of the settings file, sections with a dot."""
    keys: list[str] = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            keys.extend(f"{name}.{inner}" for inner in kind.model_fields)
        else:
            keys.append(name)
    return tuple(keys)
