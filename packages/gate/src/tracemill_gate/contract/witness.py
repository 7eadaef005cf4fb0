"""The search for witnesses: documents that one of two schemas takes and the other refuses.

The candidates are the documents near both schemas (``neighbour``), always the same ones for the
same two schemas, and a candidate counts only if both engines agree on both sides. Not finding a
witness proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from tracemill_gate.contract.engine import Engines
from tracemill_gate.contract.form import Part
from tracemill_gate.contract.neighbour import near
from tracemill_schema.canonical import Value

MOST = 20_000
"""Documents that are judged for one pair of schemas."""
LARGEST = 5_000_000
"""Bytes of a document that is still worth judging; the shortest one found is kept."""


@dataclass(frozen=True, kw_only=True)
class Witnesses:
    """The shortest documents found in each direction; an empty tuple if there is none.

    Attributes:
        only_old: A document that the old schema takes and the new one refuses.
        only_new: A document that the new schema takes and the old one refuses.
    """

    only_old: tuple[Value, ...]
    only_new: tuple[Value, ...]


def search(before: Engines, after: Engines) -> Witnesses:
    """Search for witnesses between two schemas, in both directions.

    Args:
        before: The engines of the old schema.
        after: The engines of the new schema.
    """
    only_old, only_new = _Shortest(), _Shortest()
    schemas = (before.schema, after.schema)
    parts = tuple(Part(schema=schema, root=schema) for schema in schemas)
    for document in near(parts, most=MOST):
        taken = before.perhaps(document), after.perhaps(document)
        shortest = {(True, False): only_old, (False, True): only_new}.get(taken)
        if shortest is None or not shortest.would_be(document):
            continue
        both = before.verdict(document), after.verdict(document)
        if "disputed" not in both:
            shortest.put(document)
    return Witnesses(only_old=only_old.documents, only_new=only_new.documents)


@dataclass(kw_only=True)
class _Shortest:
    """The shortest document so far; only shorter ones are worth the slower engine."""

    documents: tuple[Value, ...] = ()
    size: int = LARGEST

    def would_be(self, document: Value) -> bool:
        return len(orjson.dumps(document)) < self.size

    def put(self, document: Value) -> None:
        self.documents, self.size = (document,), len(orjson.dumps(document))
