"""A seeded order of a range of any size, without a list of it in memory.

A Feistel network of four rounds permutes the smallest power of four that holds the range; results
beyond the range are sent through again until they fall into it (Black and Rogaway, "Ciphers with
arbitrary finite domains", CT-RSA 2002, the cycle-walking cipher). On average fewer than four passes
are needed, as the power of four is less than four times the range.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Permutation:
    """A permutation of ``range(size)``.

    Attributes:
        size: How many numbers are permuted; any whole number from 1.
        key: Text that the order depends on.
    """

    size: int
    key: str

    def __getitem__(self, index: int) -> int:
        """Return the number at a place; IndexError beyond the range."""
        if not 0 <= index < self.size:
            raise IndexError(f"wanted a place below {self.size}, got {index}")
        if self.size == 1:
            return 0
        half = ((self.size - 1).bit_length() + 1) // 2
        found = self._passed(index, half)
        while found >= self.size:
            found = self._passed(found, half)
        return found

    def _passed(self, value: int, half: int) -> int:
        mask = (1 << half) - 1
        left, right = value >> half, value & mask
        for turn in range(ROUNDS):
            mixed = hashlib.blake2b(
                f"{self.key}|{turn}|{right}".encode(), digest_size=min(64, half // 8 + 1)
            ).digest()
            left, right = right, left ^ (int.from_bytes(mixed) & mask)
        return (left << half) | right
