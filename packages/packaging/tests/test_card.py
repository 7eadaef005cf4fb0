"""Cards say what the records say, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tracemill_bundle import card
from tracemill_bundle.build import Built
from tracemill_bundle.verify import verify


@pytest.fixture
def texts(workspace: Path, build_bundle: Callable[..., Built]) -> Mapping[str, str]:
    """The texts of the small workspace's bundle."""
    found = verify(build_bundle(workspace).path, key=None)
    return card.texts(found.material, name="demo", reasons=("no gate",))


def test_the_model_card_shows_status_reasons_and_rates(texts: Mapping[str, str]) -> None:
    lines = texts["MODEL_CARD.md"].splitlines()
    assert lines[:5] == ["# Models of demo", "", "This bundle is a rehearsal.", "", "- no gate"]
    assert "- 1,000 weights; 2 steps on 1 x cpu" in lines
    rate = "1.000 [0.207, 1.000]"
    row = [line for line in lines if line.startswith("| traces |")]
    assert row[0].endswith(f"| 1 | {rate} | {rate} | not measured |")


def test_the_data_card_shows_counts_and_that_traces_are_not_included(
    texts: Mapping[str, str],
) -> None:
    text = texts["DATA_CARD.md"]
    assert "# Dataset tiny-v1\n" in text
    assert "| modular_chain | 3 |" in text
    assert "The traces themselves are not in this bundle" in text


def test_the_licences_are_listed_with_what_is_known(texts: Mapping[str, str]) -> None:
    assert "| CC0-1.0 | 3 | yes |" in texts["LICENSES.md"]


def test_the_code_file_names_versions(texts: Mapping[str, str]) -> None:
    values = json.loads(texts["code.json"])
    assert values["models"]["traces"]["versions"]["jax"] == "0.0"
    assert values["dataset"]["source_tree"] == "1" * 64


def test_a_cell_cannot_break_its_table() -> None:
    assert card._row(("a|b\nc", "d")) == "| a\\|b c | d |"


def test_every_text_is_named_as_a_card(texts: Mapping[str, str]) -> None:
    assert sorted(texts) == sorted(card.CARDS)
