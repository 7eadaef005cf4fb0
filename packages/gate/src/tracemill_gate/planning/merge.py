"""The merge rubric: whether two planned things had better be one.

Two specs that were one thought are approved twice, reviewed twice and block each other; one spec
that was two thoughts is never done. Five rules look at a pair, each by itself; of two specs, two or
more of them advise to merge. One alone is the ordinary case of neighbours and is what
``parallelizable_with``, ``depends_on`` and a shared reviewer are for.

rule              reason
same_files        the second would be rebased on every line of the first
same_points       two approvals for the same function: the later diff holds both
same_proof        one red test cannot prove two changes
small_follower    a small change that waits for another costs more to hand over than to do with it
same_intent       the same wish in other words: its user asks once and gets two halves

Specs have all of what the rules look at. Items of Brainstormed and their candidates have only
words: only the last rule can speak about them, and it suffices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import GateUsage
from tracemill_gate.planning.brainstorm import Item
from tracemill_gate.planning.document import DRAFTS
from tracemill_gate.planning.plan import Plan, number_of, read_spec
from tracemill_gate.planning.relation import ANY_NEW, meet, waits_for
from tracemill_gate.planning.title import same
from tracemill_schema.spec import Spec

MOST = 0.5
"""From this share of the smaller of two on, they are said to be about the same. A half: below it
each has more of its own than it shares."""

SMALL = 200
"""Changed lines that are read in one sitting. Reviewers of a study at Cisco (SmartBear, 2006; 2,500
reviews) found most defects in changes of up to 200 lines and few beyond 400. It says nothing of how
hard the lines are."""

ENOUGH = 2
"""Rules that must speak for it before merging two specs is advised; see the module."""

_WORD = re.compile(r"[a-z][a-z0-9_.]{2,}")
_PLAIN_TEXT = """
and are but can each for from had has have into its may more most must not one only other same shall
some than that the their them then there they this two was what when where which who with without
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
"""Words that any two sentences share."""


@dataclass(frozen=True, kw_only=True)
class Plank:
    """What the rules see of a spec, an item or a candidate.

    Attributes:
        name: What a person calls it.
        text: Its words: title, what changes and what for; of an item all that is said, of a
            candidate its title.
        spec: The spec, None for an item or a candidate.
    """

    name: str
    text: str
    spec: Spec | None


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What one rule says about a pair.

    Attributes:
        rule: Name of the rule.
        fires: Whether it speaks for merging.
        why: What it found.
    """

    rule: str
    fires: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What all rules say about a pair; the order of the two does not matter.

    Attributes:
        opinions: One of each rule.
        merge: Whether enough of them speak for merging.
    """

    opinions: tuple[Opinion, ...]
    merge: bool


Rule = Callable[[Plank, Plank], Opinion]


def same_files(one: Plank, other: Plank) -> Opinion:
    """At least half of the files of the smaller one are also the other's."""
    a, b = _paths(one), _paths(other)
    few, many = sorted((a, b), key=lambda paths: (len(paths), sorted(paths)))
    shared = [path for path in sorted(few) if any(meet(path, theirs) for theirs in many)]
    why = f"{len(shared)} of {len(few)} paths: {_shown(shared)}"
    return Opinion(rule="same_files", fires=_is_most(len(shared), len(few)), why=why)


def same_points(one: Plank, other: Plank) -> Opinion:
    """A function or class is a touch point of both."""
    shared = sorted(_points(one) & _points(other))
    why = f"{len(shared)} touch points: {_shown(shared)}"
    return Opinion(rule="same_points", fires=bool(shared), why=why)


def same_proof(one: Plank, other: Plank) -> Opinion:
    """A test that must fail first is named by both."""
    shared = sorted(_tests(one) & _tests(other))
    why = f"{len(shared)} fail-first tests: {_shown(shared)}"
    return Opinion(rule="same_proof", fires=bool(shared), why=why)


def small_follower(one: Plank, other: Plank) -> Opinion:
    """One waits for the other and is small."""
    for follower, leader in ((one, other), (other, one)):
        if follower.spec is None or leader.spec is None:
            continue
        most = follower.spec.diff_shape.lines_max
        if leader.spec.number in waits_for(follower.spec):
            size = f"at most {most} lines, small is up to {SMALL}"
            why = f"{follower.name} waits for {leader.name} with {size}"
            return Opinion(rule="small_follower", fires=most <= SMALL, why=why)
    return Opinion(rule="small_follower", fires=False, why="neither waits for the other")


def same_intent(one: Plank, other: Plank) -> Opinion:
    """At least half of the words of the shorter one are also the other's."""
    few, many = sorted((_words(one), _words(other)), key=lambda words: (len(words), sorted(words)))
    shared = sorted(few & many)
    why = f"{len(shared)} of {len(few)} words: {_shown(shared)}"
    return Opinion(rule="same_intent", fires=_is_most(len(shared), len(few)), why=why)


RULES: tuple[Rule, ...] = (
    same_files,
    same_points,
    same_proof,
    small_follower,
    same_intent,
)


def advise(one: Plank, other: Plank) -> Advice:
    """Ask every rule about a pair.

    Raises:
        GateUsage: both are the same.
    """
    if one == other:
        raise GateUsage(f"wanted two things, got {one.name} twice")
    opinions = tuple(rule(one, other) for rule in RULES)
    enough = 1 if one.spec is None or other.spec is None else ENOUGH
    return Advice(opinions=opinions, merge=sum(o.fires for o in opinions) >= enough)


def plank_of(plan: Plan, name: str) -> Plank:
    """Return what a person means: a spec's number, a draft's path, an item's or candidate's title.

    Raises:
        GateUsage: it is none of them.
        SpecFaults: the spec or the draft is malformed.
    """
    number = number_of(name)
    if number is not None:
        return _of_spec(plan.find(number)[0].document.spec)
    path = Path(name)
    if path.name in plan.drafts and path.is_file():
        return _of_spec(read_spec(path, name=f"{DRAFTS}/{path.name}").document.spec)
    for item in plan.current.brainstormed:
        if same(item.title, name):
            return _of_item(item)
        for candidate in item.candidates:
            if same(candidate, name):
                return Plank(name=repr(candidate), text=candidate, spec=None)
    wanted = "the number of a spec, the path of a draft, or the title of an item of Brainstormed"
    raise GateUsage(f"wanted {wanted} or of a candidate, got {name!r}")


def _of_spec(spec: Spec) -> Plank:
    text = f"{spec.title} {spec.behaviour_change} {spec.user_intent}"
    return Plank(name=f"{spec.number:04d}", text=text, spec=spec)


def _of_item(item: Item) -> Plank:
    text = " ".join((*item.titles, item.known, item.missing))
    return Plank(name=repr(item.title), text=text, spec=None)


def _paths(plank: Plank) -> frozenset[str]:
    return frozenset(f.path for f in plank.spec.files_to_touch) if plank.spec else frozenset()


def _points(plank: Plank) -> frozenset[str]:
    # "Every new name" is no name: two specs that both add to a folder do not share a function.
    points = plank.spec.touch_points if plank.spec else ()
    return frozenset(f"{point.path}::{point.name}" for point in points if point.name != ANY_NEW)


def _tests(plank: Plank) -> frozenset[str]:
    return frozenset(plank.spec.fail_first_tests) if plank.spec else frozenset()


def _words(plank: Plank) -> frozenset[str]:
    found = (word.strip("._") for word in _WORD.findall(plank.text.lower()))
    return frozenset(word for word in found if word not in _PLAIN)


def _is_most(shared: int, of: int) -> bool:
    return shared > 0 and shared >= MOST * of


def _shown(values: list[str]) -> str:
    return f"{', '.join(values[:5])}{', ...' if len(values) > 5 else ''}" if values else "none"
