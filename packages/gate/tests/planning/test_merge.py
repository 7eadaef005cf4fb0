"""The merge rubric: each rule by itself, then the advice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage, SpecFaults
from tracemill_gate.planning import merge
from tracemill_gate.planning.merge import Plank, advise, plank_of
from tracemill_gate.planning.plan import read_plan
from tracemill_schema.spec import Spec

SpecOf = Callable[..., Spec]


def plank(spec: Spec | None, text: str = "") -> Plank:
    """Return what the rules see of a spec, with other words."""
    return Plank(name=f"{spec.number:04d}" if spec else "an item", text=text, spec=spec)


def files(*paths: str) -> dict[str, object]:
    """Return the field of files to touch."""
    return {"files_to_touch": [{"path": path, "kind": "add"} for path in paths]}


def points(*names: str) -> dict[str, object]:
    """Return the field of touch points, all in one file."""
    return {"touch_points": [{"path": "a.py", "name": name} for name in names]}


def proofs(*names: str) -> dict[str, object]:
    """Return the field of tests that must fail first."""
    return {"fail_first_tests": [f"tests/test_a.py::{name}" for name in names]}


def small(most: int) -> dict[str, object]:
    """Return the fields of a spec that waits for spec 1."""
    return {"depends_on": [1], "diff_shape": {"lines_min": 0, "lines_max": most}}


RULES = [
    (merge.same_files, files("a", "b"), files("b", "c"), True, "1 of 2 paths: b"),
    (merge.same_files, files("a", "b", "c"), files("c", "d", "e"), False, "1 of 3 paths: c"),
    (merge.same_files, files("src/"), files("src/a", "src/b", "c"), True, "1 of 1 paths: src/"),
    (merge.same_files, files("a"), files("b"), False, "0 of 1 paths: none"),
    (merge.same_points, points("f", "g"), points("g"), True, "1 touch points: a.py::g"),
    (merge.same_points, points("new:*"), points("new:*"), False, "0 touch points: none"),
    (merge.same_points, points(), points("g"), False, "0 touch points: none"),
    (
        merge.same_proof,
        proofs("test_a", "test_b"),
        proofs("test_b"),
        True,
        "1 fail-first tests: tests/test_a.py::test_b",
    ),
    (merge.same_proof, proofs("test_a"), proofs("test_b"), False, "0 fail-first tests: none"),
    (
        merge.small_follower,
        {},
        small(200),
        True,
        "0002 waits for 0001 with at most 200 lines, small is up to 200",
    ),
    (
        merge.small_follower,
        {},
        small(201),
        False,
        "0002 waits for 0001 with at most 201 lines, small is up to 200",
    ),
    (merge.small_follower, {}, {}, False, "neither waits for the other"),
]


@pytest.mark.parametrize("case", RULES, ids=lambda case: f"{case[0].__name__}-{case[4][:20]}")
def test_a_rule_says_what_it_found_in_either_order(
    spec_of: SpecOf,
    case: tuple[merge.Rule, dict[str, object], dict[str, object], bool, str],
) -> None:
    rule, first, second, fires, why = case
    one, other = plank(spec_of(1, **first)), plank(spec_of(2, **second))
    assert rule(one, other) == merge.Opinion(rule=rule.__name__, fires=fires, why=why)
    assert rule(other, one) == rule(one, other)


INTENTS = [
    (
        "Leases survive a restart",
        "leases survive everything",
        True,
        "2 of 3 words: leases, survive",
    ),
    ("Leases survive a restart", "Workers sleep and survive", False, "1 of 3 words: survive"),
    ("the one and the other", "and the one", False, "0 of 0 words: none"),
]


@pytest.mark.parametrize(("first", "second", "fires", "why"), INTENTS)
def test_the_same_wish_in_other_words(first: str, second: str, *, fires: bool, why: str) -> None:
    found = merge.same_intent(plank(None, first), plank(None, second))
    assert found == merge.Opinion(rule="same_intent", fires=fires, why=why)
    assert merge.same_intent(plank(None, second), plank(None, first)) == found


def test_two_of_the_five_rules_advise_to_merge(spec_of: SpecOf) -> None:
    one = plank(spec_of(1, **files("a"), **proofs("test_a")), "leases")
    other = plank(spec_of(2, **files("a"), **proofs("test_b")), "colours")
    advice = advise(one, other)
    assert [opinion.rule for opinion in advice.opinions] == [
        "same_files",
        "same_points",
        "same_proof",
        "small_follower",
        "same_intent",
    ]
    assert not advice.merge
    other = plank(spec_of(2, **files("a"), **proofs("test_a")), "colours")
    assert advise(one, other).merge


def test_specs_drafts_and_items_can_be_named(root: Path, spec_text: Callable[..., str]) -> None:
    draft = root / "specs/draft/0003-third.md"
    draft.write_text(spec_text(3, "Third"))
    plan = read_plan(root)
    assert plank_of(plan, "2").text == "Second x x"
    assert plank_of(plan, str(draft)).name == "0003"
    item = plank_of(plan, "longer RUNS")
    assert (item.name, item.spec) == ("'Longer runs'", None)
    assert item.text == "Longer runs Leases survive Sleep less they end why"
    advice = advise(item, plank_of(plan, "2"))
    assert not any(opinion.fires for opinion in advice.opinions)
    with pytest.raises(GateUsage, match="^wanted the number of a spec, .* got 'Nothing'$"):
        plank_of(plan, "Nothing")
    draft.write_text("")
    with pytest.raises(SpecFaults, match="^specs/draft/0003-third.md:1: wanted"):
        plank_of(read_plan(root), str(draft))


def test_an_item_has_only_words_so_that_they_suffice(root: Path, spec_of: SpecOf) -> None:
    item = plank_of(read_plan(root), "Longer runs")
    spec = plank(spec_of(2), "Leases survive longer")
    assert [opinion.rule for opinion in advise(item, spec).opinions if opinion.fires] == [
        "same_intent"
    ]
    assert advise(item, spec).merge
    assert advise(spec, item).merge
    other = plank(spec_of(1, **proofs("test_b")), "Leases survive longer")
    assert not advise(other, spec).merge


def test_a_candidate_can_be_named(root: Path) -> None:
    candidate = plank_of(read_plan(root), "leases SURVIVE")
    assert candidate == Plank(name="'Leases survive'", text="Leases survive", spec=None)


def test_one_thing_is_not_compared_with_itself(root: Path) -> None:
    plan = read_plan(root)
    for one, other in (("2", "02"), ("Longer runs", "longer  runs")):
        with pytest.raises(GateUsage, match="^wanted two things, got .* twice$"):
            advise(plank_of(plan, one), plank_of(plan, other))
