"""Cards: what they hold, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import CardFaults
from tracemill_gate.experiment.card import FOLDER, parse_card, read, read_all

WHERE = "specs/experiment/show-work.toml"


def test_a_card_is_read_with_its_criterion(card_text: str) -> None:
    card = parse_card(card_text, where=WHERE)
    assert card.experiment.name == "show-work"
    assert card.experiment.seeds == 1
    start, end = card.criterion.start, card.criterion.end
    assert card.experiment.success[start:end] == card.experiment.success


FAULTY = [
    ("seeds = 1\n", "", ["1: /seeds: wanted a value, got nothing"]),
    (
        "seeds = 1",
        "seeds = 0",
        ["8: /seeds: wanted Input should be greater than or equal to 1, got 0"],
    ),
    ('"planned"', '"planned"\nowner = "me"', ["10: /owner: wanted no such key, got 'me'"]),
    (
        '"planned"',
        '"done"',
        [
            (
                "9: /status: wanted Input should be 'planned', 'running', 'succeeded', 'failed' or "
                "'abandoned', got 'done'"
            )
        ],
    ),
    (
        "show-work",
        "show_work",
        ["1: /name: wanted String should match pattern '^[a-z][a-z0-9-]{0,63}$', got 'show_work'"],
    ),
    (
        "show-work",
        "other",
        ["1: /name: wanted 'show-work' as in the file name, got 'other'"],
    ),
    ("demo-v1", "demo", ["3: /dataset: wanted a dataset key NAME-vN, got 'demo'"]),
    (
        '"/pass_at_1"',
        '"pass_at_1"',
        ["6: /metric: wanted a JSON pointer that starts with /, got 'pass_at_1'"],
    ),
    (
        '"/pass_at_1"',
        '"/pass_at_2/rate"',
        [
            (
                "6: /metric: evaluation.v1 has no field 'pass_at_2'; "
                "did you mean pass_at_k or pass_at_1?"
            )
        ],
    ),
    (
        "pass_at_1.low >",
        "pass_at_one.low + model >",
        [
            (
                "7: /success: column 1: evaluation.v1 has no field 'pass_at_one'; "
                "did you mean pass_at_k or pass_at_1?"
            ),
            "7: /success: column 19: wanted a number, got model, which is text",
        ],
    ),
    (
        "pass_at_1.low > baseline.pass_at_1.high",
        "baseline.pass_at_1.high < 1",
        ["7: /success: wanted a field of the evaluation in the criterion, got none"],
    ),
    (
        "pass_at_1.low > baseline.pass_at_1.high",
        "1 < 2",
        ["7: /success: wanted a field of the evaluation in the criterion, got none"],
    ),
    # Faults of several fields are told together.
    (
        'demo-v1"\nmodel = "traces"\nprotocol = "equal tokens"\nmetric = "/pass_at_1"',
        'demo"\nmodel = "traces"\nprotocol = "equal tokens"\nmetric = "/model"',
        [
            "3: /dataset: wanted a dataset key NAME-vN, got 'demo'",
            "6: /metric: wanted a number or a rate, got model, which is text",
        ],
    ),
    ("seeds = 1", "seeds = ", ["8: not TOML: Invalid value at column 9"]),
    (
        '"planned"\n',
        '"planned',
        ["9: not TOML: Unterminated string (at end of document)"],
    ),
    (
        "seeds = 1",
        f"seeds = {'[' * 3000}{']' * 3000}",
        ["8: wanted values at most 32 deep, got deeper ones"],
    ),
    (
        "seeds = 1",
        f"seeds = {'9' * 5000}",
        ["8: wanted a number or a key of up to 1000 characters, got one of 5000"],
    ),
]


@pytest.mark.parametrize(("old", "new", "messages"), FAULTY)
def test_faults_are_named_with_their_line(
    card_text: str, old: str, new: str, messages: list[str]
) -> None:
    assert old in card_text
    with pytest.raises(CardFaults) as caught:
        parse_card(card_text.replace(old, new), where=WHERE)
    assert [str(fault) for fault in caught.value.faults] == [f"{WHERE}:{m}" for m in messages]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with pytest.raises(CardFaults) as caught:
        read(path)
    assert str(caught.value) == f"{path}: wanted a readable file, got: No such file or directory"
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(CardFaults) as caught:
        read(path)
    assert str(caught.value) == f"{path}:1: wanted UTF-8 text, got the byte 0xff"


def test_all_cards_of_a_repository_and_what_does_not_belong_there(
    tmp_path: Path, card_text: str
) -> None:
    folder = tmp_path / FOLDER
    (folder / "nested.toml").mkdir(parents=True)
    (folder / "show-work.toml").write_text(card_text)
    (folder / "again.toml").write_text(card_text)
    (folder / "notes.md").write_text("notes")
    found = read_all(tmp_path)
    assert [card.experiment.name for card in found.cards] == ["show-work"]
    assert found.count == 4
    assert [str(fault) for fault in found.faults] == [
        "specs/experiment/again.toml:1: /name: wanted 'again' as in the file name, got 'show-work'",
        "specs/experiment/nested.toml: wanted only cards NAME.toml in this folder",
        "specs/experiment/notes.md: wanted only cards NAME.toml in this folder",
    ]


def test_no_card_at_all_is_a_fault(tmp_path: Path) -> None:
    found = read_all(tmp_path)
    assert found.count == 0
    assert [str(fault) for fault in found.faults] == [
        "specs/experiment: wanted at least one card NAME.toml, got none"
    ]
