"""Evidence files: what each state of a file is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.evidence import store as evidence
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement

TREE, OTHER = "a" * 40, "b" * 40
THEN = "2026-01-01T00:00:00Z"


def made(**changes: object) -> Evidence:
    values: dict[str, object] = {
        "gate": "unit",
        "passed": 5,
        "failed": 0,
        "skipped": 0,
        "checked": 5,
        "device": "cpu",
        "versions": {},
        "started": THEN,
        "finished": THEN,
    }
    subject = Subject(name="tree", digest=Digest(gitTree=TREE))
    return statement(subjects=(subject,), predicate=Predicate.model_validate({**values, **changes}))


def tampered(root: Path, change: Callable[[bytes], bytes]) -> None:
    path = evidence.store(root, made())
    path.write_bytes(change(path.read_bytes()))


def green(root: Path) -> None:
    evidence.store(root, made())


def missing(root: Path) -> None:
    pass


def torn(root: Path) -> None:
    tampered(root, lambda data: data[:-20])


def unknown_key(root: Path) -> None:
    tampered(root, lambda data: data.replace(b'"predicate"', b'"opinion":1,"predicate"', 1))


def edited(root: Path) -> None:
    tampered(root, lambda data: data.replace(b'"device":"cpu"', b'"device":"TPU"'))


def without_seal(root: Path) -> None:
    path = evidence.store(root, made())
    path.with_name("unit.json.sha256").unlink()


def renamed(root: Path) -> None:
    path = evidence.store(root, made(gate="lint"))
    data = path.read_bytes()
    evidence.store(root, made()).write_bytes(data)
    seal = path.with_name("lint.json.sha256").read_text().replace("lint", "unit")
    path.with_name("unit.json.sha256").write_text(seal)


def sums_wrong(root: Path) -> None:
    evidence.store(root, made(checked=6))


def failed(root: Path) -> None:
    evidence.store(root, made(failed=1, checked=6))


def skipped(root: Path) -> None:
    evidence.store(root, made(skipped=2, checked=7))


def nothing(root: Path) -> None:
    evidence.store(root, made(passed=0, checked=0))


AGAIN = "run the gate 'unit' again"
STATES = [
    (green, "green", 5, "5 checked on cpu", ""),
    (missing, "missing", 0, "wanted .tracemill/evidence/unit.json, got no such file", AGAIN),
    (torn, "malformed", 0, "not a valid evidence.v1: (document): wanted UTF-8 JSON, got ", AGAIN),
    (unknown_key, "malformed", 0, "not a valid evidence.v1: /opinion: wanted no such key", AGAIN),
    (edited, "edited", 0, "its digest is not the one in unit.json.sha256", AGAIN),
    (without_seal, "edited", 0, "its digest is not the one in unit.json.sha256", AGAIN),
    (renamed, "edited", 0, "it is about the gate 'lint'", AGAIN),
    (sums_wrong, "edited", 0, "passed, failed and skipped do not add up to checked", AGAIN),
    (failed, "failed", 0, "1 of 6 failed", f"mend what failed, then {AGAIN}"),
    (
        skipped,
        "skipped",
        0,
        "2 skipped, which is not a pass",
        f"make them run, or allow each with a reason (--allow-skip), then {AGAIN}",
    ),
    (
        nothing,
        "zero-checked",
        0,
        "wanted at least 1 thing checked, got 0",
        f"find out why nothing was looked at, then {AGAIN}",
    ),
]


@pytest.mark.parametrize("case", STATES, ids=lambda case: case[0].__name__)
def test_states(tmp_path: Path, case: tuple[Callable[[Path], None], str, int, str, str]) -> None:
    prepare, state, checked, detail, mend = case
    prepare(tmp_path)
    found, _ = evidence.load(tmp_path, "unit", tree=TREE)
    assert (found.state, found.checked, found.mend) == (state, checked, mend)
    assert found.detail.startswith(detail)


def test_evidence_of_another_tree_is_stale(tmp_path: Path) -> None:
    evidence.store(tmp_path, made())
    found, believed = evidence.load(tmp_path, "unit", tree=OTHER)
    assert found.state == "stale"
    assert found.detail == f"wanted evidence for tree {'b' * 16}, got tree {'a' * 16}"
    assert believed is not None


def test_the_seal_is_a_line_of_sha256sum(tmp_path: Path) -> None:
    path = evidence.store(tmp_path, made())
    digest, name = path.with_name("unit.json.sha256").read_text().split()
    assert (len(digest), name) == (64, "unit.json")


def test_voided_evidence_is_gone(tmp_path: Path) -> None:
    path = evidence.store(tmp_path, made())
    evidence.void(tmp_path, "unit")
    evidence.void(tmp_path, "unit")
    assert list(path.parent.iterdir()) == []
