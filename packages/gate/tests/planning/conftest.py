"""Planning files of small scratch repositories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.planning.document import SpecDocument, render
from tracemill_gate.planning.prose import Section
from tracemill_schema.spec import Spec

SpecText = Callable[..., str]
Listed = Callable[..., str]
EMPTY: dict[str, object] = {
    "kind": "change",
    "behaviour_change": "x",
    "user_intent": "x",
    "must_stay_unchanged": [],
    "files_to_touch": [],
    "fail_first_tests": ["tests/test_a.py::test_a"],
    "regression_tests": [],
    "non_goals": [],
    "risks": [],
    "rollback_trigger": "x",
    "touch_points": [],
    "diff_shape": {"lines_min": 0, "lines_max": 100},
    "review_checks": [],
    "depends_on": [],
    "blocked_by": [],
    "parallelizable_with": [],
    "invalidation_watch": [],
    "approval": None,
}
APPROVAL = {
    "by": "owner",
    "signal": "yes",
    "on": "2026-03-01",
    "expires_on": "2026-04-01",
    "base_commit": "b" * 40,
}
HEAD = """# Where it stands

## Institutional Knowledge

- known

## Beliefs

- believed

## Brainstormed

"""
ITEM = """### Longer runs

- status: open
- readiness: early
- known: they end
- missing: why
- candidates:
  - Leases survive
  - Sleep less

"""


@pytest.fixture
def spec_of() -> Callable[..., Spec]:
    """Return a function that makes a spec; its own file is ``spec_NUMBER.py`` unless said so."""

    def make(
        number: int, title: str = "A title", *, approved: bool = False, **fields: object
    ) -> Spec:
        own = [{"path": f"spec_{number}.py", "kind": "add"}]
        values = {**EMPTY, "files_to_touch": own, **fields, "number": number, "title": title}
        spec = Spec.from_values(values, where="test")
        if not approved:
            return spec
        return Spec.from_values(
            {**values, "approval": {**APPROVAL, "spec_hash": spec.content_hash}}, where="test"
        )

    return make


@pytest.fixture
def spec_text(spec_of: Callable[..., Spec]) -> SpecText:
    """Return a function that makes the text of a spec; its arguments are those of ``spec_of``."""

    def make(number: int, title: str = "A title", **fields: object) -> str:
        sections = (Section(name="Decision", text="x"), Section(name="Rejected", text="y"))
        return render(SpecDocument(spec=spec_of(number, title, **fields), sections=sections))

    return make


@pytest.fixture
def listed() -> Listed:
    """Return a function that makes a current.md of lines ``NUMBER TITLE STATUS FILE``."""

    def make(*entries: tuple[int, str, str, str], items: str = ITEM) -> str:
        lines = "".join(f"- [{n:04d}: {title}](specs/{f}): {s}\n" for n, title, s, f in entries)
        return f"{HEAD}{items}## Specd\n" + (f"\n{lines}" if lines else "")

    return make


FIRST = (1, "First", "done", "0001-first.md")
SECOND = (2, "Second", "approved", "0002-second.md")


@pytest.fixture
def root(tmp_path: Path, spec_text: SpecText, listed: Listed) -> Path:
    """A folder with a spec that is done, an approved one that depends on it, and an item."""
    (tmp_path / "specs/draft").mkdir(parents=True)
    (tmp_path / "specs/0001-first.md").write_text(spec_text(1, "First", approved=True))
    second = spec_text(2, "Second", approved=True, depends_on=[1])
    (tmp_path / "specs/0002-second.md").write_text(second)
    (tmp_path / "current.md").write_text(listed(FIRST, SECOND))
    return tmp_path
