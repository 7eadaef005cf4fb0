from __future__ import annotations

import pytest

from tracemill_worker import errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ServerFailed, 3),
        (errors.StoreUnavailable, 3),
        (errors.SchemaMismatch, 3),
        (errors.StaleClaim, 3),
        (errors.UnknownRun, 2),
        (errors.UnknownKind, 2),
        (errors.RunRefused, 2),
        (errors.TooLarge, 2),
    ],
)
def test_each_error_has_its_exit_code_and_is_drawn(kind: type[Exception], code: int) -> None:
    assert issubclass(kind, errors.WorkerError)
    assert kind.exit_code == code
    assert f"-- {kind.__name__} " in (errors.__doc__ or "")
