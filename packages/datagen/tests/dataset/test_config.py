"""The config is closed, and names what is wrong with it."""

from __future__ import annotations

import pytest

from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_schema.errors import RecordError


def test_the_least_config_has_the_folders_of_a_workspace() -> None:
    config = DatasetConfig.from_values({"key": "demo-v1", "source": "x"}, where="c")
    assert (config.tasks, config.traces, config.questions) == ("tasks", "traces", "questions")
    assert not config.give_up
    assert DatasetConfig.from_values(
        {"key": "demo-v1", "source": "x", "replace": True}, where="c"
    ).give_up


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"key": "demo"}, "/key"), ({"sead": 1}, "/sead"), ({"seed": -1}, "/seed"),
     ({"shares": {"train": 1.0, "validation": 0.1, "test": 0.0}}, "/shares")],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_pointer(change: dict[str, object], pointer: str) -> None:
    values = {"key": "demo-v1", "source": "x"} | change
    with pytest.raises(RecordError) as caught:
        DatasetConfig.from_values(values, where="c")
    assert [fault.pointer for fault in caught.value.faults] == [pointer]
