"""The scratch copies that canaries are planted in.

    clone      this repository with its working state committed on top of HEAD
    planned    a small one: one spec in progress, approved, and the work on it, committed
    judged     a small one with one required gate and green evidence of it
    dataset    a dataset of tasks and of a table, with smoke evidence that fits the trainer

A scene is built once. After a canary it is put back as it was.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.planning import current, document
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.prose import Section
from tracemill_gate.readiness import installed_versions
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.seal import write_sealed
from tracemill_schema.spec import Spec

ROOT = Path(__file__).parents[2]
IDENTITY = {
    "GIT_AUTHOR_NAME": "canary",
    "GIT_AUTHOR_EMAIL": "canary@localhost",
    "GIT_COMMITTER_NAME": "canary",
    "GIT_COMMITTER_EMAIL": "canary@localhost",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *words: str) -> bytes:
    """Run git in a folder and return what it printed."""
    return subprocess.run(("git", *words), cwd=folder, check=True, stdout=subprocess.PIPE).stdout


def clone(folder: Path) -> None:
    """Clone this repository, with what is not committed yet in a commit on top."""
    git(ROOT, "clone", "-q", str(ROOT), str(folder))
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    here = {name for name in os.fsdecode(listed).split("\0") if name and (ROOT / name).is_file()}
    there = os.fsdecode(git(folder, "ls-files", "-z")).split("\0")
    for name in there:
        if name and name not in here:
            (folder / name).unlink()
    for name in here:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "the working state")


SETTINGS = """\
[tool.tracemill.gate]
required = ["unit"]
source_roots = ["src"]
generated = ["*.lock"]
"""
AREA = '"""Areas."""\n\n\ndef area(r: float) -> float:\n    """Return the area of a circle."""\n'
OLD = "    return 3 * r * r\n"
NEW = "    return 3.14159 * r * r\n"
TEST = "from pkg.a import area\n\n\ndef test_zero():\n    assert area(0) == 0\n"
NEW_TEST = "\n\ndef test_area():\n    assert area(1) > 3.1\n"
PROSE = (Section(name="Decision", text="Yes."), Section(name="Rejected", text="No."))
FIELDS: Mapping[str, object] = {
    "number": 1,
    "title": "Areas are exact",
    "kind": "change",
    "behaviour_change": "area is exact",
    "user_intent": "no one is wrong by 5 %",
    "must_stay_unchanged": [],
    "files_to_touch": [
        {"path": "src/pkg/a.py", "kind": "modify"},
        {"path": "tests/test_a.py", "kind": "modify"},
    ],
    "fail_first_tests": ["tests/test_a.py::test_area"],
    "regression_tests": ["tests/test_a.py::test_zero"],
    "non_goals": [],
    "risks": [],
    "rollback_trigger": "an area is wrong",
    "touch_points": [{"path": "src/pkg/a.py", "name": "area"}],
    "diff_shape": {"lines_min": 3, "lines_max": 20},
    "review_checks": [],
    "depends_on": [],
    "blocked_by": [],
    "parallelizable_with": [],
    "invalidation_watch": [],
}


def planned(folder: Path, settings: str = SETTINGS) -> None:
    """Make a repository in which spec 1 was approved and done as agreed, still in progress."""
    empty = current.Current(
        title="where it stands",
        knowledge=("Circles are round.",),
        markers=(),
        beliefs=("Squares are not.",),
        experiments="",
        brainstormed=(),
        entries=(),
    )
    files = {
        "pyproject.toml": settings,
        ".gitignore": "__pycache__/\n/.tracemill/\n",
        "src/pkg/__init__.py": "",
        "src/pkg/a.py": AREA + OLD,
        "tests/test_a.py": TEST,
        "current.md": current.render(empty),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main", "--template=")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "tag", "start")
    spec(folder)
    (folder / "src/pkg/a.py").write_text(AREA + NEW)
    (folder / "tests/test_a.py").write_text(TEST + NEW_TEST)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "areas are exact")


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was agreed on a spec beside its text.

    Attributes:
        status: Its status in current.md.
        approved: Whether it has an approval of exactly its text.
        days: For how many days from today on the approval holds.
        base: Commit that the approval starts from; empty: the first one.
    """

    status: str = "in-progress"
    approved: bool = True
    days: int = 30
    base: str = ""


AGREED = Agreed()


def spec(folder: Path, agreed: Agreed = AGREED, **fields: object) -> None:
    """Write a spec of the planned repository and its line in current.md.

    Args:
        folder: The planned repository.
        agreed: Its status and approval.
        fields: Fields of spec.v1 that differ from ``FIELDS``.
    """
    values = {**FIELDS, "approval": None, **fields}
    found = Spec.from_values(values, where="canary")
    if agreed.approved:
        today = datetime.datetime.now(datetime.UTC).date()
        first = git(folder, "rev-list", "--max-parents=0", "HEAD").decode().strip()
        approval = {
            "by": "owner",
            "signal": "yes",
            "on": str(today - datetime.timedelta(days=9)),
            "expires_on": str(today + datetime.timedelta(days=agreed.days)),
            "spec_hash": found.content_hash,
            "base_commit": agreed.base or first,
        }
        found = Spec.from_values({**values, "approval": approval}, where="canary")
    name = f"{found.number:04d}-plan.md"
    text = document.render(document.SpecDocument(spec=found, sections=PROSE))
    (folder / "specs").mkdir(exist_ok=True)
    (folder / "specs" / name).write_text(text)
    line = Entry(number=found.number, title=found.title, file=name, status=agreed.status, line=0)
    old = current.read(folder)
    entries = (*(one for one in old.entries if one.file != name), line)
    (folder / "current.md").write_text(current.render(dataclasses.replace(old, entries=entries)))


PLAN = """{"unit": {"command": ["cp", "result.log", "{junit}"], "environment": "venv",
"depends_on": ["head", "day"]}}"""
PASSED = '<testsuite><testcase classname="t" name="one"/></testsuite>'


def judged(folder: Path) -> None:
    """Make a repository whose only gate reads its result from an ignored file, and run it."""
    site = folder / "venv" / "lib" / "python3.11" / "site-packages"
    (site / "one-1.0.dist-info").mkdir(parents=True)
    (folder / "venv/pyvenv.cfg").write_text("version = 3.11.0\n")
    (folder / "pyproject.toml").write_text('[tool.tracemill.gate]\nrequired = ["unit"]\n')
    (folder / ".gitignore").write_text("*.log\n/venv/\n/.tracemill/\n/plan.json\n")
    (folder / "plan.json").write_text(PLAN)
    (folder / "result.log").write_text(PASSED)
    git(folder, "init", "-q", "-b", "main", "--template=")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    words = (sys.executable, "-m", "tracemill", "gate", "run", "--plan", "plan.json")
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.PIPE)


TABLE = "team,points,height_cm\n" + "".join(
    f"{'ab'[i % 2]}{i % 3},{i * 7 % 101},{(i * 13 % 89) / 4}\n" for i in range(60)
)
MAKE_TRACES = """
from pathlib import Path
from tracemill_datagen.stage.traces import run
folders = {name: name for name in ("tables", "questions", "episodes")}
run({**folders, "out": "traces"}, Path())
"""
ASK = ("question", "generate", "--source", "template", "--tables", "tables/scores.csv")


def dataset(folder: Path) -> None:
    """Make a dataset of tasks and of a table, and smoke evidence as a smoke would leave it."""
    (folder / "scores.csv").write_text(TABLE)
    for words in (
        ("-m", "tracemill", "table", "add", "scores.csv", "--out", "tables"),
        ("-m", "tracemill", *ASK, "--count", "4", "--out", "questions"),
        (
            *("-m", "tracemill", "episode", "run", "questions/template/scores.jsonl"),
            *("--table", "tables/scores.csv", "--out", "episodes/template/scores.jsonl"),
        ),
        ("-c", MAKE_TRACES),
        *(
            ("-m", "tracemill", "task", "generate", family, "--count", "60", "--out", "tasks")
            for family in ("modular_chain", "percent")
        ),
        ("-m", "tracemill", "dataset", "build", "demo-v1", "--source", "canary"),
    ):
        subprocess.run((sys.executable, *words), cwd=folder, check=True, stdout=subprocess.PIPE)
    then = "2026-01-01T00:00:00Z"
    predicate = Predicate(
        gate="train-smoke",
        passed=1,
        failed=0,
        skipped=0,
        checked=1,
        device="cpu",
        versions=dict(installed_versions()),
        started=then,
        finished=then,
    )
    smoke = statement(subjects=(Subject(name="tree", digest=Digest()),), predicate=predicate)
    write_sealed(folder / "evidence/train-smoke.json", smoke)


def variables(code: Path) -> dict[str, str]:
    """Return variables under which the packages of a clone run, not those of the checkout."""
    own = {
        "PYTHONPATH": os.pathsep.join(map(str, sorted((code / "packages").glob("*/src")))),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "200",  # import-linter breaks its lines at the width of the terminal
    }
    return {**os.environ, **IDENTITY, **own}


SCENES: dict[str, Callable[[Path], None]] = {
    "clone": clone,
    "planned": planned,
    "judged": judged,
    "dataset": dataset,
}


class Stage:
    """Builds scenes in a scratch folder, once each, and puts them back after a canary.

    Args:
        scratch: An empty folder.
        clone: A clone that is there already; None makes one when it is needed.
    """

    def __init__(self, scratch: Path, *, clone: Path | None = None) -> None:
        self._scratch = scratch
        self._clone = clone
        self._head = ""

    @property
    def code(self) -> Path:
        """The clone, whose code runs in all scenes."""
        if self._clone is None:
            self._clone = self._scratch / "clone"
            clone(self._clone)
            self._head = git(self._clone, "rev-parse", "HEAD").decode().strip()
        return self._clone

    def ready(self, name: str) -> Path:
        """Return the top folder of a scene as it was when it was built."""
        if name == "clone":
            # What tools ignore and cache stays, so that they are quick.
            git(self.code, "reset", "-q", "--hard", self._head)
            git(self.code, "clean", "-qfd")
            return self.code
        template, folder = self._scratch / f"{name}.template", self._scratch / name
        if not template.exists():
            template.mkdir()
            SCENES[name](template)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder, symlinks=True)
        return folder
