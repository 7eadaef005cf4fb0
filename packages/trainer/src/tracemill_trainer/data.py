"""Reads a dataset as its manifest names it, and turns examples into tokens.

A file is read only if its bytes are what the manifest says. A training learns from both forms of
``tracemill_schema.example``: bos and the prompt, which the loss does not look at, then the text of
the span and eos, which it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tracemill_schema.canonical import file_digest, short
from tracemill_schema.dataset import Dataset, Split
from tracemill_schema.example import Example, Form
from tracemill_schema.jsonl import read_record, read_records
from tracemill_schema.question import Question
from tracemill_schema.record import Record
from tracemill_trainer.errors import (
    CompletionsMismatch,
    DatasetAbsent,
    DatasetChanged,
    NothingToDo,
)
from tracemill_trainer.tokenizer import encode_completion, encode_prompt

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True)
class OpenDataset:
    """A dataset's folder and its manifest."""

    folder: Path
    manifest: Dataset


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """What a training learns from, and the dataset that it came from."""

    dataset_id: str
    dataset_key: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, and the text before the span of its examples: what a model is asked with."""

    question: Question
    prompt: str


@dataclass(frozen=True, kw_only=True)
class TokenText:
    """An example as tokens."""

    tokens: tuple[int, ...]
    trained_from: int
    """Index of the first token that the loss looks at; it looks at all from there on."""


def open_dataset(folder: Path) -> OpenDataset:
    """Read ``folder/manifest.json``.

    Raises:
        DatasetAbsent: if there is none.
        RecordError: if it is not a dataset.v1.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise DatasetAbsent(
            f"wanted a dataset with a manifest.json, got nothing at {path}; "
            "build it first or name another folder"
        )
    return OpenDataset(folder=folder, manifest=read_record(path, Dataset))


def corpus(dataset: OpenDataset, form: Form, families: Sequence[str]) -> Corpus:
    """Read the training examples of some families (none named: of all).

    Raises:
        DatasetAbsent: if the dataset has no such file.
        DatasetChanged: if the file is not what the manifest says.
        NothingToDo: if no example is of these families.
    """
    path = f"examples/{form}/train.jsonl"
    examples = tuple(_read(dataset, path, Example))
    kept = tuple(e for e in examples if not families or e.family in families)
    if not kept:
        there = ", ".join(sorted({e.family for e in examples})) or "none"
        raise NothingToDo(
            f"wanted examples of {_listed(families)} in {dataset.folder / path}, "
            f"got families {there}; choose among these"
        )
    manifest = dataset.manifest
    return Corpus(dataset_id=manifest.id, dataset_key=manifest.key, examples=kept)


def questions(dataset: OpenDataset, split: Split, families: Sequence[str]) -> tuple[Question, ...]:
    """Read the questions of a split, in the order of their ids.

    An id is a hash, so the first n are a fixed sample that no family or difficulty leads.

    Raises: as ``corpus`` does.
    """
    path = f"questions/{split}.jsonl"
    read = _read(dataset, path, Question)
    kept = sorted((q for q in read if not families or q.family in families), key=lambda q: q.id)
    if not kept:
        there = ", ".join(sorted({q.family for q in read})) or "none"
        raise NothingToDo(
            f"wanted questions of {_listed(families)} in {dataset.folder / path}, "
            f"got families {there}; choose among these"
        )
    return tuple(kept)


def with_prompts(
    dataset: OpenDataset, split: Split, *, form: Form, families: Sequence[str], n: int
) -> tuple[Asked, ...]:
    """Read the first n questions, each with the prompt that its examples of this form have.

    Raises: as ``corpus`` does, and
        DatasetChanged: if the examples of a question have no prompt in common.
    """
    prompts: dict[str, dict[str, None]] = {}
    for example in _read(dataset, f"examples/{form}/{split}.jsonl", Example):
        prompt = example.text[: example.span.start]
        prompts.setdefault(example.question_id, {})[prompt] = None
    asked = []
    for question in questions(dataset, split, families)[:n]:
        found = tuple(prompts.get(question.id, ()))
        if len(found) != 1:
            raise DatasetChanged(
                f"{dataset.folder}: wanted one prompt of question {short(question.id)}, "
                f"got {len(found)} in its examples; {_REBUILD}"
            )
        asked.append(Asked(question=question, prompt=found[0]))
    return tuple(asked)


def questions_by_id(dataset: OpenDataset, split: Split, ids: Sequence[str]) -> tuple[Question, ...]:
    """Read the questions that were asked, in that order.

    Raises: as ``corpus`` does, and
        CompletionsMismatch: if one of them is not in the split.
    """
    known = {question.id: question for question in questions(dataset, split, ())}
    absent = [identifier for identifier in ids if identifier not in known]
    if absent:
        raise CompletionsMismatch(
            f"question {short(absent[0])} was asked, which is not in {split} of "
            f"{dataset.manifest.key}; name the dataset and split that the completions are of"
        )
    return tuple(known[identifier] for identifier in ids)


def tokenize(example: Example) -> TokenText:
    """Return the tokens of an example."""
    prompt = encode_prompt(example.text[: example.span.start])
    completion = encode_completion(example.text[example.span.start :])
    return TokenText(tokens=(*prompt, *completion), trained_from=len(prompt))


def _read(dataset: OpenDataset, path: str, kind: type[R]) -> list[R]:
    entry = next((file for file in dataset.manifest.files if file.path == path), None)
    if entry is None:
        listed = ", ".join(file.path for file in dataset.manifest.files)
        raise DatasetAbsent(
            f"wanted {path} in dataset {dataset.manifest.key}, got only: {listed}; "
            "build the dataset with that split and form"
        )
    whole = dataset.folder / path
    if not whole.is_file():
        raise DatasetChanged(f"{whole}: the manifest names this file but it is gone; {_REBUILD}")
    got = file_digest(whole)
    if got != entry.sha256:
        raise DatasetChanged(
            f"{whole}: wanted sha256 {short(entry.sha256)} as the manifest says, "
            f"got {short(got)}; {_REBUILD}"
        )
    return list(read_records(whole, kind))


_REBUILD = "restore the file or build the dataset again"


def _listed(families: Sequence[str]) -> str:
    return "families " + ", ".join(families) if families else "any family"
