"""How specs stand to each other: what overlaps, what waits for what, and where that is a circle.

depends_on            needs what the other makes: it is done after it
blocked_by            must not be begun before the other is done
parallelizable_with   touches the same places, and may all the same be worked on together
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tracemill_schema.spec import NEW, Spec, TouchPoint

ANY_NEW = f"{NEW}*"


def related(spec: Spec) -> frozenset[int]:
    """Return the numbers of all specs that a spec names."""
    return frozenset((*spec.depends_on, *spec.blocked_by, *spec.parallelizable_with))


def waits_for(spec: Spec) -> tuple[int, ...]:
    """Return the numbers of the specs that must be done before a spec is."""
    return tuple(dict.fromkeys((*spec.depends_on, *spec.blocked_by)))


def overlap(one: Spec, other: Spec) -> tuple[str, ...]:
    """Return the places that both specs touch: files, folders, and names as ``PATH::NAME``."""
    files = {
        _narrower(a.path, b.path)
        for a in one.files_to_touch
        for b in other.files_to_touch
        if meet(a.path, b.path)
    }
    points = {
        f"{_narrower(a.path, b.path)}::{b.name if a.name == ANY_NEW else a.name}"
        for a in one.touch_points
        for b in other.touch_points
        if _same_point(a, b)
    }
    return tuple(sorted(files | points))


def meet(one: str, other: str) -> bool:
    """Tell whether two paths have a file in common; one that ends with ``/`` is all files below."""
    return one == other or any(
        folder.endswith("/") and path.startswith(folder)
        for folder, path in ((one, other), (other, one))
    )


def circles(waits: Mapping[int, Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return each circle of waiting once, beginning with its smallest number.

    Args:
        waits: Number of a spec -> numbers of those that it waits for.
    """
    found = {path for start in sorted(waits) for path in _ways_back(start, waits)}
    return tuple(sorted(found))


def _ways_back(start: int, waits: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Yield one way from a spec over greater numbers back to itself, if there is any."""
    seen = set()
    paths: list[tuple[int, ...]] = [(start,)]
    while paths:
        path = paths.pop()
        for following in sorted(waits.get(path[-1], ()), reverse=True):
            if following == start:
                yield path
                return
            if following > start and following not in seen:
                seen.add(following)
                paths.append((*path, following))


def _narrower(one: str, other: str) -> str:
    return max(one, other, key=len)


def _same_point(one: TouchPoint, other: TouchPoint) -> bool:
    if not meet(one.path, other.path):
        return False
    names = (one.name, other.name)
    both_new = all(name.startswith(NEW) for name in names)
    return one.name == other.name or (ANY_NEW in names and both_new)
