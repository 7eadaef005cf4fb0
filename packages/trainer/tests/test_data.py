from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.errors import TracemillError
from tracemill_schema.example import Example
from tracemill_schema.jsonl import read_records, write_records
from tracemill_trainer.data import (
    corpus,
    open_dataset,
    questions,
    questions_by_id,
    tokenize,
    with_prompts,
)
from tracemill_trainer.errors import CompletionsMismatch, DatasetAbsent, DatasetChanged, NothingToDo
from tracemill_trainer.tokenizer import BOS, EOS, decode

Write = Callable[[Path, int, int], Dataset]


@pytest.mark.parametrize("form", ["trace", "answer"])
def test_exactly_the_span_and_eos_are_trained(
    make_example: Callable[[int, str], Example], form: str
) -> None:
    for index in range(20):
        example = make_example(index, form)
        text = tokenize(example)
        trained = text.tokens[text.trained_from :]
        assert trained[-1] == EOS
        assert decode(trained[:-1]) == example.text[example.span.start :]
        assert text.tokens[0] == BOS
        assert decode(text.tokens[: text.trained_from]) == example.text[: example.span.start]


def test_a_corpus_holds_the_form_asked_for(tmp_path: Path, write_dataset: Write) -> None:
    manifest = write_dataset(tmp_path, 9, 2)
    read = corpus(open_dataset(tmp_path), "answer", ("tiny_chain",))
    assert read.dataset_id == manifest.id
    assert {example.form for example in read.examples} == {"answer"}
    assert len(read.examples) == 3


def test_questions_come_in_the_order_of_their_ids(tmp_path: Path, write_dataset: Write) -> None:
    write_dataset(tmp_path, 30, 2)
    ids = [question.id for question in questions(open_dataset(tmp_path), "test", ())]
    assert ids == sorted(ids)
    assert len(ids) == 10


def test_a_question_is_asked_with_the_prompt_of_its_examples(
    tmp_path: Path, write_dataset: Write
) -> None:
    write_dataset(tmp_path, 30, 2)
    dataset = open_dataset(tmp_path)
    these = with_prompts(dataset, "test", form="answer", families=("tiny_chain",), n=4)
    assert [one.question for one in these] == list(questions(dataset, "test", ())[:4])
    assert [one.prompt for one in these] == [one.question.prompt + "\nof t\n" for one in these]


def test_questions_that_were_asked_come_in_that_order(tmp_path: Path, write_dataset: Write) -> None:
    write_dataset(tmp_path, 9, 2)
    dataset = open_dataset(tmp_path)
    one, two, three = questions(dataset, "test", ())
    assert questions_by_id(dataset, "test", (three.id, one.id)) == (three, one)
    with pytest.raises(CompletionsMismatch, match="which is not in validation of tiny-v1"):
        questions_by_id(dataset, "validation", (two.id,))


def _rewrite(folder: Path, manifest: Dataset, examples: list[Example]) -> None:
    path = "examples/trace/test.jsonl"
    write_records(folder / path, examples)
    files = tuple(
        file.replace(sha256=file_digest(folder / path)) if file.path == path else file
        for file in manifest.files
    )
    changed = Dataset.make(**{**dict(manifest), "files": files})
    (folder / "manifest.json").write_bytes(changed.to_bytes())


def test_a_question_without_one_prompt_is_not_asked(tmp_path: Path, write_dataset: Write) -> None:
    manifest = write_dataset(tmp_path, 9, 2)
    examples = list(read_records(tmp_path / "examples/trace/test.jsonl", Example))
    last, text = examples[-1], "another prompt\n" + examples[-1].text
    _rewrite(tmp_path, manifest, examples[:-1])
    with pytest.raises(DatasetChanged, match="wanted one prompt .*, got 0 in its examples"):
        with_prompts(open_dataset(tmp_path), "test", form="trace", families=(), n=9)
    other = last.replace(text=text, span=last.span.replace(start=3, end=len(text)))
    _rewrite(tmp_path, manifest, [*examples, other])
    with pytest.raises(DatasetChanged, match="wanted one prompt .*, got 2 in its examples"):
        with_prompts(open_dataset(tmp_path), "test", form="trace", families=(), n=9)


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _changed(folder: Path) -> None:
    with (folder / "examples/trace/train.jsonl").open("ab") as stream:
        stream.write(b"\n")


def _gone(folder: Path) -> None:
    (folder / "examples/trace/train.jsonl").unlink()


@pytest.mark.parametrize(
    ("harm", "kind", "message"),
    [
        (_no_manifest, DatasetAbsent, "wanted a dataset with a manifest.json, got nothing at"),
        (_changed, DatasetChanged, "as the manifest says, got"),
        (_gone, DatasetChanged, "the manifest names this file but it is gone"),
    ],
)
def test_a_dataset_that_is_not_what_it_says_is_refused(
    tmp_path: Path,
    write_dataset: Write,
    harm: Callable[[Path], None],
    kind: type[TracemillError],
    message: str,
) -> None:
    write_dataset(tmp_path, 9, 2)
    harm(tmp_path)
    with pytest.raises(kind, match=message):
        corpus(open_dataset(tmp_path), "trace", ())


def test_a_family_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, write_dataset: Write
) -> None:
    write_dataset(tmp_path, 9, 2)
    dataset = open_dataset(tmp_path)
    message = "wanted examples of families percent in .*, got families tiny_chain"
    with pytest.raises(NothingToDo, match=message):
        corpus(dataset, "trace", ("percent",))
    with pytest.raises(NothingToDo, match="wanted questions of families percent"):
        questions(dataset, "test", ("percent",))


def test_a_split_that_the_manifest_does_not_name_is_absent(
    tmp_path: Path, write_dataset: Write
) -> None:
    manifest = write_dataset(tmp_path, 9, 2)
    less = Dataset.make(**{**dict(manifest), "files": manifest.files[:1]})
    (tmp_path / "manifest.json").write_bytes(less.to_bytes())
    with pytest.raises(DatasetAbsent, match=r"got only: questions/train\.jsonl"):
        questions(open_dataset(tmp_path), "test", ())
