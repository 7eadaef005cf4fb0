from __future__ import annotations

from tracemill.errors import CannotRun, SettingsError, StageFailed


def test_each_has_its_exit_code() -> None:
    assert CannotRun("x").exit_code == 3
    assert SettingsError("x").exit_code == 2
    assert StageFailed("x", exit_code=1).exit_code == 1
