"""Cards and their matrix in current.md, linted together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.experiment.card import read_all
from tracemill_gate.experiment.lint import is_used, lint
from tracemill_gate.experiment.matrix import CLOSING, OPENING, render, updated

CURRENT = (
    "# Current\n\n## Institutional Knowledge\n\n- Known.\n\n## Beliefs\n\n- One.\n\n"
    "## Brainstormed\n\n## Specd\n"
)
REAL = Path(__file__).parents[4]


@pytest.fixture
def root(tmp_path: Path, card_text: str) -> Path:
    (tmp_path / "specs/experiment").mkdir(parents=True)
    (tmp_path / "specs/experiment/show-work.toml").write_text(card_text)
    block = render(read_all(tmp_path).cards)
    (tmp_path / "current.md").write_text(updated(CURRENT, block))
    return tmp_path


def test_a_repository_without_faults(root: Path) -> None:
    report = lint(root)
    assert report.green
    assert report.summary == "checked: 2, failed: 0"
    assert is_used(root)


def edited_card(root: Path) -> None:
    path = root / "specs/experiment/show-work.toml"
    path.write_text(path.read_text().replace("planned", "running"))


def broken_card(root: Path) -> None:
    path = root / "specs/experiment/show-work.toml"
    path.write_text(path.read_text().replace("pass_at_1.low", "pass_at_1.lo"))


def edited_matrix(root: Path) -> None:
    path = root / "current.md"
    path.write_text(path.read_text().replace("| 1 | planned |", "| 1 | succeeded |"))


def no_matrix(root: Path) -> None:
    (root / "current.md").write_text(CURRENT)


def no_mark(root: Path) -> None:
    path = root / "current.md"
    path.write_text(path.read_text().replace("<!-- end of experiments -->\n", ""))


def no_current(root: Path) -> None:
    (root / "current.md").unlink()


def no_card(root: Path) -> None:
    (root / "specs/experiment/show-work.toml").unlink()


STALE = "wanted the matrix of the cards under ### Experiments, got"
MARKS = f"wanted {OPENING} and {CLOSING} once each, in this order, under ### Experiments"
HOW = "make it with `tracemill experiment matrix --write`"
FAULTY = [
    (edited_card, [f"current.md:11: {STALE} another one; {HOW}"]),
    (edited_matrix, [f"current.md:11: {STALE} another one; {HOW}"]),
    (no_matrix, [f"current.md:7: {STALE} none; {HOW}"]),
    (
        broken_card,
        [
            (
                "specs/experiment/show-work.toml:7: /success: column 1: "
                "pass_at_1 has no field 'lo'; did you mean low?"
            )
        ],
    ),
    (no_mark, [f"current.md:11: {MARKS}"]),
    (no_current, ["current.md: wanted a readable file, got: No such file or directory"]),
    (no_card, ["specs/experiment: wanted at least one card NAME.toml, got none"]),
]


@pytest.mark.parametrize(("change", "messages"), FAULTY)
def test_faults(root: Path, change: Callable[[Path], None], messages: list[str]) -> None:
    change(root)
    report = lint(root)
    assert not report.green
    assert [str(fault) for fault in report.faults] == messages


def test_a_repository_without_the_folder_has_no_use_for_cards(tmp_path: Path) -> None:
    assert not is_used(tmp_path)
    assert [str(fault) for fault in lint(tmp_path).faults] == [
        "specs/experiment: wanted at least one card NAME.toml, got none"
    ]


def test_the_cards_of_this_repository_hold() -> None:
    found = read_all(REAL)
    assert found.faults == ()
    assert [card.experiment.name for card in found.cards] == [
        "content-beats-length",
        "traces-beat-answers",
        "traces-help-products",
    ]
