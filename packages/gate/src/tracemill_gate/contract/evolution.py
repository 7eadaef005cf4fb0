"""How a contract changed: which of two schemas takes the documents of the other.

    compatible   each takes all documents of the other
    backward     the new one takes all documents of the old one, and more
    forward      the new one takes only documents that the old one takes, and fewer
    breaking     each takes documents that the other refuses; at least one such document is shown
    unknown      it could not be decided

Containment (``containment``) answers most questions. A document that both engines judge otherwise
overrules it, and decides what it leaves open. So nothing is called compatible, backward or forward
that a document found by the search disproves. Another default is told beside the class: it changes
what documents mean, not which ones are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tracemill_gate.contract.containment import Answer, covers
from tracemill_gate.contract.drift import first_difference
from tracemill_gate.contract.engine import Engines
from tracemill_gate.contract.note import other_note
from tracemill_gate.contract.witness import search
from tracemill_schema.canonical import JsonObject, Value

Verdict = Literal["compatible", "backward", "forward", "breaking", "unknown"]
Side = Literal["old", "new"]

VERDICTS: Mapping[tuple[Answer, Answer], Verdict] = {
    ("yes", "yes"): "compatible",
    ("yes", "no"): "backward",
    ("no", "yes"): "forward",
    ("no", "no"): "breaking",
}
"""Does the new one take all of the old, does the old one take all of the new -> the verdict."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A document that one side takes and the other refuses, as both engines say.

    Attributes:
        document: The document.
        taken_by: The side that takes it; the other refuses it.
        refused_for: The first fault that the other side finds: keyword and JSON pointer.
    """

    document: Value
    taken_by: Side
    refused_for: str


@dataclass(frozen=True, kw_only=True)
class Evolution:
    """What became of one schema.

    Attributes:
        takes_old: Whether the new schema takes all documents of the old one.
        taken_by_old: Whether the old schema takes all documents of the new one.
        proofs: At most one document for each direction.
        pointer: JSON pointer of the first difference of the schemas that is no annotation; None if
            there is none.
        other_default: Where in the document both schemas name a default and not the same one, so
            that a document without the key would mean something else; None if nowhere.
    """

    takes_old: Answer
    taken_by_old: Answer
    proofs: tuple[Proof, ...]
    pointer: str | None
    other_default: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The class of the change; ``breaking`` only with a document that proves it."""
        found = VERDICTS.get((self.takes_old, self.taken_by_old), "unknown")
        return "unknown" if found == "breaking" and not self.proofs else found

    @property
    def may_break(self) -> bool:
        """Tell whether it is breaking, undecided so that it could be, or changes a default."""
        return "yes" not in (self.takes_old, self.taken_by_old) or self.other_default is not None


def compare(old: JsonObject, new: JsonObject) -> Evolution:
    """Classify the change from one schema to another (draft 2020-12).

    Raises:
        ValueError: one of them is not a JSON Schema, or refers to another document.
    """
    if old == new:
        return Evolution(takes_old="yes", taken_by_old="yes", proofs=(), pointer=None)
    before, after = Engines(old), Engines(new)
    takes_old, taken_by_old = covers(new, old), covers(old, new)
    found = search(before, after)
    return Evolution(
        takes_old="no" if found.only_old else takes_old,
        taken_by_old="no" if found.only_new else taken_by_old,
        proofs=(
            *(_proof(document, "old", refuser=after) for document in found.only_old),
            *(_proof(document, "new", refuser=before) for document in found.only_new),
        ),
        pointer=first_difference(old, new),
        other_default=other_note(old, new, "default", in_both=True),
    )


def _proof(document: Value, taken_by: Side, *, refuser: Engines) -> Proof:
    return Proof(document=document, taken_by=taken_by, refused_for=refuser.refusal(document))
