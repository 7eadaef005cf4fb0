"""Scripted histories: a planned repository in which one spec is in progress, and work on it."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tracemill_gate.change.check import ChangeReport, check
from tracemill_gate.planning import current, document
from tracemill_gate.planning.current import Current
from tracemill_gate.planning.document import SpecDocument
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.prose import Section
from tracemill_schema.errors import TracemillError
from tracemill_schema.spec import Spec

Git = Callable[..., str]
TODAY = datetime.date(2026, 5, 10)
PROSE = (Section(name="Decision", text="Yes."), Section(name="Rejected", text="No."))
SETTINGS = """[tool.tracemill.gate]
required = ["unit"]
source_roots = ["src"]
generated = ["*.lock", "made/"]
"""
AREA = "import math\n\n\ndef keep():\n    return 1\n\n\ndef area(r):\n    return 3 * r * r\n"
GOOD_AREA = AREA.replace("3 * r", "math.pi * r")
VOLUME = "def volume(a):\n    return a**3\n"
TESTS = "def test_old():\n    assert True\n"
NEW_TEST = "\n\ndef test_area():\n    assert True\n"
FIELDS: Mapping[str, object] = {
    "number": 1,
    "title": "Areas are exact",
    "kind": "change",
    "behaviour_change": "area is exact",
    "user_intent": "no one is wrong by 5 %",
    "must_stay_unchanged": [],
    "files_to_touch": [
        {"path": "src/pkg/a.py", "kind": "modify"},
        {"path": "src/pkg/b.py", "kind": "add"},
        {"path": "tests/", "kind": "modify"},
    ],
    "fail_first_tests": ["tests/test_a.py::test_area"],
    "regression_tests": ["tests/test_a.py"],
    "non_goals": [],
    "risks": [],
    "rollback_trigger": "an area is wrong",
    "touch_points": [
        {"path": "src/pkg/a.py", "name": "area"},
        {"path": "src/pkg/b.py", "name": "new:volume"},
    ],
    "diff_shape": {"lines_min": 3, "lines_max": 20},
    "review_checks": [],
    "depends_on": [],
    "blocked_by": [],
    "parallelizable_with": [],
    "invalidation_watch": [],
}
APPROVAL: Mapping[str, str] = {
    "by": "owner",
    "signal": "yes",
    "on": "2026-05-01",
    "expires_on": "2026-06-01",
}


@dataclass
class History:
    """A scratch repository: writes files and specs, commits, and is judged.

    Attributes:
        root: Top folder.
        run: Runs git in a folder.
        statuses: File name of a spec -> its status.
        specs: File name of a spec -> the spec.
    """

    root: Path
    run: Git
    statuses: dict[str, str] = field(default_factory=dict)
    specs: dict[str, Spec] = field(default_factory=dict)

    def git(self, *words: str) -> str:
        """Run git in the top folder."""
        return self.run(self.root, *words)

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file, with its folders."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, *, on: str = "2026-05-09T12:00:00Z") -> str:
        """Commit everything; return the id."""
        self.git("add", "-A")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_COMMITTER_DATE", on)
            self.git("commit", "-q", "--allow-empty", "-m", "work")
        return self.git("rev-parse", "HEAD")

    def spec(
        self,
        number: int = 1,
        *,
        status: str = "in-progress",
        approval: Mapping[str, str] | None = APPROVAL,
        base: str = "",
        **fields: object,
    ) -> Spec:
        """Write a spec with an approval of its text, and its line in current.md."""
        values = {**FIELDS, "number": number, "title": f"Plan {number}", "approval": None, **fields}
        spec = Spec.from_values(values, where="the test")
        if approval is not None:
            start = base or self.git("rev-list", "--max-parents=0", "HEAD")
            said = {"spec_hash": spec.content_hash, "base_commit": start, **approval}
            spec = Spec.from_values({**values, "approval": said}, where="the test")
        self.put(spec, status)
        return spec

    def put(self, spec: Spec, status: str) -> None:
        """Write a spec as it is, and current.md."""
        name = f"{spec.number:04d}-plan.md"
        self.specs[name], self.statuses[name] = spec, status
        self.write(f"specs/{name}", document.render(SpecDocument(spec=spec, sections=PROSE)))
        entries = tuple(
            Entry(number=s.number, title=s.title, file=n, status=self.statuses[n], line=0)
            for n, s in sorted(self.specs.items())
        )
        whole = Current(
            title="where it stands",
            knowledge=("Circles are round.",),
            markers=(),
            beliefs=("Squares are not.",),
            experiments="",
            brainstormed=(),
            entries=entries,
        )
        self.write("current.md", current.render(whole))

    def work(self) -> None:
        """Do what spec 1 asks for, all of it, without a commit."""
        self.write("src/pkg/a.py", GOOD_AREA)
        self.write("src/pkg/b.py", VOLUME)
        self.write("tests/test_a.py", TESTS + NEW_TEST)

    def judge(self, base: str | None = None, today: datetime.date = TODAY) -> ChangeReport:
        """Check the change."""
        return check(self.root, base, today)

    def verdict(self, base: str | None = None, today: datetime.date = TODAY) -> Sequence[str]:
        """Return the faults, or the error that says why the change cannot be judged.

        The top folder stands as ROOT there, ids of commits and hashes of texts as ID.
        """
        try:
            found = [str(fault) for fault in self.judge(base, today).faults]
        except TracemillError as error:
            found = [f"{type(error).__name__}: {error}"]
        return [
            re.sub(r"\b[0-9a-f]{12,64}\b", "ID", t.replace(str(self.root), "ROOT")) for t in found
        ]


@pytest.fixture(scope="session")
def planned_template(tmp_path_factory: pytest.TempPathFactory, git: Git) -> Path:
    """A repository, only to be copied: code, then on top of it spec 1 in progress."""
    root = tmp_path_factory.mktemp("planned")
    history = History(root=root, run=git)
    history.git("init", "-q", "-b", "main", "--template=")
    history.write("pyproject.toml", SETTINGS)
    history.write(".gitignore", "*.log\n")
    history.write("watched.txt", "as it was\n")
    history.write("src/pkg/a.py", AREA)
    history.write("src/pkg/other.py", "def other():\n    return 2\n")
    history.write("tests/test_a.py", TESTS)
    history.commit(on="2026-05-01T12:00:00Z")
    history.spec()
    history.commit(on="2026-05-02T12:00:00Z")
    history.git("checkout", "-q", "-b", "work")
    return root


@pytest.fixture
def history(planned_template: Path, tmp_path: Path, git: Git) -> History:
    """A planned repository on the branch ``work``, which has nothing yet that main has not."""
    made = History(root=Path(shutil.copytree(planned_template, tmp_path / "planned")), run=git)
    made.specs["0001-plan.md"] = document.read(made.root / "specs/0001-plan.md").spec
    made.statuses["0001-plan.md"] = "in-progress"
    return made
