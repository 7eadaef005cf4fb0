"""Settings of pytest are those of HEAD at both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.proof.settings import NONE, PytestSettings, lay, settings_of

TABLE = "[tool.pytest.ini_options]\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"pyproject.toml": TABLE}, "pyproject.toml"),
        ({"pyproject.toml": TABLE + "x = 1", "a/pyproject.toml": "[project]"}, "pyproject.toml"),
        ({"pyproject.toml": TABLE + "x = 1", "a/tox.ini": "[pytest]\n"}, "a/tox.ini"),
        ({"pyproject.toml": TABLE + "x = 1", "a/tox.ini": "[tox]\n"}, "pyproject.toml"),
        ({"pyproject.toml": TABLE + "x = 1", "pytest.ini": ""}, "pytest.ini"),
        ({"setup.cfg": "[tool:pytest]\n"}, "setup.cfg"),
        ({"setup.cfg": "[metadata]\n"}, "pytest.ini"),
        ({"a/tests/pyproject.toml": "not toml"}, "a/tests/pyproject.toml"),
        ({"tox.ini": "[pytest]\nbroken line\n"}, "tox.ini"),
        ({}, "pytest.ini"),
    ],
)
def test_settings_are_found_upwards(tmp_path: Path, files: dict[str, str], found: str) -> None:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text + ("x = 1\n" if text == TABLE else ""))
    settings = settings_of("a/tests/test_a.py", tmp_path)
    assert settings.path == found
    assert (settings is NONE) == (not (tmp_path / found).is_file())


def test_the_same_settings_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    same = PytestSettings(path="pyproject.toml", data=TABLE.encode())
    assert lay(same, tmp_path) == tmp_path / "pyproject.toml"


def test_other_settings_are_laid_beside(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("own")
    other = PytestSettings(path="pyproject.toml", data=b"other")
    copy = lay(other, tmp_path)
    assert copy == tmp_path / "tracemill-proof-pyproject.toml"
    assert copy.read_bytes() == b"other"
    assert (tmp_path / "pyproject.toml").read_text() == "own"
    inner = lay(PytestSettings(path="new/pytest.ini", data=b""), tmp_path)
    assert inner == tmp_path / "new/tracemill-proof-pytest.ini"
