from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.completion import Completion
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.data import Asked
from tracemill_trainer.errors import CompletionsMismatch
from tracemill_trainer.reuse import Answering, claim_answers, is_written, read_answering

CONFIG = CompleteConfig(model="models/m", dataset="d", out="evaluations/m")


def _answers(asked: list[Asked]) -> bytes:
    lines = [
        Completion(
            question_id=one.question.id, model="a" * 64, sample=0, text="", tokens=1, finish="stop"
        ).to_bytes()
        for one in asked
    ]
    return b"".join(line + b"\n" for line in lines)


def test_completions_are_reused_only_for_the_same_model_and_questions(
    tmp_path: Path, make_asked: Callable[[int], Asked]
) -> None:
    target = tmp_path / "completions.jsonl"
    asked = [make_asked(0), make_asked(1)]
    reworded = [asked[0], Asked(question=asked[1].question, prompt="?")]
    answering = Answering.of(CONFIG, "a" * 64, asked)
    assert not claim_answers(target, answering)
    answering.partial(target).write_bytes(_answers(asked))
    assert not claim_answers(target, answering), "begun is not whole"
    assert answering.partial(target).is_file(), "what was begun of it stays"
    answering.partial(target).rename(target)
    assert claim_answers(target, answering)
    for broken in (_answers(asked[:1]), _answers(asked)[:-9]):
        target.write_bytes(broken)
        assert not claim_answers(target, answering), "one is missing"
        assert not target.exists()
    for other in (
        Answering.of(CONFIG, "b" * 64, asked),
        Answering.of(CONFIG, "b" * 64, asked[:1]),
        Answering.of(CONFIG, "b" * 64, reworded),
        Answering.of(CONFIG.replace(max_new_tokens=5), "b" * 64, asked[:1]),
    ):
        target.write_bytes(b"old\n")
        assert not claim_answers(target, other)
        assert not target.exists()


def test_completions_tell_what_was_asked(
    tmp_path: Path, make_asked: Callable[[int], Asked]
) -> None:
    target = tmp_path / "completions.jsonl"
    with pytest.raises(CompletionsMismatch, match="wanted completions.json beside .*, got none"):
        read_answering(target)
    answering = Answering.of(CONFIG, "a" * 64, [make_asked(0), make_asked(1)])
    claim_answers(target, answering)
    assert read_answering(target) == answering
    assert answering.questions == tuple(make_asked(index).question.id for index in range(2))


def test_a_torn_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    assert not is_written(path, CONFIG)
    path.write_bytes(CONFIG.to_bytes())
    assert is_written(path, CONFIG)
    path.write_bytes(CONFIG.to_bytes()[:-5])
    assert not is_written(path, CONFIG)
