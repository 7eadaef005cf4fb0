"""The judge against decisions that a person made: no false accepts, no false rejects."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tracemill_schema.answer import AnswerSpec, judge
from tracemill_schema.canonical import Value
from tracemill_schema.completion import CLOSE_ANSWER, OPEN_ANSWER, tagged

GRID = Path(__file__).parent / "data" / "answer_grid.toml"

CASES_PER_CLASS: dict[str, tuple[int, int]] = {
    "count": (6, 7),
    "year": (3, 6),
    "sign": (5, 7),
    "substring": (3, 10),
    "near zero": (5, 7),
    "rounding": (7, 6),
    "p-value": (7, 9),
    "per cent": (5, 7),
    "list order": (4, 5),
    "list multiplicity": (3, 7),
    "boolean": (4, 8),
    "date": (9, 9),
    "hedge": (3, 14),
    "tolerance": (5, 5),
    "thousands": (5, 6),
    "decimal comma": (6, 6),
    "unit": (7, 8),
    "currency": (6, 6),
    "trailing zeros": (6, 4),
    "more digits": (4, 5),
    "fewer digits": (3, 5),
    "approximation": (3, 7),
    "range": (3, 8),
    "fraction": (5, 6),
    "latex": (9, 8),
    "markdown": (7, 6),
    "sentence": (7, 7),
    "several numbers": (3, 8),
    "negative zero": (4, 3),
    "no number": (5, 9),
    "characters": (6, 6),
    "label spelling": (9, 8),
    "label within label": (3, 7),
    "empty": (4, 7),
    "list form": (13, 9),
    "set": (4, 5),
    "nested": (5, 6),
    "mapping": (3, 9),
    "open question": (4, 7),
    "answer tag": (3, 8),
    "said twice": (5, 6),
}
"""Class -> cases to accept and to refuse, so that none is lost unseen."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One answer and the examiner's decision; ``says`` is None where no one pair of tags stands."""

    group: str
    of_facts: bool
    spec: AnswerSpec
    golds: tuple[Value, ...]
    says: str | None
    accept: bool
    why: str


Scorer = Callable[[AnswerSpec, Value, str], bool]


def read_grid() -> tuple[Case, ...]:
    grid = tomllib.loads(GRID.read_text(encoding="utf-8"))
    specs = {
        name: AnswerSpec.model_validate_json(_json(values)) for name, values in grid["spec"].items()
    }
    return tuple(
        Case(
            group=group["name"],
            of_facts=group.get("facts", False),
            spec=specs[case["spec"]],
            golds=tuple(case.get("gold", (None,))),
            says=case["says"] if "says" in case else _answer_of(case["writes"]),
            accept=case["accept"],
            why=case["why"],
        )
        for group in grid["class"]
        for case in group["cases"]
    )


def _json(value: object) -> bytes:
    import orjson

    return orjson.dumps(value)


def _answer_of(text: str) -> str | None:
    return tagged(text, OPEN_ANSWER, CLOSE_ANSWER)


CASES = read_grid()


def accepts(scorer: Scorer, case: Case) -> bool:
    says = case.says
    return says is not None and any(scorer(case.spec, gold, says) for gold in case.golds)


def ours(spec: AnswerSpec, gold: Value, says: Value) -> bool:
    return judge(spec, gold, says).correct


def within_one_per_cent(_: AnswerSpec, gold: Value, says: str) -> bool:
    """What is often written in a hurry: ``float()`` and 1 %, or else the same text."""
    try:
        wanted, got = float(str(gold)), float(says)
    except ValueError:
        return str(gold).casefold() == says.strip().casefold()
    return abs(got - wanted) <= 0.01 * abs(wanted)


def contained(_: AnswerSpec, gold: Value, says: str) -> bool:
    """What is often written in a hurry: the gold answer stands somewhere in the text."""
    return str(gold).casefold() in says.casefold()


def last_number(_: AnswerSpec, gold: Value, says: str) -> bool:
    """What is often written in a hurry: the last number of the text, within 1 %."""
    found = re.findall(r"[+-]?\d+(?:\.\d+)?", says.replace(",", ""))
    return within_one_per_cent(_, gold, found[-1] if found else says)


def report(scorer: Scorer) -> tuple[str, int, int]:
    """Return a table of the faults by class, and how many false accepts and rejects there are."""
    wrong = [case for case in CASES if accepts(scorer, case) != case.accept]
    lines = []
    for group in CASES_PER_CLASS:
        faults = [case for case in wrong if case.group == group]
        taken = sum(not case.accept for case in faults)
        lines.append(f"{group:20} {taken:3} false accepts {len(faults) - taken:3} false rejects")
        lines.extend(_shown(case) for case in faults)
    accepted = sum(not case.accept for case in wrong)
    return "\n".join(lines), accepted, len(wrong) - accepted


def _shown(case: Case) -> str:
    wanted = "accept" if case.accept else "refuse"
    return f"    {wanted} {case.says!r} for {case.golds!r}: {case.why}"


def test_no_class_of_the_grid_lost_a_case() -> None:
    accepted = Counter(case.group for case in CASES if case.accept)
    refused = Counter(case.group for case in CASES if not case.accept)
    groups = dict.fromkeys(case.group for case in CASES)
    assert {group: (accepted[group], refused[group]) for group in groups} == CASES_PER_CLASS
    assert all(accepts and refuses for accepts, refuses in CASES_PER_CLASS.values())


def test_the_grid_is_the_thirty_cases_and_two_hundred_more() -> None:
    of_facts = sum(case.of_facts for case in CASES)
    assert of_facts >= 30
    assert len(CASES) - of_facts >= 200


def test_no_case_stands_there_twice() -> None:
    keys = [
        (case.spec, repr(case.golds), case.says)
        for case in CASES
        if case.group not in ("answer tag", "hedge")
    ]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_judge_accepts_and_refuses_what_the_examiner_does() -> None:
    table, false_accepts, false_rejects = report(ours)
    assert (false_accepts, false_rejects) == (0, 0), table


@pytest.mark.parametrize(
    ("scorer", "least_accepts", "least_rejects"),
    [(within_one_per_cent, 10, 50), (contained, 50, 50), (last_number, 50, 50)],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_the_grid_tells_a_naive_scorer_from_a_judge(
    scorer: Scorer,
    least_accepts: int,
    least_rejects: int,
) -> None:
    table, false_accepts, false_rejects = report(scorer)
    print(f"{false_accepts} false accepts, {false_rejects} false rejects of {len(CASES)}\n{table}")
    assert false_accepts >= least_accepts
    assert false_rejects >= least_rejects


def test_a_scorer_that_accepts_or_refuses_everything_fails_in_every_class() -> None:
    for verdict in (True, False):
        table, _, _ = report(partial(_always, verdict))
        assert not re.search(r"  0 false accepts   0 false rejects", table)


def _always(verdict: bool, *_: object) -> bool:  # noqa: FBT001 - bound by partial
    return verdict


HALF = {("0.125", 0.12), ("0.125", 0.13)}
"""The only answer that stands for two: which way a half is rounded, the question does not say."""


def test_what_is_accepted_for_one_answer_is_refused_for_every_other() -> None:
    """Each way to say an answer is held against the answers of all cases of the same form."""
    others = [
        (case, gold)
        for case in CASES
        if case.accept
        for gold in _golds_like(case)
        if not any(ours(case.spec, own, gold) for own in case.golds)
    ]
    taken = [(case.says, gold) for case, gold in others if ours(case.spec, gold, case.says or "")]
    assert len(others) > 5000
    assert {*map(repr, taken)} == {*map(repr, HALF)}


def _golds_like(case: Case) -> list[Value]:
    return [gold for other in CASES if other.spec == case.spec for gold in other.golds]


def test_the_order_of_admissible_answers_decides_nothing() -> None:
    turned = [
        case
        for case in CASES
        if len(case.golds) > 1 and accepts(ours, _turned(case)) != case.accept
    ]
    assert turned == []


def _turned(case: Case) -> Case:
    golds: Sequence[Value] = case.golds[::-1]
    return Case(**{**vars(case), "golds": tuple(golds)})
