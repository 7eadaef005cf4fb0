"""What is told to the reviewer."""

from __future__ import annotations

from typing import Any

History = Any  # defined in conftest.py; test files cannot import each other
NEW = "spec 0001: this approval is new in this change: by owner on 2026-05-01"


def done(history: History) -> tuple[str, ...]:
    history.work()
    history.commit()
    return tuple(history.judge().for_reviewer)


def test_an_approval_from_before_the_change_is_no_news(history: History) -> None:
    assert done(history) == ()


def test_an_approval_that_came_with_the_change_is_told(history: History) -> None:
    history.spec(user_intent="another")
    assert done(history) == (NEW,)


def test_a_spec_that_came_with_the_change_is_told(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("specs/0001-plan.md", "no spec")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec()
    assert done(history) == (NEW,)


def test_an_approval_is_known_by_the_number_of_its_spec(history: History) -> None:
    history.git("mv", "specs/0001-plan.md", "specs/0001-plans.md")
    text = (history.root / "current.md").read_text()
    history.write("current.md", text.replace("0001-plan.md", "0001-plans.md"))
    assert done(history) == ()


def test_other_settings_are_told_first(history: History) -> None:
    files = [{"path": path, "kind": "modify"} for path in ("src/pkg/a.py", "pyproject.toml")]
    new = [{"path": "src/pkg/b.py", "kind": "add"}, {"path": "tests/", "kind": "modify"}]
    history.spec(files_to_touch=[*files, *new])
    text = (history.root / "pyproject.toml").read_text()
    history.write("pyproject.toml", text + 'tests = ["*"]\n')
    told = "[tool.tracemill.gate] is another than at the base: judged by that of the base"
    assert done(history) == (told, NEW)
