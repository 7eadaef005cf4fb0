"""Judging evidence, and the evidence that the judgement leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.environment import versions_of
from tracemill_gate.evidence.judge import judge, lines, store_judgement
from tracemill_gate.evidence.store import load, store
from tracemill_gate.tree import WorkingTree
from tracemill_schema.canonical import tree_digest
from tracemill_schema.evidence import Digest, Predicate, Subject, statement

TREE = "a" * 40
THEN = "2026-01-01T00:00:00Z"


def check(gate: str, *command: str) -> Check:
    return Check(gate=gate, command=command or (gate,), checked_from="summary", allowed_skips={})


def clock() -> str:
    return THEN


@pytest.fixture
def tree(tmp_path: Path) -> WorkingTree:
    """A tree with evidence of the gates lint (5 checked) and unit (1 of 3 failed)."""
    for gate, passed, failed in (("lint", 5, 0), ("unit", 2, 1)):
        predicate = Predicate(
            gate=gate,
            passed=passed,
            failed=failed,
            skipped=0,
            checked=passed + failed,
            device="cpu",
            versions=dict(versions_of(tmp_path, "")),
            started=THEN,
            finished=THEN,
        )
        subjects = (
            Subject(name="tree", digest=Digest(gitTree=TREE)),
            Subject(name="config", digest=Digest(sha256=check(gate).digest)),
        )
        store(tmp_path, statement(subjects=subjects, predicate=predicate))
    return WorkingTree(root=tmp_path, id=TREE, files={}, times={})


def test_all_required_gates_must_be_green(tree: WorkingTree) -> None:
    assert judge(tree, ("lint",), clock=clock).green
    found = judge(tree, ("lint", "unit", "docs"), clock=clock)
    assert not found.green
    assert [finding.state for finding in found.findings] == ["green", "failed", "missing"]
    assert found.checked == 5


def test_the_table_names_each_gate_and_how_to_mend_it(tree: WorkingTree) -> None:
    assert lines(judge(tree, ("lint", "unit", "docs"), clock=clock)) == (
        "gate  evidence           checked  ",
        "lint  green                    5  5 checked on cpu",
        "unit  failed                   0  1 of 3 failed",
        "docs  missing                  0  wanted .tracemill/evidence/docs.json, got no such file",
        "unit: mend what failed, then run the gate 'unit' again",
        "docs: run the gate 'docs' again",
        "tree aaaaaaaaaaaaaaaa: red: 2 of 3 gates, 5 things checked",
    )


def test_a_green_judgement_leaves_green_evidence_with_the_sum(tree: WorkingTree) -> None:
    store_judgement(tree, judge(tree, ("lint",), clock=clock), sources={}, clock=clock)
    finding, found = load(tree.root, "gate", tree=TREE)
    assert (finding.state, finding.checked) == ("green", 5)
    assert found is not None
    assert found.predicate.finished == THEN


def test_a_red_judgement_leaves_red_evidence(tree: WorkingTree) -> None:
    found = store_judgement(
        tree, judge(tree, ("lint", "unit"), clock=clock), sources={}, clock=clock
    )
    assert (found.predicate.passed, found.predicate.failed) == (5, 1)
    assert load(tree.root, "gate", tree=TREE)[0].state == "failed"


def test_the_judgement_names_the_files_that_it_rests_on(tree: WorkingTree) -> None:
    one = store_judgement(tree, judge(tree, ("lint",), clock=clock), sources={}, clock=clock)
    two = store_judgement(tree, judge(tree, ("lint", "docs"), clock=clock), sources={}, clock=clock)
    assert one.subject[1].digest != two.subject[1].digest


def test_evidence_of_another_check_is_not_believed(tree: WorkingTree) -> None:
    assert judge(tree, ("lint",), clock=clock, expected={"lint": check("lint")}).green
    (found,) = judge(
        tree, ("lint",), clock=clock, expected={"lint": check("lint", "ruff", ".")}
    ).findings
    assert (found.state, found.checked) == ("other check", 0)
    wanted, got = check("lint", "ruff", ".").digest[:16], check("lint").digest[:16]
    assert found.detail == f"wanted the check {wanted} ('ruff .'), got the check {got}"
    assert found.mend == "run the gate 'lint' again with the command that is expected of it"


def test_an_older_reason_for_red_stands_before_the_check(tree: WorkingTree) -> None:
    (found,) = judge(tree, ("unit",), clock=clock, expected={"unit": check("unit", "x")}).findings
    assert found.state == "failed"


def test_the_judgement_names_the_sources_of_its_tree(tree: WorkingTree) -> None:
    judged = judge(tree, ("lint",), clock=clock)

    def versions(**sources: str) -> Mapping[str, str]:
        found = store_judgement(tree, judged, sources=sources, clock=clock)
        return found.predicate.versions

    assert "source_tree" not in versions()
    assert "source_tree" not in versions(source_tree="source")
    source = tree.root / "source"
    source.mkdir()
    (source / "a.py").write_text("a = 1")
    found = versions(source_tree="source", trainer_source="source", schema_source="none")
    assert found["source_tree"] == found["trainer_source"] == tree_digest(source)
    assert "schema_source" not in found
