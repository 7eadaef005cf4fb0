"""Rules about specs: numbers, relations, overlaps, paths and approvals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tracemill_gate.fault import FileFault
from tracemill_gate.planning import approval
from tracemill_gate.planning.document import DRAFTS, FILE_NAME, SPECS
from tracemill_gate.planning.plan import Plan
from tracemill_gate.planning.relation import circles, meet, overlap, related, waits_for
from tracemill_gate.planning.status import IN_PROGRESS, LIVE, WITHDRAWN
from tracemill_schema.canonical import Value
from tracemill_schema.spec import Spec

RELATIONS = ("depends_on", "blocked_by", "parallelizable_with")
SHOWN = 3
"""Places of an overlap that a message names."""


def has_its_own_number(plan: Plan) -> Iterator[FileFault]:
    """No two specs and drafts share a number."""
    owners: dict[int, str] = {}
    for file in plan.files.values():
        number = file.document.spec.number
        owner = owners.setdefault(number, file.name)
        if owner != file.name:
            yield file.fault("/number", f"the number is also that of {SPECS}/{owner}")
    for name in plan.drafts:
        match = FILE_NAME.fullmatch(name)
        if match is None:
            message = "wanted a file name NNNN-slug.md in lower case"
            yield FileFault(where=f"{DRAFTS}/{name}:1", message=message)
            continue
        owner = owners.setdefault(int(match[1]), f"draft/{name}")
        if owner == name:
            message = f"{SPECS}/{name} is there already; run again: tracemill spec promote"
            yield FileFault(where=f"{DRAFTS}/{name}:1", message=f"{message} {DRAFTS}/{name}")
        elif owner != f"draft/{name}":
            message = f"the number is also that of {SPECS}/{owner}"
            yield FileFault(where=f"{DRAFTS}/{name}:1", message=message)


def names_specs(plan: Plan) -> Iterator[FileFault]:
    """Every relation leads to a spec, and that of a live one to none that was withdrawn."""
    known = {int(match[1]) for name in plan.names if (match := FILE_NAME.fullmatch(name))}
    for file in plan.files.values():
        live = plan.status_of(file) in LIVE
        for relation in RELATIONS:
            for index, number in enumerate(getattr(file.document.spec, relation)):
                pointer, what = f"/{relation}/{index}", f"{relation} names {number:04d}"
                if number not in known:
                    yield file.fault(pointer, f"{what}, which does not exist")
                elif live and plan.status.get(number) == WITHDRAWN:
                    yield file.fault(pointer, f"{what}, which is withdrawn")


def waits_in_no_circle(plan: Plan) -> Iterator[FileFault]:
    """No spec waits for itself, over whatever others."""
    files = {file.document.spec.number: file for file in plan.files.values()}
    waits = {number: waits_for(file.document.spec) for number, file in files.items()}
    for circle in circles(waits):
        file, following = files[circle[0]], circle[1]
        spec = file.document.spec
        relation = "depends_on" if following in spec.depends_on else "blocked_by"
        way = " -> ".join(f"{number:04d}" for number in (*circle, circle[0]))
        yield file.fault(f"/{relation}", f"depends_on and blocked_by lead in a circle: {way}")


def declares_overlaps(plan: Plan) -> Iterator[FileFault]:
    """Two live specs that touch the same place are in a relation."""
    for earlier, later in itertools.combinations(plan.live, 2):
        one, other = earlier.document.spec, later.document.spec
        if other.number in related(one) or one.number in related(other):
            continue
        if places := overlap(one, other):
            shown = ", ".join(places[:SHOWN])
            more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
            message = (
                f"overlaps with {one.number:04d} in {shown}{more}; name {one.number} under one "
            )
            yield later.fault("/files_to_touch", f"{message}of {', '.join(RELATIONS)}")


def has_words(plan: Plan) -> Iterator[FileFault]:
    """No text is blank. Lists may be empty: there are changes without a risk."""
    for file in plan.files.values():
        for pointer, text in _texts("", file.document.spec.to_values()):
            if not text.strip():
                yield file.fault(pointer, f"{pointer}: wanted words, got {text!r}")


def names_paths(plan: Plan) -> Iterator[FileFault]:
    """Paths lead down from the top folder, and are written so that they meet those of git."""
    for file in plan.files.values():
        for pointer, path in _all_paths(file.document.spec):
            parts = path.removesuffix("/").split("/")
            if {"", ".", ".."}.intersection(parts) or "\\" in path:
                message = "wanted a path from the top folder as git writes it, as in src/a.py"
                yield file.fault(pointer, f"{message}, got {path!r}")


def watches_others(plan: Plan) -> Iterator[FileFault]:
    """No spec watches a file that its own change touches."""
    for file in plan.files.values():
        touched = [change.path for change in file.document.spec.files_to_touch]
        for index, path in enumerate(file.document.spec.invalidation_watch):
            if any(meet(path, own) for own in touched):
                message = f"the spec touches {path!r} itself, which would void its approval"
                yield file.fault(f"/invalidation_watch/{index}", message)


def names_files(plan: Plan) -> Iterator[FileFault]:
    """What a live spec modifies, watches or runs is there; folders alone end with ``/``."""
    for file in plan.live:
        begun = plan.status_of(file) == IN_PROGRESS
        for pointer, path in _paths(file.document.spec):
            if not path.endswith("/") and (plan.root / path).is_dir():
                message = f"wanted a file, got a folder; write all files below as {path + '/'!r}"
                yield file.fault(pointer, message)
        for pointer, path, what in _files_that_stand(file.document.spec, begun=begun):
            kind = "folder" if path.endswith("/") else "file"
            place = plan.root / path
            if not (place.is_dir() if kind == "folder" else place.exists()):
                yield file.fault(pointer, f"wanted a {kind} {what}, got none at {path!r}")


def holds_its_approval(plan: Plan, day: date) -> Iterator[FileFault]:
    """An approval is for the text as it is; that of a live spec holds on ``day``."""
    for file in plan.files.values():
        spec = file.document.spec
        if message := approval.void(spec):
            yield file.fault("/approval/spec_hash", message)
    for file in plan.live:
        if message := approval.out_of_date(file.document.spec, day):
            yield file.fault("/approval/expires_on", message)


def _texts(pointer: str, value: Value) -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every text of a record; its keys need no escapes."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(f"{pointer}/{key}", inner)
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from _texts(f"{pointer}/{index}", inner)


def _all_paths(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield pointer and path of everything that a spec says about files."""
    yield from _paths(spec)
    for field in ("fail_first_tests", "regression_tests"):
        for index, test in enumerate(getattr(spec, field)):
            yield f"/{field}/{index}", test.partition("::")[0]
    for index, goal in enumerate(spec.non_goals):
        if goal.kind == "path":
            yield f"/non_goals/{index}/text", goal.text


def _paths(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield pointer and path of the files and folders that a spec touches or watches."""
    for index, change in enumerate(spec.files_to_touch):
        yield f"/files_to_touch/{index}/path", change.path
    for index, point in enumerate(spec.touch_points):
        yield f"/touch_points/{index}/path", point.path
    for index, path in enumerate(spec.invalidation_watch):
        yield f"/invalidation_watch/{index}", path


def _files_that_stand(spec: Spec, *, begun: bool) -> Iterator[tuple[str, str, str]]:
    """Yield pointer, path and use of what must be there; a spec that is begun may have deleted."""
    kinds = ("modify",) if begun else ("modify", "delete")
    for index, change in enumerate(spec.files_to_touch):
        if change.kind in kinds:
            yield f"/files_to_touch/{index}/path", change.path, f"to {change.kind}"
    for index, test in enumerate(spec.regression_tests):
        yield f"/regression_tests/{index}", test.partition("::")[0], "of tests"
    for index, path in enumerate(spec.invalidation_watch):
        yield f"/invalidation_watch/{index}", path, "to watch"
