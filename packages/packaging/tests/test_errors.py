"""The tree of errors gives the exit codes."""

from __future__ import annotations

import pytest

from tracemill_bundle.errors import BundleBroken, BundleRefused, BundleUsage, CannotBundle
from tracemill_schema.errors import TracemillError

CODES: list[tuple[TracemillError, int]] = [
    (CannotBundle("x"), 3),
    (BundleUsage("x"), 2),
    (BundleRefused("x", ("y",)), 1),
    (BundleBroken("x", ("y",)), 1),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_exit_codes(error: TracemillError, code: int) -> None:
    assert error.exit_code == code


def test_every_reason_stands_on_its_own_line() -> None:
    assert str(BundleRefused("no:", ("a", "b"))) == "no:\n  a\n  b"
    assert str(BundleBroken("f", ("a",))) == "f is not a whole bundle:\n  a"
