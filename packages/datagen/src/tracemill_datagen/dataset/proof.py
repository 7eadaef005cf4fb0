"""The proof of a trace about a table: the episode that it was made of.

Replay cannot prove a quoted value, nor the words of a step: both stand in the hooks of an
execution. The episodes of a workspace prove them; a dataset that was carried elsewhere without
them cannot, and says how many quotes stand unproved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.line import id_of, raw_lines
from tracemill_datagen.dataset.pair import Pair
from tracemill_datagen.episode.defect import Defect, DefectKind
from tracemill_datagen.episode.verify import verify_episode
from tracemill_datagen.trace.verify import verify_trace
from tracemill_schema.canonical import short
from tracemill_schema.claim import StepRef
from tracemill_schema.episode import Episode
from tracemill_schema.errors import RecordError
from tracemill_schema.readiness import FaultClass
from tracemill_schema.trace import Trace


class Episodes:
    """The episodes of a folder ``SOURCE/NAME.jsonl``, found by id and read when they are asked for.

    Only their places are kept: a folder of episodes can be larger than the memory. A line that
    cannot be read is passed over here; the trace that needs it is then without a proof.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, tuple[Path, int]] = {}
        for path in sorted(folder.glob("*/*.jsonl")):
            offset = 0
            for raw in raw_lines(path, name=path.name):
                if isinstance(raw, LineFault):
                    break
                self._places.setdefault(id_of(raw[1]), (path, offset))
                offset += len(raw[1])

    def find(self, identifier: str) -> Episode | None:
        """Return an episode, or None if the folder does not hold it.

        Raises:
            RecordError: if the line is no whole episode.
        """
        place = self._places.get(identifier)
        if place is None:
            return None
        path, offset = place
        with path.open("rb") as stream:
            stream.seek(offset)
            return Episode.from_bytes(stream.readline(), where=f"{path} at byte {offset}")


def proof_fault_of(pair: Pair, episodes: Episodes, *, name: str, line: int) -> LineFault | None:
    """Hold a trace about a table against its episode; return the first thing not proved, or None.

    The episode is verified before it is believed. A reasoning family's trace needs no episode.
    """
    if pair.question.record.table_id is None:
        return None
    unproved = _unproved(pair, episodes)
    if unproved is None:
        return None
    return LineFault(
        file=name,
        line=line,
        pointer=unproved.where,
        reason=unproved.reason,
        kind=unproved.kind,
        offender=unproved.offender,
    )


_ORIGIN = "/provenance/episode_id"
_CLASSES: Mapping[DefectKind, FaultClass] = {
    "identity": "record",
    "alignment": "alignment",
    "order": "alignment",
    "dropped_step": "alignment",
    "forged_hook": "grounding",
    "number": "grounding",
    "swapped_label": "grounding",
    "wrong_unit": "grounding",
    "unsupported_claim": "replay",
}


@dataclass(frozen=True, kw_only=True)
class _Unproved:
    """What is not proved of a trace, where in it, and the record that is to blame."""

    where: str
    reason: str
    kind: FaultClass
    offender: str


def _unproved(pair: Pair, episodes: Episodes) -> _Unproved | None:
    question, trace = pair.question.record, pair.trace.record
    identifier = trace.provenance.episode_id or ""
    try:
        episode = episodes.find(identifier)
    except RecordError as error:
        return _Unproved(where=_ORIGIN, reason=str(error), kind="grounding", offender=identifier)
    if episode is None:
        wanted = f"episode {short(identifier)}" if identifier else "the id of an episode"
        reason = f"wanted {wanted} in {episodes.folder.name}/, got none of that id"
        return _Unproved(where=_ORIGIN, reason=reason, kind="grounding", offender=trace.id)
    for defect in verify_episode(episode, question):
        reason = f"episode {short(identifier)} does not hold: {defect}"
        kind = _class_of(defect)
        return _Unproved(where=_ORIGIN, reason=reason, kind=kind, offender=identifier)
    for defect in verify_trace(trace, episode, question):
        told = f"{defect.kind}: wanted {defect.wanted}, got {defect.got}"
        reason = f"{told} (trace {short(trace.id)})"
        kind = _class_of(defect)
        return _Unproved(where=defect.where, reason=reason, kind=kind, offender=trace.id)
    return None


def _class_of(defect: Defect) -> FaultClass:
    """Return what is at stake; whatever is wrong with a hook, it grounds nothing."""
    return "grounding" if "/hooks" in defect.where else _CLASSES[defect.kind]


def quotes_in(trace: Trace) -> int:
    """Count the steps that quote a value of an execution, which replay alone believes."""
    claims = [step.claim for step in trace.steps if step.claim is not None]
    return sum(
        claim.op == "quote" and not any(isinstance(arg, StepRef) for arg in claim.args)
        for claim in claims
    )
