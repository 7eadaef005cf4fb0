"""Counts of stored questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate
from tracemill_datagen.question.tally import band_of, tally
from tracemill_schema.jsonl import write_records


def test_questions_are_counted_by_what_they_are(tmp_path: Path, bench: Bench) -> None:
    template = generate(bench, "template", count=30, seed=0).questions
    procedural = generate(bench, "procedural", count=10, seed=0).questions
    write_records(tmp_path / "template/penguins.jsonl", template)
    write_records(tmp_path / "procedural/penguins.jsonl", procedural)
    told: list[tuple[int, int]] = []
    counted = tally([tmp_path], lambda *said: told.append(said))
    assert counted.questions == 40
    assert counted.by["source"] == {"procedural": 10, "template": 30}
    assert counted.by["table"] == {"penguins": 40}
    assert sum(counted.by["family"].values()) == 30
    assert sum(counted.by["shape"].values()) == 10
    for name in ("answer", "answers", "status", "difficulty", "steps"):
        assert sum(counted.by[name].values()) == 40, name
    with_mean = [
        q for q in (*template, *procedural) if q.program and "mean(" in q.program.canonical
    ]
    assert counted.by["operator"]["mean"] <= len(with_mean)
    assert counted.by["operator"]["table"] == 40
    assert told == [(1, 2), (2, 2)]
    assert all(list(values) == sorted(values) for values in counted.by.values())


@pytest.mark.parametrize(
    ("difficulty", "band"),
    [(0.0, " 0 to  2"), (1.999, " 0 to  2"), (2.0, " 2 to  4"), (11, "10 to 12")],
)
def test_bands_of_difficulty(difficulty: float, band: str) -> None:
    assert band_of(difficulty) == band
