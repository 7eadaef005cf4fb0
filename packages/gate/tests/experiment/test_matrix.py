"""The research matrix in current.md."""

from __future__ import annotations

import pytest

from tracemill_gate.errors import SpecFaults
from tracemill_gate.experiment.card import Card, parse_card
from tracemill_gate.experiment.matrix import CLOSING, OPENING, find, place, render, updated

BEFORE = """\
# Current

## Institutional Knowledge

- known

## Beliefs

- A belief.
"""
AFTER = """
## Brainstormed

## Specd

- [0001: One](specs/0001-one.md): done
"""


@pytest.fixture
def card(card_text: str) -> Card:
    return parse_card(card_text, where="show-work.toml")


def test_the_matrix_has_a_row_for_each_card(card: Card) -> None:
    assert render([card, card]).splitlines() == [
        OPENING,
        "",
        (
            "| experiment | hypothesis | dataset | model | protocol | metric | success criterion "
            "| seeds | status |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *[
            (
                "| [show-work](specs/experiment/show-work.toml) | Showing work helps. | `demo-v1` "
                "| `traces` | equal tokens | `/pass_at_1` "
                "| `pass_at_1.low > baseline.pass_at_1.high` | 1 | planned |"
            )
        ]
        * 2,
        "",
        CLOSING,
    ]


def test_no_text_of_a_card_leaves_its_cell(card_text: str) -> None:
    text = card_text.replace("Showing work helps.", f"a | b \\\\|\\n{CLOSING} <b>")
    row = render([parse_card(text, where="show-work.toml")]).splitlines()[4]
    assert "| a \\| b \\\\\\| &lt;!-- end of experiments --> &lt;b> |" in row


def test_the_block_is_added_once_and_then_replaced(card: Card) -> None:
    block = render([card])
    assert find(BEFORE + AFTER) is None
    once = updated(BEFORE + AFTER, block)
    assert once == f"{BEFORE}\n### Experiments\n\n{block}\n{AFTER}"
    assert find(once) == block
    assert updated(once, block) == once
    other = updated(once, render([card, card]))
    assert find(other) == render([card, card])
    assert updated(other, block) == once


def test_what_stands_around_the_block_is_left_as_it_is(card: Card) -> None:
    old = f"{OPENING}\nold\n{CLOSING}"
    text = f"{BEFORE}\n### Experiments\n\nWhy.\n\n{old}\nmore\n{AFTER}"
    assert find(text) == old
    assert updated(text, render([card])) == text.replace(old, render([card]))


MARKS = f"wanted {OPENING} and {CLOSING} once each, in this order, under ### Experiments"


@pytest.mark.parametrize(
    "written",
    [
        "Prose without a mark.",
        OPENING,
        CLOSING,
        f"{CLOSING}\n{OPENING}",
        f"{OPENING}\n{OPENING}\n{CLOSING}",
        f"{OPENING}\n{CLOSING}\n{CLOSING}",
        f"{CLOSING}\n{OPENING}\n{CLOSING}",
    ],
)
def test_a_block_that_cannot_be_told_is_not_written(card: Card, written: str) -> None:
    text = f"{BEFORE}\n### Experiments\n\n{written}\n{AFTER}"
    for call in (find, lambda text: updated(text, render([card]))):
        with pytest.raises(SpecFaults) as caught:
            call(text)
        assert str(caught.value) == f"current.md:11: {MARKS}"


def test_a_malformed_file_is_not_rewritten(card: Card) -> None:
    with pytest.raises(SpecFaults, match="current.md:"):
        updated(BEFORE, render([card]))


def test_faults_are_placed_at_the_heading(card: Card) -> None:
    assert place("text") == "current.md:1"
    assert place(BEFORE) == "current.md:7"
    assert place(f"{BEFORE}### Experiments\n") == "current.md:10"
