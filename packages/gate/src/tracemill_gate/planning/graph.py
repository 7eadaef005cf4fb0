"""What can be worked on now, and in which order the rest follows.

A step holds the specs that wait for nothing but earlier steps; the specs of one step touch
different places or have declared that they may be worked on together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracemill_gate.planning.plan import Plan, SpecFile
from tracemill_gate.planning.relation import waits_for


@dataclass(frozen=True, kw_only=True)
class Node:
    """A live spec among the others.

    Attributes:
        number: Its number.
        title: Its title.
        status: Its status.
        depends_on: Numbers of live specs that must be done before it is.
        blocked_by: Numbers of live specs that must be done before it is begun.
        parallelizable_with: Numbers of live specs that touch the same places, and that it may be
            worked on together with.
    """

    number: int
    title: str
    status: str
    depends_on: tuple[int, ...]
    blocked_by: tuple[int, ...]
    parallelizable_with: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The order of the live specs.

    Attributes:
        steps: The specs of each step, by number.
        circle: Specs that wait for each other, and what waits for them.
    """

    steps: tuple[tuple[Node, ...], ...]
    circle: tuple[Node, ...]


def graph_of(plan: Plan) -> Graph:
    """Return the order of the live specs; done and withdrawn ones hold nobody up."""
    live = {file.document.spec.number: file for file in plan.live}
    waits = {
        number: {other for other in waits_for(file.document.spec) if other in live}
        for number, file in live.items()
    }
    nodes = {number: _node(plan, file, live) for number, file in live.items()}
    steps = []
    while ready := sorted(number for number, others in waits.items() if not others):
        steps.append(tuple(nodes[number] for number in ready))
        waits = {n: others.difference(ready) for n, others in waits.items() if n not in ready}
    return Graph(steps=tuple(steps), circle=tuple(nodes[number] for number in sorted(waits)))


def lines(graph: Graph) -> Iterator[str]:
    """Yield the graph as text for a person."""
    for position, step in enumerate(graph.steps):
        yield "now" if position == 0 else "then"
        for node in step:
            yield from _node_lines(node)
    if graph.circle:
        yield "never: they wait for each other in a circle"
        for node in graph.circle:
            yield from _node_lines(node)
    if not graph.steps and not graph.circle:
        yield "nothing: no spec is live"


def _node(plan: Plan, file: SpecFile, live: Mapping[int, SpecFile]) -> Node:
    spec = file.document.spec
    return Node(
        number=spec.number,
        title=spec.title,
        status=plan.status_of(file) or "",
        depends_on=tuple(number for number in spec.depends_on if number in live),
        blocked_by=tuple(number for number in spec.blocked_by if number in live),
        parallelizable_with=tuple(n for n in spec.parallelizable_with if n in live),
    )


def _node_lines(node: Node) -> Iterator[str]:
    yield f"  {node.number:04d} {node.title} ({node.status})"
    relations = (
        ("depends on", node.depends_on),
        ("blocked by", node.blocked_by),
        ("together with", node.parallelizable_with),
    )
    for name, numbers in relations:
        if numbers:
            yield f"       {name} {_shown(numbers)}"


def _shown(numbers: Sequence[int]) -> str:
    return ", ".join(f"{number:04d}" for number in numbers)
