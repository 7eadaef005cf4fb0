from __future__ import annotations

from typing import get_args

from tracemill_schema import run
from tracemill_schema.run import TRANSITIONS, RunState


def test_every_state_has_its_transitions_and_the_drawing_is_the_table() -> None:
    assert set(TRANSITIONS) == set(get_args(RunState))
    drawn = {
        (line.split("->")[0].strip(), line.split("->")[1].split()[0])
        for line in (run.__doc__ or "").splitlines()
        if "->" in line
    }
    assert drawn == {(old, new) for old, news in TRANSITIONS.items() for new in news}
