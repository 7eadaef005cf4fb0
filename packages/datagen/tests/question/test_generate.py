"""Batches of questions about a table."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate, proposals
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.answer import show
from tracemill_schema.question import Source

SOURCES: tuple[Source, ...] = ("template", "procedural")
DIGEST = """
import hashlib
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
digest = hashlib.sha256()
with Bench(embedded_sheet(embedded_named("penguins"))) as bench:
    for source in ("template", "procedural"):
        for question in generate(bench, source, count=20, seed=0).questions:
            digest.update(question.to_bytes())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("source", SOURCES)
def test_questions_are_distinct_and_carry_their_parameters(bench: Bench, source: Source) -> None:
    questions = generate(bench, source, count=40, seed=1).questions
    assert len({question.id for question in questions}) == 40
    if source == "procedural":
        programs = [q.program.canonical for q in questions if q.program is not None]
        assert len(set(programs)) == 40
    for question in questions:
        assert all(show(value) in question.prompt for value in question.parameters.values())


def test_a_longer_batch_begins_with_the_shorter_one(bench: Bench) -> None:
    few = generate(bench, "procedural", count=5, seed=1).questions
    assert generate(bench, "procedural", count=9, seed=1).questions[:5] == few
    assert generate(bench, "procedural", count=5, seed=2).questions != few


def test_same_bytes_whatever_the_hash_seed(bench: Bench) -> None:
    digest = hashlib.sha256()
    for source in SOURCES:
        for question in generate(bench, source, count=20, seed=0).questions:
            digest.update(question.to_bytes())
    run = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest.hexdigest()


def test_a_table_that_holds_little_gives_what_it_can_and_counts_the_rest() -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    with Bench(sheet) as small:
        batch = generate(small, "procedural", count=3, seed=0)
        none = generate(small, "template", count=2, seed=0)
    (question,) = batch.questions
    assert question.program is not None
    assert (question.program.canonical, question.answers[0].value) == ("count(table())", 1)
    assert (dict(batch.rejected), batch.tried, batch.possible) == ({}, 1, 1)
    assert none.possible is None
    assert (none.questions, dict(none.rejected)) == ((), {"not_applicable": 48})


def test_open_and_stated_questions_are_among_the_templates(bench: Bench) -> None:
    questions = generate(bench, "template", count=60, seed=0).questions
    assert any(len(question.answers) > 1 for question in questions)
    assert any("Use ddof" in question.prompt for question in questions)


def test_proposals_can_be_drawn_again(bench: Bench) -> None:
    first = next(iter(generate(bench, "template", count=1, seed=0).questions))
    assert any(p.sentence in first.prompt for p in proposals(bench, "template", count=1, seed=0))
