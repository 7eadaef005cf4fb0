"""Faults of stored questions: which are told once for many."""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.question.fault import Fault, told_once

A, B = Path("a.jsonl"), Path("b.jsonl")


def fault(path: Path, line: int, kind: str = "table_changed", wanted: str = "table 1") -> Fault:
    return Fault(path=path, line=line, question="f" * 64, kind=kind, wanted=wanted, got="table 2")


def test_a_tables_fault_is_told_where_its_first_question_stands() -> None:
    answer, other = fault(A, 2, "answer"), fault(A, 3, "table_missing")
    told = told_once([fault(A, 1), answer, other, fault(A, 3), fault(B, 1)])
    assert [(each.kind, each.path, each.line, each.concerns) for each in told] == [
        ("table_changed", A, 1, 3),
        ("answer", A, 2, 1),
        ("table_missing", A, 3, 1),
    ]
    assert told[1] is answer
    assert str(told[0]) == (
        "a.jsonl:1: table_changed: wanted table 1, which 3 questions in 2 files were made from, "
        "got table 2"
    )
    assert told[2].wanted == "table 1, which 1 question was made from"


def test_several_tables_are_told_apart() -> None:
    told = told_once([fault(A, 1), fault(A, 2, wanted="table 3"), fault(A, 3)])
    assert [(each.line, each.concerns) for each in told] == [(1, 2), (2, 1)]
    assert "which 2 questions were made from" in told[0].wanted


def test_the_same_fault_of_two_questions_is_told_twice() -> None:
    both = (fault(A, 1, "engines"), fault(A, 2, "engines"))
    assert told_once(both) == both
    assert (
        str(both[0]) == "a.jsonl:1: question ffffffffffffffff engines: wanted table 1, got table 2"
    )


def test_nothing_is_nothing() -> None:
    assert told_once([]) == ()
