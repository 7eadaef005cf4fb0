"""The visible table of contracts, and the JSON Schema of each.

Source of the format: JSON Schema, draft 2020-12. Files are written from the models, never by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from tracemill_schema.bundle import Bundle
from tracemill_schema.completion import Completion
from tracemill_schema.dataset import Dataset
from tracemill_schema.episode import Episode
from tracemill_schema.errors import UsageFault
from tracemill_schema.evaluation import Evaluation, ItemVerdict
from tracemill_schema.evidence import Evidence
from tracemill_schema.example import Example
from tracemill_schema.experiment import Experiment
from tracemill_schema.jsonl import write_bytes
from tracemill_schema.program import Program
from tracemill_schema.question import Question
from tracemill_schema.record import Record
from tracemill_schema.run import Run
from tracemill_schema.spec import Spec
from tracemill_schema.table import Table
from tracemill_schema.trace import Trace
from tracemill_schema.training import Training

CONTRACTS: tuple[type[Record], ...] = (
    Table,
    Question,
    Program,
    Episode,
    Trace,
    Dataset,
    Example,
    Run,
    Training,
    Completion,
    Evaluation,
    ItemVerdict,
    Evidence,
    Bundle,
    Spec,
    Experiment,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def by_name(name: str) -> type[Record]:
    """Return the record of a contract, for instance of ``trace.v1``.

    Raises:
        UsageFault: if there is no such contract; the message lists all.
    """
    for kind in CONTRACTS:
        if kind.contract == name:
            return kind
    known = ", ".join(kind.contract for kind in CONTRACTS)
    raise UsageFault(f"no contract is called {name!r}; there are: {known}")


def schema_of(kind: type[Record]) -> Mapping[str, Any]:
    """Return the JSON Schema of a contract, as the record is written (every field present)."""
    schema = kind.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": DRAFT, "$id": f"urn:tracemill:contract:{kind.contract}", **schema}


def schema_path(folder: Path, kind: type[Record]) -> Path:
    """Return where a contract's schema file lies, ``NAME.vN.schema.json``."""
    return folder / f"{kind.contract}.schema.json"


def write_schemas(folder: Path, kinds: Sequence[type[Record]] = CONTRACTS) -> tuple[Path, ...]:
    """Write the schema of every contract into ``folder``; return the paths."""
    paths = []
    for kind in kinds:
        path = schema_path(folder, kind)
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        write_bytes(path, orjson.dumps(schema_of(kind), option=options))
        paths.append(path)
    return tuple(paths)
