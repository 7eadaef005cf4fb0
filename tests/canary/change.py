"""Canaries in a change: every rule of ``tracemill spec check``, and what it cannot judge."""

from __future__ import annotations

from pathlib import Path

from canary.canary import Canary, Plant
from canary.part import COMMANDS
from canary.planning import again
from canary.plant import append, commit, each, write
from canary.scene import Agreed, git

CHECK = (*COMMANDS["specs"], "--base", "start")
EXTRA = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "tests/test_a.py", "kind": "modify"},
    {"path": "src/pkg/c.py", "kind": "add"},
]


def of(rule: str, plant: Plant, *says: str, case: str = "") -> Canary:
    """Return a canary of a committed change in the planned repository."""
    return Canary(
        part="change",
        rule=rule,
        case=case,
        plant=each(plant, commit),
        command=CHECK,
        says=says,
        scene="planned",
    )


def binary(root: Path) -> None:
    """Plant a file that is no text."""
    (root / "src/pkg/a.bin").write_bytes(bytes(range(256)))


CANARIES = (
    of(
        "approvals_hold",
        again(Agreed(base="0" * 40)),
        "wanted an approval that starts from a commit in the history of HEAD",
    ),
    of("approvals_hold", again(Agreed(days=-1)), "the approval expired on", case="expired"),
    of(
        "watched_files_are_unchanged",
        each(again(invalidation_watch=["pyproject.toml"]), append("pyproject.toml", "# more\n")),
        "wanted pyproject.toml as it was when the spec was approved",
    ),
    of(
        "files_are_declared",
        write("src/pkg/c.py", '"""More."""\n'),
        "src/pkg/c.py: wanted only files of files_to_touch",
    ),
    of(
        "files_are_declared",
        each(again(Agreed(status="specd", approved=False)), append("src/pkg/a.py", "# more\n")),
        "wanted a spec that is in progress, or done since",
        case="no spec at all",
    ),
    of(
        "added_files_are_new",
        again(
            files_to_touch=[
                {"path": "src/pkg/a.py", "kind": "modify"},
                {"path": "src/pkg/a.py", "kind": "add"},
                {"path": "tests/test_a.py", "kind": "modify"},
            ]
        ),
        "wanted to add src/pkg/a.py, got: it exists at the base",
    ),
    of(
        "size_is_as_expected",
        again(diff_shape={"lines_min": 1, "lines_max": 2}),
        "wanted 1 to 2 changed lines",
    ),
    of(
        "new_names_are_declared",
        append("src/pkg/a.py", "\n\ndef volume(r: float) -> float:\n    return r\n"),
        "wanted only new names that a spec declares, got volume",
    ),
    of(
        "touch_points_are_touched",
        again(files_to_touch=EXTRA, touch_points=[{"path": "src/pkg/c.py", "name": "new:volume"}]),
        "wanted the touch point new:volume of src/pkg/c.py",
    ),
    of(
        "non_goals_are_untouched",
        again(non_goals=[{"kind": "path", "text": "tests/*"}]),
        "wanted it untouched (non-goal path tests/*",
        case="path",
    ),
    of(
        "non_goals_are_untouched",
        again(non_goals=[{"kind": "symbol", "text": "src/pkg/a.py::area"}]),
        "(non-goal symbol src/pkg/a.py::area",
        case="symbol",
    ),
    of(
        "non_goals_are_untouched",
        each(
            again(non_goals=[{"kind": "import", "text": "math"}]),
            append("src/pkg/a.py", "\n\nimport math\n"),
        ),
        "wanted no new import of math",
        case="import",
    ),
    of(
        "named_tests_exist",
        again(fail_first_tests=["tests/test_a.py::test_nothing"]),
        "wanted the test tests/test_a.py::test_nothing, got no such function",
    ),
    of(
        "specs_go_forward",
        each(
            again(Agreed(status="done")),
            commit,
            lambda root: git(root, "tag", "-f", "start"),
            again(Agreed(status="in-progress")),
        ),
        "to go forward from done, as at the base, got in-progress",
    ),
    of("could not judge", binary, "src/pkg/a.bin", case="a binary file"),
    Canary(
        part="change",
        rule="could not judge",
        case="a dirty tree",
        plant=write("new.txt", "more\n"),
        command=CHECK,
        says=("wanted a working tree without uncommitted changes, got new.txt",),
        scene="planned",
    ),
)
