from __future__ import annotations

from pathlib import Path

import pytest

from tracemill.errors import SettingsError
from tracemill.settings import Settings, known_keys, load


def _write(folder: Path, text: str) -> Path:
    path = folder / "s.toml"
    path.write_text(text)
    return path


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load(_write(tmp_path, "")) == Settings()


def test_tables_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load(_write(tmp_path, 'name = "own"\ntables = ["a.csv"]\n[train]\nmax_tokens = 5\n'))
    assert settings.name == "own"
    assert settings.tables == (str(tmp_path / "a.csv"),)
    assert settings.train.max_tokens == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed = 1", "sed: no such key; did you mean seed?"),
        ("[train]\nmax_token = 1", "train.max_token: no such key; did you mean train.max_tokens?"),
        ("max_tokens = 1", "max_tokens: no such key; did you mean train.max_tokens?"),
        ("[qestions]\na = 1", "qestions: no such key"),
        ("zzzzzz = 1", "zzzzzz: no such key; there are: name, seed, tables, questions."),
        ('seed = "1"', "seed: wanted Input should be a valid integer, got '1'"),
        ("[tasks]\npercent = -1", "tasks.percent: wanted Input should be greater than or equal"),
        ('name = "../x"', "name: wanted String should match pattern"),
        ("[questions]\njoin = true", "questions.join: no such key; did you mean questions.joins?"),
        (
            "[questions]\njoins = 1",
            "questions.joins: wanted Input should be a valid boolean, got 1",
        ),
        ("seed = ", "wanted TOML, got: Invalid value"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(_write(tmp_path, text))
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="wanted a settings file, got: No such file"):
        load(tmp_path / "none.toml")


def test_every_section_is_among_the_known_keys() -> None:
    assert {"name", "questions.template_per_table", "train.max_tokens"} <= set(known_keys())
