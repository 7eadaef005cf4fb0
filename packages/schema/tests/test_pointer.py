from __future__ import annotations

import pytest

from tracemill_schema.pointer import escaped, keys_of, pointer_to

PAIRS = [
    ((), ""),
    (("",), "/"),
    (("a", "b"), "/a/b"),
    (("a/b", "c~d"), "/a~1b/c~0d"),
    (("~1", "/0"), "/~01/~10"),
]


@pytest.mark.parametrize(("keys", "pointer"), PAIRS)
def test_keys_and_pointer_are_the_same_thing(keys: tuple[str, ...], pointer: str) -> None:
    assert pointer_to(keys) == pointer
    assert keys_of(pointer) == keys


def test_an_index_is_a_key_too() -> None:
    assert pointer_to(("steps", 3, "i")) == "/steps/3/i"
    assert escaped(3) == "3"
