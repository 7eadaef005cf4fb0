from __future__ import annotations

from typing import Any

import pytest

from tracemill_sandbox.backend import BACKENDS, Wish, backend_of
from tracemill_sandbox.errors import RequestInvalid

FakeBackend = Any  # in conftest.py


@pytest.mark.parametrize("name", ["embedded", "hardened", "oci", "unsafe"])
def test_a_backend_is_had_by_its_name(name: str) -> None:
    backend = backend_of(name, Wish(libraries=(), spares=0))
    assert backend.name == name
    assert list(BACKENDS) == ["embedded", "hardened", "oci", "unsafe"]


def test_a_backend_that_was_made_is_taken_as_it_is(fake: FakeBackend) -> None:
    assert backend_of(fake, Wish()) is fake


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RequestInvalid) as refused:
        backend_of("docker", Wish())
    assert str(refused.value) == (
        "backend: wanted one of embedded, hardened, oci, unsafe, got 'docker'"
    )
