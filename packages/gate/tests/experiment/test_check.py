"""Experiments decided by machine from files of evaluation.v1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage, NoVerdict
from tracemill_gate.experiment.card import Card, parse_card
from tracemill_gate.experiment.check import check
from tracemill_schema.evaluation import wilson

POOR = wilson(30, 300).to_values()
Store = Callable[..., Path]
WHERE = "specs/experiment/show-work.toml"


def card(text: str, *edits: tuple[str, str]) -> Card:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return parse_card(text, where=WHERE)


THREE = ("seeds = 1", "seeds = 3")
ALONE = (" > baseline.pass_at_1.high", " > 0.5")


def test_a_criterion_that_holds_for_the_one_seed(card_text: str, stored: Store) -> None:
    ours = stored("ours")
    theirs = stored("theirs", model="answers", pass_at_1=POOR)
    outcome = check(card(card_text), [ours], [theirs])
    assert outcome.holds
    assert (outcome.name, outcome.metric) == ("show-work", "/pass_at_1")
    (seed,) = outcome.seeds
    assert (seed.evaluation, seed.baseline) == (str(ours), str(theirs))
    assert str(seed.metric) == "0.91 [0.8722, 0.9374] of 300"
    assert str(seed.baseline_metric) == "0.1 [0.07095, 0.1392] of 300"
    assert [str(compared) for compared in seed.decision.comparisons] == [
        "pass_at_1.low 0.8722 > baseline.pass_at_1.high 0.1392: holds"
    ]


def test_one_seed_for_which_it_does_not_hold_decides_the_whole(
    card_text: str, stored: Store
) -> None:
    paths = [
        stored("a"),
        stored("b", model="traces-2", pass_at_1=POOR),
        stored("c", model="traces-3"),
    ]
    outcome = check(card(card_text, THREE, ALONE), paths, [])
    assert not outcome.holds
    assert [seed.decision.holds for seed in outcome.seeds] == [True, False, True]


def test_baselines_are_paired_in_order(card_text: str, stored: Store) -> None:
    ours = [stored(f"a{seed}", model=f"traces-{seed}") for seed in (1, 2, 3)]
    theirs = [
        stored("d", pass_at_1=POOR),
        stored("e", pass_at_1=POOR),
        stored("f"),
    ]
    outcome = check(card(card_text, THREE), ours, theirs)
    assert [seed.decision.holds for seed in outcome.seeds] == [True, True, False]
    assert [seed.baseline for seed in outcome.seeds] == [str(path) for path in theirs]


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("/n_items", "300"),
        ("/pass_at_1/low", "0.91 [0.8722, 0.9374] of 300"),
        ("/by_family/modular_chain", "0.91 [0.8722, 0.9374] of 300"),
    ],
)
def test_the_metric_is_shown_with_its_interval(
    card_text: str, stored: Store, metric: str, text: str
) -> None:
    outcome = check(card(card_text, ALONE, ('"/pass_at_1"', f'"{metric}"')), [stored("a")], [])
    assert str(outcome.seeds[0].metric) == text


def test_a_metric_that_is_not_there_gives_no_verdict(card_text: str, stored: Store) -> None:
    edited = card(card_text, ALONE, ('"/pass_at_1"', '"/by_family/percent"'))
    with pytest.raises(NoVerdict, match="by_family has no key 'percent'; it has: modular_chain"):
        check(edited, [stored("a")], [])


def test_fewer_files_than_seeds_give_no_verdict(card_text: str, stored: Store) -> None:
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text, THREE, ALONE), [stored("a"), stored("b", model="traces-2")], [])
    assert str(caught.value) == (
        "show-work: wanted 3 evaluations and 0 baselines, one per seed, got 2 evaluations and "
        "0 baselines; add the missing ones with --evaluation FILE"
    )
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text), [stored("a")], [])
    assert str(caught.value) == (
        "show-work: wanted 1 evaluation and 1 baseline, one per seed, got 1 evaluation and "
        "0 baselines; add the missing ones with --baseline FILE"
    )


def test_more_files_than_the_card_can_use_are_refused(card_text: str, stored: Store) -> None:
    with pytest.raises(GateUsage) as caught:
        check(card(card_text, ALONE), [stored("a")], [stored("b")])
    assert str(caught.value) == (
        "show-work: wanted 1 evaluation and 0 baselines, got 1 evaluation and 1 baseline; "
        "its criterion names no baseline"
    )
    with pytest.raises(GateUsage) as caught:
        check(card(card_text), [stored("a"), stored("b")], [stored("c")])
    assert str(caught.value) == (
        "show-work: wanted 1 evaluation and 1 baseline, got 2 evaluations and 1 baseline"
    )


def test_the_same_file_twice_is_refused_also_behind_a_link(card_text: str, stored: Store) -> None:
    first = stored("a")
    link = first.with_name("b.json")
    link.symlink_to(first)
    with pytest.raises(GateUsage) as caught:
        check(card(card_text), [first], [link])
    assert str(caught.value) == f"{link} is named twice; each seed has an evaluation of its own"


def test_a_copy_of_an_evaluation_is_no_second_seed(card_text: str, stored: Store) -> None:
    first, second = stored("a"), stored("b", checkpoint="c" * 64, model="traces-2")
    third = stored("c", checkpoint="c" * 64, model="traces-3")
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text, THREE, ALONE), [first, second, third], [])
    assert str(caught.value) == (
        f"{third} is about the checkpoint cccccccccccccccc, as {second} is; wanted one of its own"
    )


@pytest.mark.parametrize("model", ["traces", "traces-1"])
def test_two_evaluations_of_one_seed_are_no_two_seeds(
    card_text: str, stored: Store, model: str
) -> None:
    first, second = stored("a", model=model), stored("b", model="traces-2")
    third = stored("c", model=model)
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text, THREE, ALONE), [first, second, third], [])
    assert str(caught.value) == (
        f"{third} is about {model!r}, as {first} is; wanted another seed (traces-SEED)"
    )


def test_other_questions_give_no_verdict(card_text: str, stored: Store) -> None:
    ours, theirs = stored("a"), stored("b", evaluation_set="b" * 64)
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text), [ours], [theirs])
    assert str(caught.value) == (
        f"{theirs}: wanted the evaluation set aaaaaaaaaaaaaaaa of {ours}, "
        "got bbbbbbbbbbbbbbbb; evaluate both on the same questions"
    )


@pytest.mark.parametrize("model", ["answers", "traces-x", "traces2", "traces-1-2", "my-traces"])
def test_another_model_gives_no_verdict(card_text: str, stored: Store, model: str) -> None:
    ours = stored("a", model=model)
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text, ALONE), [ours], [])
    assert str(caught.value) == (
        f"{ours}: wanted an evaluation of the model 'traces' (or traces-SEED), got one of {model!r}"
    )


def test_a_file_that_is_no_evaluation_gives_no_verdict(
    card_text: str, stored: Store, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(stored("a").read_bytes().replace(b'"n_items":300', b'"n_items":"300"'))
    with pytest.raises(NoVerdict, match="/n_items: wanted Input should be a valid integer"):
        check(card(card_text, ALONE), [broken], [])
    with pytest.raises(NoVerdict, match="wanted a readable file"):
        check(card(card_text, ALONE), [tmp_path / "none.json"], [])


@pytest.mark.parametrize(
    ("field", "rate", "message"),
    [
        (
            "pass_at_1",
            {"n": 300, "hits": 30, "rate": 0.9, "low": 0.85, "high": 0.95},
            "pass_at_1 does not add up: its 30 hits do not give 0.9 [0.85, 0.95] of 300",
        ),
        (
            "by_family",
            {"modular_chain": {**POOR, "low": 0.09}},
            (
                "by_family.modular_chain does not add up: its 30 hits do not give "
                "0.1 [0.09, 0.1392] of 300"
            ),
        ),
        (
            "step_validity",
            {"n": 1, "hits": 2, "rate": 1.0, "low": 0.5, "high": 1.0},
            "step_validity does not add up: its 2 hits do not give 1 [0.5, 1] of 1",
        ),
    ],
)
def test_a_rate_written_by_hand_gives_no_verdict(
    card_text: str, stored: Store, field: str, rate: object, message: str
) -> None:
    ours = stored("a", **{field: rate})
    with pytest.raises(NoVerdict) as caught:
        check(card(card_text, ALONE), [ours], [])
    assert str(caught.value) == f"{ours}: {message}; evaluate again"


def test_an_interval_over_items_or_over_samples_adds_up(card_text: str, stored: Store) -> None:
    ours = stored(
        "a",
        samples_per_item=4,
        pass_at_1=wilson(300, 400, samples=4).to_values(),
        pass_at_k=wilson(90, 100).to_values(),
    )
    assert check(card(card_text, ALONE), [ours], []).holds
