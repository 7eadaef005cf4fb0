from __future__ import annotations

import sys

from tracemill_sandbox.inside import warm


def test_what_is_loaded_is_used_once_and_the_rest_is_left_alone() -> None:
    warm.up(frozenset())
    warm.up(frozenset({"numpy", "pandas"}))
    assert "numpy.linalg" in sys.modules
