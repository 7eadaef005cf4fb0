from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracemill_schema.question import Question
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.reuse import Answering, claim_answers, is_written

CONFIG = CompleteConfig(model="models/m", dataset="d", out="evaluations/m")


def test_completions_are_reused_only_for_the_same_model_and_questions(
    tmp_path: Path, make_question: Callable[[int], Question]
) -> None:
    target = tmp_path / "completions.jsonl"
    asked = [make_question(0), make_question(1)]
    answering = Answering.of(CONFIG, "a" * 64, asked)
    assert not claim_answers(target, answering)
    answering.partial(target).write_bytes(b"begun\n")
    assert not claim_answers(target, answering), "begun is not whole"
    assert answering.partial(target).is_file(), "what was begun of it stays"
    answering.partial(target).rename(target)
    assert claim_answers(target, answering)
    for other in (
        Answering.of(CONFIG, "b" * 64, asked),
        Answering.of(CONFIG, "b" * 64, asked[:1]),
        Answering.of(CONFIG.replace(max_new_tokens=5), "b" * 64, asked[:1]),
    ):
        target.write_bytes(b"old\n")
        assert not claim_answers(target, other)
        assert not target.exists()


def test_a_torn_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    assert not is_written(path, CONFIG)
    path.write_bytes(CONFIG.to_bytes())
    assert is_written(path, CONFIG)
    path.write_bytes(CONFIG.to_bytes()[:-5])
    assert not is_written(path, CONFIG)
