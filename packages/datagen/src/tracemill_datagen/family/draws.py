"""Random choices of one item, from a counter and nothing else.

Item ``i`` is a function of SHA-256 over (seed, family, stream, i): not of item ``i - 1``, of the
number of processes or of the interpreter's hash seed. The digest is read as one large integer and
choices are taken off it by division (mixed radix). This is faster than seeding a
``random.Random`` per item and does not depend on the Python version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_BITS = 256
_SPARE = 64
"""Bits that must be left after a choice: its bias stays below 2**-64."""


class Draws:
    """The choices of item ``index``; equal arguments give equal choices in equal order."""

    def __init__(self, *, seed: int, family: str, stream: str, index: int) -> None:
        self._key = f"{seed}/{family}/{stream}/{index}"
        self._block = 0
        self._rest = 0
        self._span = 0

    def below(self, bound: int) -> int:
        """Return an integer ``0 <= n < bound`` (``bound`` up to 2**128)."""
        if self._span >> _SPARE < bound:
            self._refill()
        self._rest, value = divmod(self._rest, bound)
        self._span //= bound
        return value

    def between(self, low: int, high: int) -> int:
        """Return an integer ``low <= n <= high``."""
        return low + self.below(high - low + 1)

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def distinct(self, items: Sequence[T], count: int) -> tuple[T, ...]:
        """Return ``count`` of the items in random order, none twice (Fisher-Yates)."""
        rest = list(items)
        return tuple(rest.pop(self.below(len(rest))) for _ in range(count))

    def _refill(self) -> None:
        digest = hashlib.sha256(f"{self._key}/{self._block}".encode()).digest()
        self._rest = int.from_bytes(digest, "big")
        self._span = 1 << _BITS
        self._block += 1
