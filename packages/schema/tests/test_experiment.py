from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.experiment import Experiment


@pytest.mark.parametrize(("field", "value"), [("seeds", 0), ("success", ""), ("status", "done")])
def test_a_card_says_beforehand_what_counts(field: str, value: object) -> None:
    card = Experiment(
        name="show-work",
        hypothesis="h",
        dataset="demo-v1",
        model="m",
        protocol="p",
        metric="/pass_at_1/rate",
        success="pass_at_1.low > 0.5",
        seeds=3,
        status="planned",
    )
    with pytest.raises(RecordError, match=f"/{field}"):
        Experiment.from_values(card.to_values() | {field: value}, where="test")
