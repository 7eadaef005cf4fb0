"""Which settings a change is judged by."""

from __future__ import annotations

from typing import Any

from tracemill_gate.change.setting import settings_for
from tracemill_gate.config import read_config
from tracemill_gate.git import open_repository

History = Any  # defined in conftest.py; test files cannot import each other


def settings(history: History) -> tuple[tuple[str, ...], tuple[str, ...]]:
    repository = open_repository(history.root)
    found = settings_for(repository, repository.commit("main"), read_config(history.root))
    return found.config.tests, found.remarks


def test_settings_of_the_base_hold_and_a_change_of_them_is_told(history: History) -> None:
    assert settings(history) == (("tests/", "*/tests/"), ())
    text = (history.root / "pyproject.toml").read_text()
    history.write("pyproject.toml", text + 'tests = ["*"]\n')
    remark = "[tool.tracemill.gate] is another than at the base: judged by that of the base"
    assert settings(history) == (("tests/", "*/tests/"), (remark,))


def test_a_base_without_settings_is_judged_by_those_of_head(history: History) -> None:
    text = (history.root / "pyproject.toml").read_text()
    remark = "the base has no [tool.tracemill.gate] that can be read: judged by that of HEAD"
    history.git("checkout", "-q", "main")
    for spoilt in (text + 'unknown = "key"\n', ""):
        history.write("pyproject.toml", spoilt)
        history.commit()
        history.write("pyproject.toml", text + 'tests = ["*"]\n')
        assert settings(history) == (("*",), (remark,))
