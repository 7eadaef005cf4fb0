from __future__ import annotations

import inspect

import pytest

from tracemill_schema.errors import FaultsFound, UsageFault
from tracemill_trainer import errors

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_an_exit_code_and_stands_in_the_drawn_tree(kind: type) -> None:
    codes = {2: issubclass(kind, UsageFault), 1: issubclass(kind, FaultsFound)}
    found = [code for code, holds in codes.items() if holds]
    assert found == ([] if kind is errors.NotJudged else found[:1])
    assert kind.__name__ in (errors.__doc__ or "")
