"""Scripted histories: those that are as agreed, and those of which nothing can be said."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_gate.errors import UnreadableSpec

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
SETTINGS = """[tool.tracemill.gate]
required = ["unit"]
source_roots = ["src"]
generated = ["*.lock", "made/"]
"""
PNG = b"\x89PNG\0" + bytes(range(256))
FILES = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "src/pkg/b.py", "kind": "add"},
    {"path": "tests/", "kind": "modify"},
]
OTHER = {
    "touch_points": [{"path": "src/pkg/other.py", "name": "other"}],
    "diff_shape": {"lines_min": 1, "lines_max": 1},
    "parallelizable_with": [1],
}


def done(history: History) -> None:
    history.work()
    history.commit()


def clean(history: History) -> None:
    done(history)


def squashed(history: History) -> None:
    history.write("src/pkg/b.py", "wrong")
    history.commit()
    done(history)
    history.git("checkout", "-q", "-b", "squashed", "main")
    history.git("merge", "-q", "--squash", "work")
    history.commit()


def merged_from_main(history: History) -> None:
    done(history)
    history.git("checkout", "-q", "main")
    history.write("elsewhere.txt", "main goes on\n")
    history.commit()
    history.git("checkout", "-q", "work")
    history.git("merge", "-q", "main", "-m", "merge")


def behind_main(history: History) -> None:
    done(history)
    history.git("checkout", "-q", "main")
    history.write("src/pkg/other.py", "def other():\n    return 3\n")
    history.commit()
    history.git("checkout", "-q", "work")


def merged_into_main(history: History) -> None:
    done(history)
    history.git("checkout", "-q", "main")
    history.git("merge", "-q", "--no-ff", "work", "-m", "merge")


def reverted_detour(history: History) -> None:
    history.write("unplanned.txt", "x\n")
    history.commit()
    history.git("revert", "--no-edit", "HEAD")
    done(history)


def generated_and_lock(history: History) -> None:
    history.spec(
        files_to_touch=[*FILES, *({"path": p, "kind": "add"} for p in ("made/", "x.lock"))]
    )
    history.work()
    history.write("made/table.txt", "line\n" * 1000)
    history.write("x.lock", "line\n" * 1000)
    history.commit()


def paperwork_alone(history: History) -> None:
    history.spec(status="approved")
    history.write("specs/experiment/a.toml", "hypothesis = 1\n" * 100)
    history.commit()


def moved_as_declared(history: History) -> None:
    files = [*FILES, {"path": "src/pkg/other.py", "kind": "delete"}]
    points = [
        {"path": "src/pkg/a.py", "name": "area"},
        {"path": "src/pkg/b.py", "name": "new:*"},
        {"path": "src/pkg/new.py", "name": "new:other"},
    ]
    history.spec(
        files_to_touch=[*files, {"path": "src/pkg/new.py", "kind": "add"}], touch_points=points
    )
    history.work()
    history.git("mv", "src/pkg/other.py", "src/pkg/new.py")
    history.commit()


def binary_as_declared(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "images/", "kind": "add"}])
    history.work()
    history.write("images/a.png", PNG)
    history.commit()


def empty_file(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "src/pkg/__init__.py", "kind": "add"}])
    history.work()
    history.write("src/pkg/__init__.py", "")
    history.commit()


def in_the_union_of_two(history: History) -> None:
    history.spec(diff_shape={"lines_min": 8, "lines_max": 9})
    history.spec(2, files_to_touch=[{"path": "src/pkg/other.py", "kind": "modify"}], **OTHER)
    history.work()
    history.write("src/pkg/other.py", "def other():\n    return 4\n")
    history.commit()


def finished_by_the_change(history: History) -> None:
    history.spec(status="done")
    done(history)


def private_names(history: History) -> None:
    history.work()
    history.write("src/pkg/b.py", "def volume(a):\n    return a**3\n\n\ndef _inner():\n    pass\n")
    history.commit()


def removed_name(history: History) -> None:
    points = [{"path": "src/pkg/a.py", "name": "keep"}, {"path": "src/pkg/b.py", "name": "new:*"}]
    history.spec(touch_points=points)
    history.work()
    history.write("src/pkg/a.py", "def area(r):\n    return 3 * r * r\n")
    history.commit()


def broken_data_of_tests(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "tests/data/", "kind": "add"}])
    history.work()
    history.write("tests/data/broken.py", "def (:\n")
    history.commit()


GREEN: tuple[Case, ...] = (
    clean,
    squashed,
    merged_from_main,
    behind_main,
    merged_into_main,
    reverted_detour,
    generated_and_lock,
    paperwork_alone,
    moved_as_declared,
    binary_as_declared,
    empty_file,
    in_the_union_of_two,
    finished_by_the_change,
    private_names,
    removed_name,
    broken_data_of_tests,
)


@pytest.mark.parametrize("case", GREEN, ids=lambda case: case.__name__)
def test_a_history_as_agreed_is_green(history: History, case: Case) -> None:
    case(history)
    assert history.verdict() == []


def test_what_was_checked_is_counted(history: History) -> None:
    history.spec(
        invalidation_watch=["watched.txt"],
        non_goals=[{"kind": "import", "text": "socket"}, {"kind": "prose", "text": "No speed."}],
        review_checks=["The figures are right."],
    )
    done(history)
    report = history.judge()
    linted, progress = 1 + 1, 1  # a spec and current.md
    files, added, lines, names, points = 4, 1, 1, 1, 2
    approvals, watched, goals, tests = 1, 1, 1, 2
    work = files + added + lines + names + points
    assert report.checked == linted + progress + approvals + watched + work + goals + tests
    assert report.green
    assert report.specs == ("specs/0001-plan.md",)
    assert report.for_reviewer == (
        "spec 0001: this approval is new in this change: by owner on 2026-05-01",
        "spec 0001: not done: No speed.",
        "spec 0001: to review: The figures are right.",
    )
    assert (report.base, report.head) == tuple(
        history.git("rev-parse", name) for name in ("main", "work")
    )


def test_planning_files_are_linted_first(history: History) -> None:
    done(history)
    text = (history.root / "current.md").read_text()
    history.write("current.md", text.replace(": in-progress", ": begun"))
    history.commit()
    assert history.verdict() == [
        (
            "current.md:15: wanted a status of specd, approved, in-progress, done, withdrawn, got "
            "'begun'"
        ),
        (
            "current.md: wanted a spec that is in progress, or done since ID, for 3 changed files "
            "(src/pkg/a.py, src/pkg/b.py, tests/test_a.py), got none"
        ),
    ]


def test_with_a_spec_that_cannot_be_read_nothing_is_judged_and_every_fault_is_told(
    history: History,
) -> None:
    history.write("specs/0001-plan.md", "+++\n+++\n")
    done(history)
    with pytest.raises(UnreadableSpec) as caught:
        history.judge()
    lines = str(caught.value).splitlines()
    assert lines[0] == "specs/0001-plan.md:1: /number: wanted a value, got nothing"
    assert lines[-1] == "specs/0001-plan.md:2: wanted a section ## Rejected, got none"
    assert caught.value.exit_code == 3


# Histories that make an undeclared change look as if it were none: each is judged as it is.

EVIL = "def evil():\n    return 'not agreed'\n"


def undeclared(history: History) -> None:
    history.write("src/pkg/other.py", EVIL)
    history.commit()


def other_upstream(history: History) -> None:
    history.write("pyproject.toml", SETTINGS + 'upstream = ["HEAD~1"]\n')
    undeclared(history)
    done(history)


def tag_for_the_upstream(history: History) -> None:
    undeclared(history)
    history.git("tag", "main")
    history.git("tag", "origin/main")
    done(history)


def branch_for_that_of_a_remote(history: History) -> None:
    history.git("update-ref", "refs/remotes/origin/main", "main")
    undeclared(history)
    history.git("branch", "origin/main")
    done(history)


def base_replaced(history: History) -> None:
    undeclared(history)
    tree, parent = (history.git("rev-parse", name) for name in ("HEAD^{tree}", "main^"))
    false = history.git("commit-tree", tree, "-p", parent, "-m", "x")
    history.git("replace", history.git("rev-parse", "main"), false)
    done(history)


def work_in_progress_on_main(history: History) -> None:
    history.git("checkout", "-q", "main")
    undeclared(history)
    base = history.git("rev-parse", "HEAD")
    history.spec(
        2,
        base=base,
        files_to_touch=[{"path": "watched.txt", "kind": "modify"}],
        touch_points=[],
        diff_shape={"lines_min": 0, "lines_max": 9},
        parallelizable_with=[1],
    )
    done(history)


OUTSIDE = "src/pkg/other.py: wanted only files of files_to_touch (spec 0001), got: modify"
NAMED = (
    "src/pkg/other.py: wanted only new names that a spec declares, got evil; declare the touch "
    "points new:evil (or new:*), or begin the names with an underscore"
)
SETTINGS_OUTSIDE = OUTSIDE.replace("src/pkg/other.py", "pyproject.toml")
SNEAKY: tuple[tuple[Case, list[str]], ...] = (
    (other_upstream, [SETTINGS_OUTSIDE, OUTSIDE, NAMED]),
    (tag_for_the_upstream, [OUTSIDE, NAMED]),
    (branch_for_that_of_a_remote, [OUTSIDE, NAMED]),
    (base_replaced, [OUTSIDE, NAMED]),
    (work_in_progress_on_main, [OUTSIDE.replace("0001)", "0001, spec 0002)"), NAMED]),
)


@pytest.mark.parametrize(("case", "faults"), SNEAKY, ids=[case.__name__ for case, _ in SNEAKY])
def test_an_undeclared_change_is_seen_whatever_stands_for_the_base(
    history: History, case: Case, faults: list[str]
) -> None:
    case(history)
    assert history.verdict() == faults


# Histories of which nothing can be said.


def dirty(history: History) -> None:
    done(history)
    history.write("src/pkg/a.py", "more = 1\n")


def untracked(history: History) -> None:
    done(history)
    history.git("config", "status.showUntrackedFiles", "no")
    history.write("new.py", "")


def hidden_change(history: History) -> None:
    done(history)
    history.git("update-index", "--assume-unchanged", "src/pkg/a.py")
    history.write("src/pkg/a.py", "more = 1\n")


def sparse(history: History) -> None:
    done(history)
    history.git("update-index", "--skip-worktree", "src/pkg/a.py")


def base_unknown(history: History) -> None:
    done(history)


def base_contains_head(history: History) -> None:
    done(history)
    history.git("branch", "later")
    history.git("checkout", "-q", "later")
    history.commit()
    history.git("checkout", "-q", "work")


def no_common_history(history: History) -> None:
    history.git("checkout", "-q", "--orphan", "alone")
    done(history)


def criss_cross(history: History) -> None:
    history.git("branch", "one")
    history.git("branch", "two")
    for name in ("one", "two"):
        history.git("checkout", "-q", name)
        history.write(f"{name}.txt", "")
        history.commit()
    history.git("merge", "-q", "one", "-m", "one into two")
    history.git("checkout", "-q", "one")
    history.git("merge", "-q", "two^", "-m", "two into one")
    history.git("branch", "-f", "main", "two")


def detached_without_upstream(history: History) -> None:
    done(history)
    history.git("checkout", "-q", "--detach")
    history.git("branch", "-D", "main")


def broken_python(history: History) -> None:
    history.work()
    history.write("src/pkg/b.py", "def (:\n")
    history.commit()


def made_on_no_day(history: History) -> None:
    history.spec(status="done")
    history.work()
    history.commit(on="@999999999999 +0000")


def no_settings(history: History) -> None:
    history.work()
    history.write("pyproject.toml", "")
    history.commit()


def fetched_without_its_start(history: History) -> None:
    history.spec(base="f" * 40)
    history.git("branch", "-m", "main", "elsewhere")
    done(history)


COMMIT = "commit or stash them, then run this again"
CLEAR = "clear the marks with: git update-index --no-assume-unchanged --no-skip-worktree PATH"
REFUSED: tuple[tuple[Case, str | None, str], ...] = (
    (
        dirty,
        None,
        (
            "DirtyTree: ROOT: wanted a working tree without uncommitted changes, got src/pkg/a.py; "
            f"{COMMIT}"
        ),
    ),
    (
        untracked,
        None,
        f"DirtyTree: ROOT: wanted a working tree without uncommitted changes, got new.py; {COMMIT}",
    ),
    (
        hidden_change,
        None,
        (
            "DirtyTree: ROOT: wanted a working tree that git looks at whole, got src/pkg/a.py "
            f"marked assume-unchanged or skip-worktree; {CLEAR}"
        ),
    ),
    (
        sparse,
        None,
        (
            "DirtyTree: ROOT: wanted a working tree that git looks at whole, got src/pkg/a.py "
            f"marked assume-unchanged or skip-worktree; {CLEAR}"
        ),
    ),
    (
        base_unknown,
        "nowhere",
        (
            "UnknownRevision: ROOT: wanted a commit of this repository, got 'nowhere', which is "
            "none; fetch the branch that holds it, or name another revision"
        ),
    ),
    (
        base_contains_head,
        "later",
        (
            "BaseHoldsHead: ROOT: wanted a base that HEAD adds to, got later that contains HEAD "
            "(ID): nothing is on trial; commit the change, or name an older base with --base"
        ),
    ),
    (
        no_common_history,
        None,
        "NoCommonAncestor: ROOT: ID and ID have no common ancestor; name a base of this history",
    ),
    (
        criss_cross,
        None,
        (
            "ManyAncestors: ROOT: ID and ID have 2 best common ancestors (ID, ID), for each was "
            "merged into the other; name the one that is meant with --base"
        ),
    ),
    (
        detached_without_upstream,
        None,
        (
            "DetachedHead: ROOT: HEAD is detached and no base can be told, for none of the "
            "branches origin/main, main is here; name a base with --base"
        ),
    ),
    (
        broken_python,
        None,
        (
            "BrokenSource: src/pkg/b.py: wanted Python that can be parsed, got: invalid syntax "
            "in line 1; mend it (or, if a newer Python can read it, run this with that one)"
        ),
    ),
    (
        no_settings,
        None,
        (
            "ConfigFault: ROOT/pyproject.toml: wanted the table [tool.tracemill.gate], got none; "
            'add it with at least: required = ["lint", "unit"]'
        ),
    ),
    (
        made_on_no_day,
        None,
        (
            "StrangeDate: ROOT: wanted commits made on a day of the calendar, got one of second ID "
            "since 1970 between ID and ID; commit it anew"
        ),
    ),
    (
        fetched_without_its_start,
        None,
        (
            "UnknownRevision: ROOT: specs/0001-plan.md: wanted the commit that its approval starts "
            "from, ID, which is not here; name a base with --base"
        ),
    ),
)


@pytest.mark.parametrize(
    ("case", "base", "words"), REFUSED, ids=[case.__name__ for case, _, _ in REFUSED]
)
def test_what_is_refused_says_why(
    history: History, case: Case, base: str | None, words: str
) -> None:
    case(history)
    assert history.verdict(base) == [words]


def test_one_of_two_ancestors_can_be_named(history: History) -> None:
    criss_cross(history)
    assert history.judge("two^").base == history.git("rev-parse", "two^")


def test_a_detached_head_is_judged_where_a_base_is_known(history: History) -> None:
    done(history)
    history.git("checkout", "-q", "--detach")
    assert history.verdict() == []
    history.git("branch", "-D", "main")
    assert history.verdict("HEAD^") == []


def test_no_commit_no_repository_and_no_git(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = dataclasses.replace(history, root=tmp_path / "fresh")
    fresh.root.mkdir()
    assert fresh.verdict() == [
        (
            "NotARepository: ROOT: wanted a folder of a git working tree, got none; run this "
            "inside the repository, or `git init` one first"
        )
    ]
    fresh.git("init", "-q", "-b", "main", "--template=")
    assert fresh.verdict() == [
        "NoCommitYet: ROOT: wanted a commit, but the branch main has none yet; commit first"
    ]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fresh.verdict() == [
        "NoGit: wanted the program git, got none on the PATH; install git, then run this again"
    ]


def test_a_shallow_clone_is_refused_even_if_the_base_is_there(
    history: History, tmp_path: Path
) -> None:
    done(history)
    history.run(tmp_path, "clone", "-q", "--depth", "2", f"file://{history.root}", "shallow")
    shallow = dataclasses.replace(history, root=tmp_path / "shallow")
    assert shallow.git("rev-parse", "HEAD^") == history.git("rev-parse", "main")
    assert shallow.verdict("HEAD^") == [
        (
            "ShallowClone: ROOT: wanted the whole history, but this is a shallow clone; fetch it "
            "with: git fetch --unshallow"
        )
    ]
