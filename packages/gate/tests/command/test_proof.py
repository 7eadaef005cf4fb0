"""The command spec prove."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill_gate.cli import spec
from tracemill_gate.errors import (
    BaseHoldsHead,
    CannotJudge,
    DirtyTree,
    MissingModule,
    NotARepository,
    ProofViolated,
    ToolMissing,
    UnreadableSpec,
)

Git = Callable[..., str]
PYPROJECT = """[tool.tracemill.gate]
required = ["unit"]

[tool.pytest.ini_options]
addopts = "-p no:hypothesispytest -p no:pytest_postgresql -p no:xdist -p no:pytest_cov"
"""
SPEC = """+++
number = 1
title = "A sum"
kind = "change"
behaviour_change = "b"
user_intent = "u"
must_stay_unchanged = []
files_to_touch = [{path = "src/shop.py", kind = "modify"}]
fail_first_tests = %s
regression_tests = []
non_goals = []
risks = []
rollback_trigger = "r"
touch_points = []
diff_shape = {lines_min = 0, lines_max = 10}
review_checks = []
depends_on = []
blocked_by = []
parallelizable_with = []
invalidation_watch = []
+++

# 0001: A sum

## Decision

Yes.

## Rejected

No.
"""
TESTS = """import time

import shop


def test_total():
    assert shop.total([1]) == 1


def test_kept():
    assert shop.total([]) is not None


def test_foreign():
    import no_such_third_party


def test_slow():
    time.sleep(600)
"""


@pytest.fixture
def change(repository: Path, git: Git) -> Callable[..., Path]:
    """Return a function that commits a base, and a HEAD with a spec of some tests."""

    def make(*tests: str) -> Path:
        (repository / "src").mkdir()
        (repository / "tests").mkdir()
        (repository / "specs").mkdir()
        (repository / "pyproject.toml").write_text(PYPROJECT)
        (repository / "src/shop.py").write_text("def total(prices):\n    return 7\n")
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "base")
        (repository / "src/shop.py").write_text("def total(prices):\n    return sum(prices)\n")
        (repository / "tests/test_shop.py").write_text(TESTS)
        ids = [f"tests/test_shop.py::{test}" for test in tests]
        (repository / "specs/0001-a-sum.md").write_text(SPEC % json.dumps(ids))
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "head")
        return repository

    return make


def call(root: Path, *words: str) -> tuple[list[str], BaseException | None]:
    result = CliRunner().invoke(spec, ["prove", "--folder", str(root), *words])
    return result.stdout.splitlines(), result.exception


@pytest.mark.proof
def test_a_proof_is_told_with_its_sum(change: Callable[..., Path], git: Git) -> None:
    root = change("test_total")
    lines, fault = call(root, "1")
    assert fault is None
    base, head = git(root, "rev-parse", "HEAD^"), git(root, "rev-parse", "HEAD")
    assert lines[:3] == [
        f"specs 0001: base {base[:12]}, HEAD {head[:12]}",
        "  RED           tests/test_shop.py::test_total",
        "    AssertionError: assert 7 == 1 (tests/test_shop.py:7)",
    ]
    assert lines[3:5] == [
        "1 own modules were loaded at the base, all from its tree",
        "1 own modules were loaded at the head, all from its tree",
    ]
    assert lines[-1] == "checked: 1, failed: 0"


@pytest.mark.proof
def test_a_violation_ends_with_2_and_is_all_in_the_json(change: Callable[..., Path]) -> None:
    root = change("test_kept", "test_foreign")
    lines, fault = call(root, "specs/0001-a-sum.md", "--json")
    assert type(fault) is CannotJudge  # a path is one of the current folder
    lines, fault = call(root, str(root / "specs/0001-a-sum.md"), "--json")
    assert isinstance(fault, ProofViolated)
    assert fault.exit_code == 2
    assert str(fault) == "2 of 2 tests are not as specified"
    found = json.loads(lines[0])
    assert [verdict["kind"] for verdict in found["verdicts"]] == ["ALREADY-GREEN", "ENVIRONMENT"]
    assert found["proved"] is False
    assert len(found["runs"]) == 4
    assert found["runs"][0]["modules"] == {"shop": "src/shop.py"}


@pytest.mark.proof
def test_a_missing_third_party_module_ends_with_3(change: Callable[..., Path]) -> None:
    lines, fault = call(change("test_total", "test_foreign"), "1")
    assert lines[-1] == "checked: 2, failed: 1"
    assert isinstance(fault, MissingModule)
    assert fault.exit_code == 3
    assert str(fault) == (
        "tests/test_shop.py::test_foreign: at HEAD the third-party module no_such_third_party is "
        "missing; install it, then run this again"
    )


ASKS_FOR_TAX = "import shop\nimport tax\n\n\ndef test_tax():\n    assert tax.on(1) == 2\n"
TAX = "import shop\n\n\ndef on(price):\n    return shop.total([price, 1])\n"
STATUS = """# Current

## Specd
- [0001: A sum](specs/0001-a-sum.md): in-progress
- [0002: A tax](specs/0002-a-tax.md): in-progress
"""


@pytest.fixture
def two_specs(change: Callable[..., Path], git: Git) -> Callable[..., Path]:
    """Return a function that adds spec 2, which announces the module that a test of spec 1 needs.

    Spec 1 depends on the specs whose numbers are given.
    """

    def make(*depends_on: int) -> Path:
        root = change("test_total")
        one = (SPEC % '["tests/test_tax.py::test_tax"]').replace("depends_on = []", "%s")
        two = SPEC % '["tests/test_shop.py::test_total"]'
        added = 'touch_points = [{path = "src/tax.py", name = "new:*"}]'
        two = two.replace("touch_points = []", added).replace("number = 1", "number = 2")
        two = two.replace("A sum", "A tax").replace("# 0001", "# 0002")
        files = {
            "src/tax.py": TAX,
            "tests/test_tax.py": ASKS_FOR_TAX,
            "current.md": STATUS,
            "specs/0001-a-sum.md": one % f"depends_on = {list(depends_on)}",
            "specs/0002-a-tax.md": two,
        }
        for path, text in files.items():
            (root / path).write_text(text)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "two specs")
        return root

    return make


@pytest.mark.proof
@pytest.mark.parametrize(
    ("words", "depends_on", "reason"),
    [
        ((), (), "the base lacks the module tax, as announced"),
        (("1",), (2,), "the base lacks the module tax, as announced"),
        (("1",), (), "the base lacks the module tax, which no spec announces"),
    ],
    ids=["all_specs", "one_that_depends", "one_by_itself"],
)
def test_announcements_of_the_specs_on_trial_count(
    two_specs: Callable[..., Path],
    words: tuple[str, ...],
    depends_on: tuple[int, ...],
    reason: str,
) -> None:
    root = two_specs(*depends_on)
    lines, _ = call(root, *words, "--base", "HEAD~2")
    assert lines[2] == f"    {reason}"
    assert lines[-1].endswith("failed: 0" if "as announced" in reason else "failed: 1")


@pytest.mark.proof
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing_behind(
    change: Callable[..., Path], git: Git, tmp_path: Path, sign: signal.Signals
) -> None:
    root = change("test_slow")
    own = tmp_path / "temporary"
    own.mkdir()
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # nohup has them ignored
        "from tracemill_gate.command.proof import prove; prove(standalone_mode=False)"
    )
    with (tmp_path / "said").open("wb") as said:
        child = subprocess.Popen(
            (sys.executable, "-c", program, "1", "--folder", str(root)),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(own)},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        while child.poll() is None and not list(own.glob("tmproof-*/r*/events")):
            time.sleep(0.02)
        assert len(git(root, "worktree", "list").splitlines()) == 3
        child.send_signal(sign)
        assert child.wait(60) != 0
    finally:
        child.kill()
        child.wait()
    assert b"Loop" not in (tmp_path / "said").read_bytes()
    assert len(git(root, "worktree", "list").splitlines()) == 1
    assert not list(own.iterdir())


PLANNED = """# Current

## Specd
- [0001: A sum](specs/0001-a-sum.md): in-progress
"""


@pytest.mark.parametrize("words", [(), ("1",)], ids=["all_specs", "one_spec"])
def test_a_change_that_only_plans_needs_no_proof(
    change: Callable[..., Path], git: Git, words: tuple[str, ...]
) -> None:
    root = change()
    text = (SPEC % "[]").replace('"change"', '"planning"')
    text = text.replace('[{path = "src/shop.py", kind = "modify"}]', "[]")
    (root / "specs/0001-a-sum.md").write_text(text)
    (root / "current.md").write_text(PLANNED)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "plan")
    lines, fault = call(root, *words, "--base", "HEAD~2")
    assert fault is None
    assert lines == [
        "spec 0001 is of kind planning: it changes no behaviour to be proved",
        "checked: 1, failed: 0",
    ]
    lines, fault = call(root, *words, "--base", "HEAD~2", "--json")
    assert json.loads(lines[0]) == {"planning": [1], "proved": True, "verdicts": []}


def test_a_spec_with_an_empty_list_of_tests_cannot_be_judged(change: Callable[..., Path]) -> None:
    _, fault = call(change(), "1")
    assert isinstance(fault, UnreadableSpec)
    assert "kind change needs files_to_touch and fail_first_tests" in str(fault)


def test_what_cannot_be_proved_is_refused(change: Callable[..., Path], tmp_path: Path) -> None:
    root = change("test_total")
    _, fault = call(root, "2")
    assert type(fault) is CannotJudge
    assert fault.exit_code == 3
    assert str(fault) == "wanted the number or the file of a spec, got 2"
    assert isinstance(call(root, "1", "--base", "HEAD")[1], BaseHoldsHead)
    assert isinstance(call(tmp_path, "1")[1], NotARepository)
    (root / "dirty.txt").touch()
    assert isinstance(call(root, "1")[1], DirtyTree)


def test_without_pytest_it_is_said_what_is_missing(
    change: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = change("test_total")
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pytest" else found(name)
    )
    _, fault = call(root, "1")
    assert isinstance(fault, ToolMissing)
    assert str(fault) == (
        "wanted pytest in the environment that this runs in, got none; install it there with what "
        "the tests need"
    )
