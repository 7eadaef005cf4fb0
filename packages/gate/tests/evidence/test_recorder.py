"""Recording a check as evidence for exactly one tree."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import CannotJudge, TreeMoved
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.judge import usable
from tracemill_gate.evidence.recorder import Recorded, record
from tracemill_gate.evidence.store import evidence_path
from tracemill_gate.tree import snapshot

THEN = "2026-01-01T00:00:00Z"
PASSED = '<testsuite><testcase classname="t" name="one"/></testsuite>'
FAILED = '<testsuite><testcase classname="t" name="one"><failure/></testcase></testsuite>'
SKIPPED = '<testsuite><testcase classname="t" name="one"/><testcase classname="t" name="two[a=1]">'
SKIPPED += '<skipped message="no net"/></testcase></testsuite>'


def clock() -> str:
    return THEN


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", code)


def junit(text: str, code: int = 0) -> tuple[str, ...]:
    """Return a command that writes a JUnit file and ends with an exit code."""
    return (
        *python(f"import sys; open(sys.argv[1], 'w').write({text!r}); sys.exit({code})"),
        "{junit}",
    )


PASS = python("pass")
CHECK = Check(gate="unit", command=PASS, checked_from="files:*.py", allowed_skips={})
PYTEST = (
    *("env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", "PYTHONDONTWRITEBYTECODE=1"),
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_x.py"),
)


@pytest.fixture
def recorded(repository: Path) -> Callable[..., Recorded]:
    """Return a function that records a check in the scratch repository."""

    def run(
        *command: str,
        counter: str = "files:*.py",
        allowed: dict[str, str] | None = None,
        output: io.BytesIO | None = None,
    ) -> Recorded:
        check = Check(
            gate="unit", command=command, checked_from=counter, allowed_skips=allowed or {}
        )
        sink = output or io.BytesIO()
        return record(repository, check, clock=clock, output=sink)

    return run


Run = Callable[..., Recorded]


def counts(found: Recorded) -> tuple[int, int, int, int]:
    said = found.evidence.predicate
    return said.passed, said.failed, said.skipped, said.checked


OUTCOMES = [
    ("files", python("pass"), "files:*.py", (2, 0, 0, 2), True),
    ("files, failed", python("raise SystemExit(1)"), "files:*.py", (1, 1, 0, 2), False),
    ("nothing checked", python("pass"), "files:*.rs", (0, 0, 0, 0), False),
    ("tests", junit(PASSED), "junit", (1, 0, 0, 1), True),
    ("a failed test", junit(FAILED, 1), "junit", (0, 1, 0, 1), False),
    ("a failed test, hidden by the exit code", junit(FAILED), "junit", (0, 1, 0, 1), False),
    ("a bad end, no failed test", junit(PASSED, 3), "junit", (1, 1, 0, 2), False),
    ("a skipped test", junit(SKIPPED), "junit", (1, 0, 1, 2), False),
    (
        "a crash before the count",
        (*python("raise SystemExit(2)"), "{junit}"),
        "junit",
        (0, 1, 0, 1),
        False,
    ),
    ("a summary", python("print('checked: 5, failed: 0')"), "summary", (5, 0, 0, 5), True),
    ("killed", python("import os; os.kill(os.getpid(), 9)"), "summary", (0, 1, 0, 1), False),
]


@pytest.mark.parametrize(
    ("command", "counter", "wanted", "green"),
    [case[1:] for case in OUTCOMES],
    ids=[case[0] for case in OUTCOMES],
)
def test_outcomes(
    recorded: Run,
    command: tuple[str, ...],
    counter: str,
    wanted: tuple[int, int, int, int],
    *,
    green: bool,
) -> None:
    found = recorded(*command, counter=counter)
    assert counts(found) == wanted
    assert found.green is green


def test_the_evidence_names_tree_check_times_and_versions(recorded: Run, repository: Path) -> None:
    found = recorded(*python("pass")).evidence
    subjects = {s.name: s.digest for s in found.subject}
    assert subjects["tree"].gitTree == snapshot(repository).id
    assert subjects["config"].sha256 is not None
    assert (found.predicate.started, found.predicate.finished) == (THEN, THEN)
    assert set(found.predicate.versions) == {
        "python",
        "platform",
        "tracemill-gate",
        "distributions",
    }


def again(run: Run, repository: Path) -> Check:
    run(*PASS)
    return CHECK


def other_command(run: Run, repository: Path) -> Check:
    run(*python("1"))
    return CHECK


def other_counter(run: Run, repository: Path) -> Check:
    run(*PASS, counter="files:*")
    return CHECK


def other_tree(run: Run, repository: Path) -> Check:
    run(*PASS)
    (repository / "new.py").write_text("")
    return CHECK


def edited_evidence(run: Run, repository: Path) -> Check:
    run(*PASS)
    path = evidence_path(repository, "unit")
    path.write_bytes(path.read_bytes().replace(b'"checked":2', b'"checked":3'))
    return CHECK


def red_evidence(run: Run, repository: Path) -> Check:
    command = python("raise SystemExit(1)")
    run(*command)
    return dataclasses.replace(CHECK, command=command)


STATES = [
    (again, "green"),
    (other_command, "other check"),
    (other_counter, "other check"),
    (other_tree, "stale"),
    (edited_evidence, "edited"),
    (red_evidence, "failed"),
]


@pytest.mark.parametrize(("change", "state"), STATES, ids=lambda v: getattr(v, "__name__", v))
def test_what_was_recorded_is_usable_for_the_same_tree_and_check_alone(
    recorded: Run, repository: Path, change: Callable[[Run, Path], Check], state: str
) -> None:
    check = change(recorded, repository)
    assert usable(snapshot(repository), "unit", check, clock=clock)[0].state == state


def test_a_check_runs_in_its_environment_and_is_not_reused_once_that_changed(
    repository: Path, venv: Path
) -> None:
    (repository / ".gitignore").write_text("/.tracemill/\n/venv/\n")
    inside = venv.rename(repository / "venv")
    check = dataclasses.replace(CHECK, command=("hello",), environment="venv")
    sink = io.BytesIO()
    record(repository, check, clock=clock, output=sink)
    assert sink.getvalue() == b"hello from the environment\n"

    def state() -> str:
        return usable(snapshot(repository), "unit", check, clock=clock)[0].state

    assert state() == "green"
    (inside / "lib/python3.11/site-packages/one-1.0.dist-info").rmdir()
    assert state() == "other environment"


def test_the_caller_does_not_say_what_is_looked_at(
    recorded: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k test_a")
    (repository / "test_x.py").write_text("def test_a(): pass\ndef test_b(): assert False\n")
    (repository / ".gitignore").write_text("__pycache__\n/.tracemill\n")
    found = recorded(*PYTEST, "--junitxml={junit}", counter="junit")
    assert counts(found) == (1, 1, 0, 2)


def test_a_tree_that_changes_while_the_command_runs_gives_no_evidence(
    recorded: Run, repository: Path
) -> None:
    with pytest.raises(TreeMoved) as caught:
        recorded(*python("open('a.py', 'w').write('a = 3')"))
    assert str(caught.value) == (
        "unit: the working tree changed while the command ran (a.py); no evidence written; "
        "run it again, and ignore in .gitignore what the command writes"
    )
    assert not evidence_path(repository, "unit").exists()


def test_a_tree_that_changes_and_changes_back_gives_no_evidence(recorded: Run) -> None:
    code = "t = open('a.py').read(); open('a.py', 'w').write('1'); open('a.py', 'w').write(t)"
    with pytest.raises(TreeMoved, match=r"changed while the command ran \(a.py\)"):
        recorded(*python(code))


def test_starting_a_check_voids_its_old_evidence(recorded: Run, repository: Path) -> None:
    recorded(*python("pass"))
    with pytest.raises(CannotJudge):
        recorded("no-such-program-anywhere")
    assert not evidence_path(repository, "unit").exists()


def test_a_program_that_is_not_there_could_not_be_judged(recorded: Run) -> None:
    with pytest.raises(CannotJudge) as caught:
        recorded("no-such-program-anywhere")
    assert str(caught.value) == (
        "no-such-program-anywhere: could not be started (No such file or directory); "
        "install it in this environment or correct the command"
    )
    assert caught.value.exit_code == 3


def test_a_good_end_without_a_count_could_not_be_judged(recorded: Run) -> None:
    with pytest.raises(CannotJudge, match="ended well but did not say what it checked"):
        recorded(*python("print('all fine')"), counter="summary")


def test_an_allowed_skip_counts_as_nothing_and_is_told(recorded: Run) -> None:
    found = recorded(*junit(SKIPPED), counter="junit", allowed={"t::two[*]": "no net in here"})
    assert counts(found) == (1, 0, 0, 1)
    assert found.notes == ("allowed skip: t::two[a=1] (no net in here)",)


def test_a_skip_that_is_not_listed_is_told(recorded: Run) -> None:
    found = recorded(*junit(SKIPPED), counter="junit", allowed={"t::three": "no"})
    assert found.notes == ("skipped, which is not a pass: t::two[a=1] (no net)",)


def test_output_is_passed_on_in_order(recorded: Run) -> None:
    sink = io.BytesIO()
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr)"
    recorded(*python(code), output=sink)
    assert sink.getvalue() == b"out\nerr\n"


STATEMENT = (
    '{"_type":"https://in-toto.io/Statement/v1","predicateType":"urn:tracemill:evidence:v1",'
    '"subject":[{"name":"config","digest":{}}],"predicate":{"gate":"train-smoke","passed":3,'
    '"failed":0,"skipped":SKIPPED,"checked":3,"device":"TPU v5 lite x 1","versions":{},'
    '"started":"2026-01-01T00:00:00Z","finished":"2026-01-01T00:00:00Z"}}'
)


@pytest.mark.parametrize(("skipped", "green"), [("0", True), ("1", False)])
def test_a_command_may_write_a_statement_of_its_own_that_names_the_device(
    recorded: Run, skipped: str, *, green: bool
) -> None:
    text = STATEMENT.replace("SKIPPED", skipped)
    command = (*python(f"import sys; open(sys.argv[1], 'w').write({text!r})"), "{evidence}")
    found = recorded(*command, counter="evidence")
    assert found.evidence.predicate.device == "TPU v5 lite x 1"
    assert found.evidence.predicate.gate == "unit"
    assert found.green is green


def test_a_statement_that_is_none_could_not_be_judged(recorded: Run) -> None:
    command = (*python("import sys; open(sys.argv[1], 'w').write('{}')"), "{evidence}")
    with pytest.raises(CannotJudge, match="count that --checked-from evidence reads, got none"):
        recorded(*command, counter="evidence")


def test_pytest_itself_is_counted(recorded: Run, repository: Path) -> None:
    (repository / "test_x.py").write_text(
        "import pytest\ndef test_a(): pass\n@pytest.mark.skip(reason='no')\ndef test_b(): pass\n"
    )
    # Without a file of its own pytest looks for one in all folders above, up to the machine's.
    (repository / "pytest.ini").write_text("[pytest]\n")
    (repository / ".gitignore").write_text("__pycache__\n/.tracemill\n")
    found = recorded(*PYTEST, "--junitxml={junit}", counter="junit")
    assert counts(found) == (1, 0, 1, 2)
    assert found.notes == ("skipped, which is not a pass: test_x::test_b (no)",)
