"""Reading the ancestor's flat traces: the one legacy reader.

A line such as ``{"prompt": "...", "trace_steps": ["...", "..."], "final_answer": "..."}`` becomes
a question and a trace. Its steps carry no claims, since nothing says what they assert; the source
is ``llm`` unless the user knows better.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import AfterValidator, Field

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.line import faults_of, raw_lines
from tracemill_datagen.dataset.pair import Pair
from tracemill_datagen.output import OutputFile
from tracemill_datagen.sealed import seal
from tracemill_datagen.source import GENERATOR
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.errors import RecordError
from tracemill_schema.question import Question, Source
from tracemill_schema.record import Record
from tracemill_schema.trace import TRACE_VERSION, Trace, not_blank

FAMILY = "ingested"
_SPEC = AnswerSpec(kind="string")
_Text = Annotated[str, Field(max_length=50_000), AfterValidator(not_blank)]
_StepText = Annotated[str, Field(max_length=20_000), AfterValidator(not_blank)]


class FlatTrace(Record):
    """A line of the ancestor's file; ``metadata`` is read and dropped."""

    contract = "flat trace (v1)"

    prompt: _Text
    trace_steps: tuple[_StepText, ...] = Field(min_length=1, max_length=1_000)
    final_answer: _Text
    metadata: dict[str, Value] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What an ingest did: traces written, duplicates passed over, lines refused and why."""

    traces: int
    duplicates: int
    rejects: tuple[LineFault, ...]

    @property
    def rejected_lines(self) -> int:
        """Number of different lines that were refused."""
        return len({fault.line for fault in self.rejects})


def ingest(path: Path, out: Path, *, source: Source, licence: str) -> Ingested:
    """Convert a file of flat traces; never stops at a wrong line.

    Writes ``ingested.questions.jsonl``, ``ingested.traces.jsonl`` (a folder that ``dataset build
    --tasks`` takes) and, if lines were refused, ``ingested.rejects.jsonl`` into ``out``.

    Args:
        path: The JSONL file.
        out: Folder to write into.
        source: Where the traces come from.
        licence: Licence of the data.
    """
    seen: set[str] = set()
    duplicates = 0
    rejects: list[LineFault] = []
    questions, traces = (OutputFile(out / f"{FAMILY}.{kind}.jsonl") for kind in _KINDS)
    with questions, traces:
        for found in _pairs(path, source, licence):
            if isinstance(found, LineFault):
                rejects.append(found)
            elif found.trace.record.id in seen:
                duplicates += 1
            else:
                seen.add(found.trace.record.id)
                questions.write(found.question.data)
                traces.write(found.trace.data)
    write_rejects(out / f"{FAMILY}.rejects.jsonl", rejects)
    return Ingested(traces=len(seen), duplicates=duplicates, rejects=tuple(rejects))


_KINDS = ("questions", "traces")


def write_rejects(path: Path, rejects: list[LineFault]) -> None:
    """Write refused lines as JSONL {file, line, pointer, reason}; without any, no file stands."""
    if not rejects:
        path.unlink(missing_ok=True)
        return
    with OutputFile(path) as file:
        for fault in rejects:
            file.write(orjson.dumps(vars(fault), option=orjson.OPT_SORT_KEYS))


def _pairs(path: Path, source: Source, licence: str) -> Iterator[Pair | LineFault]:
    for raw in raw_lines(path, name=path.name):
        if isinstance(raw, LineFault):
            yield raw
            continue
        number, line = raw
        try:
            flat = FlatTrace.from_bytes(line, where=f"{path.name} line {number}")
            yield _converted(flat, source, licence)
        except RecordError as error:
            yield from faults_of(error, file=path.name, line=number)


def _converted(flat: FlatTrace, source: Source, licence: str) -> Pair:
    group = hashlib.sha256(flat.prompt.encode()).hexdigest()[:16]
    question = seal(
        Question,
        {
            "source": source,
            "family": FAMILY,
            "table_id": None,
            "prompt": flat.prompt,
            "mechanical": flat.prompt,
            "parameters": {},
            "program": None,
            "answer_spec": _SPEC.to_values(),
            "answers": [{"value": flat.final_answer, "interpretation": "only"}],
            "difficulty": float(len(flat.trace_steps)),
            "n_steps": len(flat.trace_steps),
            "seed": 0,
            "split_group": f"{FAMILY}/{group}",
        },
    )
    return Pair(question=question, trace=seal(Trace, _trace(flat, question.record.id, licence)))


def _trace(flat: FlatTrace, question_id: str, licence: str) -> JsonObject:
    steps: list[Value] = [
        {"i": i, "type": "text", "content": content, "claim": None}
        for i, content in enumerate(flat.trace_steps)
    ]
    return {
        "trace_version": TRACE_VERSION,
        "prompt": flat.prompt,
        "steps": steps,
        "final_answer": flat.final_answer,
        "answer_spec": _SPEC.to_values(),
        "provenance": {
            "question_id": question_id,
            "episode_id": None,
            "family": FAMILY,
            "generator": f"{GENERATOR}, ingest --from-v1",
            "seed": 0,
            "licence": licence,
        },
    }
