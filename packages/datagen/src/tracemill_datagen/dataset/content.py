"""What the files of a dataset hold, where they lie, and how a manifest counts them."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from tracemill_datagen.dataset.pair import Pair
from tracemill_schema.dataset import SPLITS, Counts, Split
from tracemill_schema.example import FORMS, Form
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

MANIFEST = "manifest.json"
DUPLICATE_METHOD = "exact: SHA-256 of prompt and final answer, over all splits"


def traces_path(split: Split) -> str:
    """Return where the traces of a split lie, relative to the manifest."""
    return f"traces/{split}.jsonl"


def questions_path(split: Split) -> str:
    """Return where the questions of a split lie, relative to the manifest."""
    return f"questions/{split}.jsonl"


def examples_path(form: Form, split: Split) -> str:
    """Return where the examples of a form and split lie, relative to the manifest."""
    return f"examples/{form}/{split}.jsonl"


def all_paths(split: Split) -> tuple[str, ...]:
    """Return every file that a split has."""
    forms = tuple(examples_path(form, split) for form in FORMS)
    return (traces_path(split), questions_path(split), *forms)


def duplicate_key(trace: Trace) -> bytes:
    """Return the digest by which a trace is the same as another: its prompt and its answer."""
    prompt = hashlib.sha256(trace.prompt.encode()).digest()
    return hashlib.sha256(prompt + trace.final_answer.encode()).digest()


def bucket_of(question: Question) -> str:
    """Return the composition bucket: questions about tables, or reasoning tasks."""
    return "reasoning" if question.table_id is None else "table"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Running counts of traces."""

    source: Counter[str] = field(default_factory=Counter)
    family: Counter[str] = field(default_factory=Counter)
    split: Counter[str] = field(default_factory=Counter)
    bucket: Counter[str] = field(default_factory=Counter)
    licence: Counter[str] = field(default_factory=Counter)

    def add(self, pair: Pair, split: Split) -> None:
        """Count one trace."""
        question = pair.question.record
        self.source[question.source] += 1
        self.family[question.family] += 1
        self.split[split] += 1
        self.bucket[bucket_of(question)] += 1
        self.licence[pair.trace.record.provenance.licence] += 1

    @property
    def total(self) -> int:
        """Traces counted."""
        return self.split.total()

    def counts(self) -> Counts:
        """Return the counts as a manifest holds them, names sorted, splits in their order."""
        return Counts(
            total=self.total,
            source=dict(sorted(self.source.items())),
            family=dict(sorted(self.family.items())),
            split={split: self.split[split] for split in SPLITS},
            bucket=dict(sorted(self.bucket.items())),
        )
