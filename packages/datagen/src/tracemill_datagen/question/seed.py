"""One random stream an item: it depends on what is asked for and on the item's number only."""

from __future__ import annotations

import hashlib
from random import Random


def item_rng(seed: int, family: str, table_id: str, item: int) -> Random:
    """Return the random stream of one item."""
    name = f"{seed}|{family}|{table_id}|{item}".encode()
    return Random(int.from_bytes(hashlib.sha256(name).digest()[:8]))  # noqa: S311 - no secret
