"""How specs stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from tracemill_gate.planning.relation import circles, meet, overlap, related, waits_for
from tracemill_schema.spec import Spec

PATHS = [
    ("a.py", ["a.py"], ["b.py", "a", "a.pyi"]),
    ("src/", ["src/", "src/a.py", "src/a/", "src/a/b.py"], ["srcs/a.py", "src", "a/src/"]),
    ("src", ["src"], ["src/a.py", "src/"]),
]


@pytest.mark.parametrize(("path", "meeting", "apart"), PATHS)
def test_a_folder_holds_all_files_below(path: str, meeting: list[str], apart: list[str]) -> None:
    others = [*meeting, *apart]
    assert [other for other in others if meet(path, other)] == meeting
    assert [other for other in others if meet(other, path)] == meeting


def files(*paths: str) -> list[dict[str, str]]:
    """Return changes of files."""
    return [{"path": path, "kind": "modify"} for path in paths]


def test_places_that_both_touch(spec_of: Callable[..., Spec]) -> None:
    points = [{"path": "src/a.py", "name": "f"}, {"path": "src/b.py", "name": "new:*"}]
    one = spec_of(1, files_to_touch=files("src/", "x.py"), touch_points=points)
    theirs = [{"path": "src/", "name": "f"}, {"path": "src/b.py", "name": "new:g"}]
    other = spec_of(2, files_to_touch=files("src/a.py", "y.py"), touch_points=theirs)
    assert overlap(one, other) == ("src/a.py", "src/a.py::f", "src/b.py::new:g")
    assert overlap(other, one) == overlap(one, other)
    assert overlap(one, spec_of(3)) == ()


def test_what_a_spec_names_and_what_it_waits_for(spec_of: Callable[..., Spec]) -> None:
    spec = spec_of(9, depends_on=[1, 2], blocked_by=[2, 3], parallelizable_with=[4])
    assert waits_for(spec) == (1, 2, 3)
    assert related(spec) == {1, 2, 3, 4}


CIRCLES = [
    ({1: (2,), 2: (3,), 3: ()}, ()),
    ({1: (2,), 2: (1,)}, ((1, 2),)),
    ({1: (2,), 2: (3,), 3: (2,)}, ((2, 3),)),
    ({1: (2, 3), 2: (4,), 3: (4,), 4: (1,)}, ((1, 2, 4),)),
    ({1: (2,), 2: (1,), 3: (4,), 4: (3,)}, ((1, 2), (3, 4))),
    ({1: (9,)}, ()),
]


@pytest.mark.parametrize(("waits", "wanted"), CIRCLES)
def test_circles_begin_with_their_smallest_number(
    waits: Mapping[int, Sequence[int]], wanted: tuple[tuple[int, ...], ...]
) -> None:
    assert circles(waits) == wanted
