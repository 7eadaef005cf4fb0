"""Which specs a change is made for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracemill_gate.change.scope import specs_of_change
from tracemill_gate.errors import UnreadableSpec
from tracemill_gate.git import open_repository

History = Any  # defined in conftest.py; test files cannot import each other
OTHER = {"files_to_touch": [{"path": "other.txt", "kind": "modify"}], "touch_points": []}

STATUSES = (
    # at the base, at HEAD, of the change
    ("specd", "specd", False),
    ("specd", "approved", False),
    ("approved", "in-progress", True),
    ("in-progress", "in-progress", True),
    ("in-progress", "done", True),
    ("approved", "done", True),
    ("done", "done", False),
    ("in-progress", "withdrawn", False),
    ("done", "in-progress", True),
    (None, "in-progress", True),
    (None, "done", True),
    (None, "approved", False),
)


def found(history: History) -> list[tuple[str, str, str]]:
    repository = open_repository(history.root)
    specs = specs_of_change(repository, repository.commit("main"))
    return [(str(planned), planned.status, planned.path) for planned in specs]


@pytest.mark.parametrize(("before", "after", "belongs"), STATUSES)
def test_a_spec_is_of_the_change_by_how_it_stands(
    history: History, before: str | None, after: str, *, belongs: bool
) -> None:
    history.git("checkout", "-q", "main")
    history.spec(status="withdrawn")
    if before is not None:
        history.spec(2, status=before, **OTHER)
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec(2, status=after, **OTHER)
    history.commit()
    assert found(history) == [("spec 0002", after, "specs/0002-plan.md")] * belongs


def test_a_spec_is_known_by_its_number_whatever_its_file_is_called(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.spec(status="done")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.git("mv", "specs/0001-plan.md", "specs/0001-plans.md")
    text = (history.root / "current.md").read_text()
    history.write("current.md", text.replace("0001-plan.md", "0001-plans.md"))
    history.commit()
    assert found(history) == []
    history.write("current.md", text.replace("1-plan.md): done", "1-plans.md): in-progress"))
    history.commit()
    repository = open_repository(history.root)
    (planned,) = specs_of_change(repository, repository.commit("main"))
    assert (planned.path, planned.before) == ("specs/0001-plans.md", "done")


def test_the_working_tree_does_not_count(history: History) -> None:
    history.spec(status="withdrawn")
    assert found(history) == [("spec 0001", "in-progress", "specs/0001-plan.md")]


def test_a_line_from_before_statuses_were_written_is_done(history: History) -> None:
    history.git("checkout", "-q", "main")
    text = (history.root / "current.md").read_text()
    history.write("current.md", text.replace(": in-progress", ""))
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec(status="done")
    history.spec(2, status="done", **OTHER)
    history.commit()
    assert found(history) == [("spec 0002", "done", "specs/0002-plan.md")]
    history.spec(status="in-progress")
    history.commit()
    repository = open_repository(history.root)
    planned, _ = specs_of_change(repository, repository.commit("main"))
    assert (str(planned), planned.before) == ("spec 0001", None)


def lost(history: History) -> None:
    (history.root / "specs/0001-plan.md").unlink()


def binary(history: History) -> None:
    history.write("specs/0001-plan.md", b"\xff")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lost, "specs/0001-plan.md: wanted the spec that current.md lists, got no such file"),
        (binary, "specs/0001-plan.md:1: wanted UTF-8 text, got the byte 0xff"),
    ],
)
def test_a_spec_that_cannot_be_read_is_never_left_out(
    history: History, spoil: Callable[[History], None], words: str
) -> None:
    spoil(history)
    history.commit()
    with pytest.raises(UnreadableSpec) as caught:
        found(history)
    assert str(caught.value) == words


def test_without_current_md_there_is_no_spec(history: History) -> None:
    (history.root / "current.md").unlink()
    history.commit()
    assert found(history) == []
