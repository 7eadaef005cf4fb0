"""Files of questions proved again: what is wrong is told by its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.fault import Fault
from tracemill_datagen.question.generate import generate
from tracemill_datagen.question.validate import validate
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.jsonl import write_records
from tracemill_schema.question import Question, Source

SOURCES: tuple[Source, ...] = ("template", "procedural")


@pytest.fixture(scope="module")
def made(bench: Bench) -> dict[str, tuple[Question, ...]]:
    return {s: generate(bench, s, count=30, seed=5).questions for s in SOURCES}


def found(path: Path, bench: Bench, *questions: Question) -> list[Fault]:
    write_records(path, questions)
    return list(validate([path], [bench.sheet]).faults)


def sealed(question: Question, **changes: object) -> Question:
    changed = question.replace(**changes)
    return changed.replace(id=changed.computed_id())


@pytest.mark.parametrize("source", SOURCES)
def test_what_was_made_holds(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]], source: Source
) -> None:
    path = tmp_path / source / "penguins.jsonl"
    assert [str(fault) for fault in found(path, bench, *made[source])] == []


def spoilt_answer(question: Question) -> Question:
    answer = question.answers[0]
    wrong = "nothing" if isinstance(answer.value, str) else 123456
    return sealed(question, answers=(answer.replace(value=wrong), *question.answers[1:]))


def spoilt_text(question: Question) -> Question:
    assert question.program is not None
    return sealed(question, program=question.program.replace(source="answer = 1\n"))


def spoilt_operator(question: Question) -> Question:
    assert question.program is not None
    nodes = question.program.nodes
    wrong = nodes[-1].replace(op="no_such_operator")
    return sealed(question, program=question.program.replace(nodes=(*nodes[:-1], wrong)))


def no_program(question: Question) -> Question:
    return sealed(question, program=None)


def looser(question: Question) -> Question:
    return sealed(question, answer_spec=question.answer_spec.replace(unit="furlong"))


def other_words(question: Question) -> Question:
    return sealed(question, prompt="In the table penguins, what is it? Round to 2 decimals.")


def other_reading(question: Question) -> Question:
    first = question.readings[0]
    return sealed(question, readings=(first.replace(value=-5), *question.readings[1:]))


def other_family(question: Question) -> Question:
    return sealed(question, family="no_such_family")


def other_source(question: Question) -> Question:
    return sealed(question, source="llm")


def other_table(question: Question) -> Question:
    return sealed(question, table_id="0" * 64)


def renamed_table(question: Question) -> Question:
    return sealed(question, table_id="0" * 64, split_group="sheep:1")


def of_no_table(question: Question) -> Question:
    return sealed(question, table_id=None)


Spoil = Callable[[Question], Question]
SPOILT: list[tuple[Spoil, Source, set[str]]] = [
    (spoilt_answer, "template", {"answer"}),
    (spoilt_text, "template", {"program"}),
    (spoilt_operator, "procedural", {"program"}),
    (no_program, "template", {"program"}),
    (looser, "template", {"answer"}),
    (other_words, "procedural", {"wording"}),
    (other_words, "template", {"parameter"}),
    (other_reading, "template", {"reading"}),
    (other_family, "template", {"family"}),
    (other_source, "template", {"source"}),
    (other_table, "template", {"table_changed"}),
    (renamed_table, "template", {"table_missing"}),
    (of_no_table, "template", {"source"}),
]


@pytest.mark.parametrize("case", SPOILT, ids=[f"{s.__name__}-{k}" for s, k, _ in SPOILT])
def test_a_spoilt_question_is_told_by_kind(
    tmp_path: Path,
    bench: Bench,
    made: dict[str, tuple[Question, ...]],
    case: tuple[Spoil, Source, set[str]],
) -> None:
    spoil, source, kinds = case
    first, second, *_ = made[source]
    path = tmp_path / source / "penguins.jsonl"
    faults = found(path, bench, first, spoil(second))
    assert kinds <= {fault.kind for fault in faults}
    assert {(fault.path, fault.line) for fault in faults} == {(path, 2)}


def test_an_undeclared_convention_is_told(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]]
) -> None:
    stated = next(q for q in generate(bench, "template", count=200, seed=5).questions
                  if "Use ddof" in q.prompt)  # fmt: skip
    position = stated.prompt.index("Use ddof")
    end = stated.prompt.index("Round")
    silent = sealed(stated, prompt=stated.prompt[:position] + stated.prompt[end:])
    kinds = {fault.kind for fault in found(tmp_path / "a.jsonl", bench, silent)}
    assert "ambiguous" in kinds


def test_a_question_that_is_asked_twice_is_told_across_files(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]]
) -> None:
    first, second, *_ = made["template"]
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    write_records(paths[0], [first])
    write_records(paths[1], [second, sealed(first, seed=99)])
    report = validate(paths, [bench.sheet])
    assert [(f.kind, f.path, f.line) for f in report.faults] == [("duplicate", paths[1], 2)]
    assert report.faults[0].got == f"the same as {paths[0]} line 1"
    assert report.checked == 3


def test_a_table_that_changed_is_told_once_with_the_questions_that_it_concerns(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]]
) -> None:
    first, second, third, *rest = made["template"]
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    write_records(paths[0], [first, other_table(second), other_family(other_table(third))])
    write_records(paths[1], [other_table(rest[0]), renamed_table(rest[1])])
    report = validate(paths, [bench.sheet])
    changed, family, missing = report.faults
    assert (changed.kind, changed.path, changed.line) == ("table_changed", paths[0], 2)
    assert (changed.concerns, changed.question) == (3, "")
    assert str(changed) == (
        f"{paths[0]}:2: table_changed: wanted table {'0' * 16} of the name penguins, which "
        f"3 questions in 2 files were made from, got table {bench.sheet.digest[:16]} of that name; "
        "make its questions again"
    )
    assert (family.kind, family.line, family.concerns) == ("family", 3, 1)
    assert (missing.kind, missing.path, missing.line) == ("table_missing", paths[1], 2)
    assert (missing.concerns, missing.wanted) == (
        1,
        f"table {'0' * 16} of the name sheep, which 1 question was made from",
    )
    assert missing.got == "1 other table; give its file or folder with --tables"
    assert (report.checked, report.bad) == (5, 4)


def test_of_a_join_it_is_told_that_one_of_its_tables_changed(tmp_path: Path) -> None:
    trips = "".join(f"{'ABCDEF'[n % 6]},{n * 7 % 23}\n" for n in range(24))
    places = "".join(f"{place},{n * n}\n" for n, place in enumerate("ABCDEF"))
    named = {"trips": f"to,km\n{trips}", "places": f"place,height\n{places}"}
    before = [parse_sheet(t.encode(), name=n, where=n) for n, t in named.items()]
    (join,) = joins(before)
    with Bench(joined(join)) as opened:
        asked = generate(opened, "template", count=2, seed=0).questions
    path = tmp_path / "trips_with_places.jsonl"
    write_records(path, asked)
    assert validate([path], before).faults == ()
    changed = parse_sheet(f"to,km\n{trips}A,9\n".encode(), name="trips", where="trips")
    (fault,) = validate([path], [changed, before[1]]).faults
    assert (fault.kind, fault.concerns) == ("table_changed", 2)
    assert fault.got == "other bytes of trips or places now; make its questions again"


def test_reports_do_not_depend_on_the_number_of_processes(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]]
) -> None:
    paths = [tmp_path / f"{n}.jsonl" for n in range(3)]
    for number, path in enumerate(paths):
        write_records(path, [spoilt_text(made["template"][number])])
    one = validate(paths, [bench.sheet])
    assert one == validate(paths, [bench.sheet], processes=2)
    assert len(one.faults) == 3


def test_two_tables_of_the_same_bytes_keep_their_names(tmp_path: Path, bench: Bench) -> None:
    twin = Sheet(name="twin", digest=bench.sheet.digest, columns=bench.sheet.columns)
    with Bench(twin) as opened:
        asked = generate(opened, "template", count=3, seed=0).questions
    assert found(tmp_path / "twin.jsonl", bench, *asked) == []


@pytest.mark.sandbox
def test_pandas_runs_the_stored_text(
    tmp_path: Path, bench: Bench, made: dict[str, tuple[Question, ...]]
) -> None:
    path = tmp_path / "penguins.jsonl"
    write_records(path, made["template"][:6])
    report = validate([path], [bench.sheet], audited=4)
    assert (report.audited, report.faults) == (4, ())


@pytest.mark.sandbox
def test_a_disagreement_of_pandas_is_told_with_its_line(
    tmp_path: Path,
    bench: Bench,
    made: dict[str, tuple[Question, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracemill_datagen.question.validate.findings_of", lambda *_: ())
    path = tmp_path / "penguins.jsonl"
    write_records(path, [made["template"][0], spoilt_text(made["template"][1])])
    report = validate([path], [bench.sheet], audited=10)
    assert [(fault.kind, fault.line) for fault in report.faults] == [("audit", 2)]


def test_an_embedded_table_is_one_like_any_other() -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    assert validate([], [sheet]).checked == 0
