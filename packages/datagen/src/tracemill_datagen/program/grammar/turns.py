"""Taking turns between stores of different lengths, by formula: item i without items 0 to i - 1."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence


class Turns:
    """An order of all items of some stores in which the stores that are not used up take turns.

    Args:
        lengths: Items of each store, of any size.
        weights: Turns of each store a round; 1 each if not given.
        key: Text that the order within a round depends on.
    """

    def __init__(
        self, lengths: Sequence[int], *, weights: Sequence[int] | None = None, key: str
    ) -> None:
        shares = weights or [1] * len(lengths)
        # A store of weight w stands in as w slots; slot k has its items k, k + w, k + 2w, ...
        slots = [
            ((length - k + share - 1) // share, store, k, share)
            for store, (length, share) in enumerate(zip(lengths, shares, strict=True))
            for k in range(min(share, length))
        ]
        self._slots = sorted(slots, key=lambda slot: _drawn(f"{key}|{slot[1]}|{slot[2]}"))
        self._rounds = [0]
        self._before = [0]
        left = len(slots)
        for length, alike in sorted(Counter(slot[0] for slot in slots).items()):
            self._before.append(self._before[-1] + left * (length - self._rounds[-1]))
            self._rounds.append(length)
            left -= alike
        self._open: dict[int, list[tuple[int, int, int, int]]] = {}

    @property
    def items(self) -> int:
        """How many items there are in all."""
        return self._before[-1]

    def place(self, item: int) -> tuple[int, int]:
        """Return the store of an item, and its number there; IndexError beyond all items."""
        if not 0 <= item < self.items:
            raise IndexError(f"wanted an item below {self.items}, got {item}")
        step = bisect_right(self._before, item) - 1
        if step not in self._open:
            self._open[step] = [slot for slot in self._slots if slot[0] > self._rounds[step]]
        slots = self._open[step]
        turn, index = divmod(item - self._before[step], len(slots))
        _, store, first, share = slots[index]
        return store, (self._rounds[step] + turn) * share + first


def _drawn(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
