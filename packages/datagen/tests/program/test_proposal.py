"""Proposals are values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading


def test_a_proposal_states_the_first_reading_unless_told_otherwise() -> None:
    reading = Reading(name="only", expression=call("count", TABLE))
    proposal = Proposal(sentence="how many", readings=(reading,), parameters={})
    assert (proposal.policy, reading.statement, dict(reading.parameters)) == ("stated", "", {})
    with pytest.raises(FrozenInstanceError):
        proposal.policy = "open"  # type: ignore[misc]  # frozen is what is tested
