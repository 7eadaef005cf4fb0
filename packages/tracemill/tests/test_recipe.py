from __future__ import annotations

import pytest

from tracemill import recipe
from tracemill.pipeline import stages
from tracemill.settings import QuestionSettings, Settings
from tracemill.standing import DISTRIBUTIONS

ALL = stages(Settings(name="own", seed=3, tables=("/t/a.csv",)))

JOINED = Settings(questions=QuestionSettings(joins=True))


def test_what_depends_on_chance_carries_the_seed() -> None:
    seeded = {stage.name for stage in ALL if stage.config.get("seed") == 3}
    assert seeded == {
        *("questions", "tasks", "episodes", "dataset"),
        *("train-traces", "train-answers"),
    }


def test_both_models_differ_in_what_they_are_shown_and_in_nothing_else() -> None:
    first, second = (stage for stage in ALL if stage.kind == "train")
    assert {key for key in first.config if first.config[key] != second.config[key]} == {
        "form",
        "out",
    }


def test_each_model_is_judged_untrained_and_trained_on_the_same_questions() -> None:
    asked = [stage.config for stage in ALL if stage.kind == "complete"]
    assert [config["step"] for config in asked] == [0, None, 0, None]
    assert len({str((c["dataset"], c["split"], c["families"], c["n"])) for c in asked}) == 1


@pytest.mark.parametrize("stage", ALL, ids=lambda stage: stage.name)
def test_a_stage_says_what_it_does_and_depends_on_known_code(stage: recipe.Stage) -> None:
    assert stage.says
    assert stage.leaves
    assert set(stage.code) <= set(DISTRIBUTIONS)


def test_joined_questions_are_asked_where_the_settings_say_so_and_nowhere_else() -> None:
    for settings, wanted in ((Settings(), False), (JOINED, True)):
        (asked,) = (stage.config for stage in stages(settings) if stage.kind == "questions")
        assert asked["joins"] is wanted
