"""What can be worked on now, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracemill_gate.planning.graph import graph_of, lines
from tracemill_gate.planning.plan import Plan, read_plan

SpecText = Callable[..., str]
Listed = Callable[..., str]


def plan_of(root: Path, spec_text: SpecText, listed: Listed, **waits: tuple[str, object]) -> Plan:
    """Return a plan with spec 1 done, 2 approved, and specs 3 to 6 as they are given."""
    entries = [
        (1, "First", "done", "0001-first.md"),
        (2, "Second", "approved", "0002-second.md"),
    ]
    for number, (name, (status, relations)) in enumerate(waits.items(), start=3):
        assert isinstance(relations, dict)
        (root / f"specs/{number:04d}-{name}.md").write_text(spec_text(number, name, **relations))
        entries.append((number, name, status, f"{number:04d}-{name}.md"))
    (root / "current.md").write_text(listed(*entries))
    return read_plan(root)


def test_steps_and_what_goes_together(root: Path, spec_text: SpecText, listed: Listed) -> None:
    plan = plan_of(
        root,
        spec_text,
        listed,
        third=("specd", {"depends_on": [1, 2]}),
        fourth=("in-progress", {"parallelizable_with": [2]}),
        fifth=("specd", {"blocked_by": [3], "depends_on": [4]}),
        gone=("withdrawn", {}),
    )
    graph = graph_of(plan)
    assert [[node.number for node in step] for step in graph.steps] == [[2, 4], [3], [5]]
    assert "\n".join(lines(graph)) == (
        "now\n"
        "  0002 Second (approved)\n"
        "  0004 fourth (in-progress)\n"
        "       together with 0002\n"
        "then\n"
        "  0003 third (specd)\n"
        "       depends on 0002\n"
        "then\n"
        "  0005 fifth (specd)\n"
        "       depends on 0004\n"
        "       blocked by 0003"
    )


def test_a_circle_is_never_reached(root: Path, spec_text: SpecText, listed: Listed) -> None:
    plan = plan_of(
        root,
        spec_text,
        listed,
        third=("specd", {"depends_on": [4]}),
        fourth=("specd", {"blocked_by": [3]}),
        fifth=("specd", {"depends_on": [3]}),
    )
    graph = graph_of(plan)
    assert [[node.number for node in step] for step in graph.steps] == [[2]]
    assert [node.number for node in graph.circle] == [3, 4, 5]
    assert "never: they wait for each other in a circle" in list(lines(graph))


def test_nothing_is_live(root: Path, listed: Listed) -> None:
    path = root / "current.md"
    path.write_text(path.read_text().replace("approved", "done"))
    assert list(lines(graph_of(read_plan(root)))) == ["nothing: no spec is live"]
