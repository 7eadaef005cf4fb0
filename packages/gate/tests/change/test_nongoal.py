"""What a spec says is not done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
SPEC = "specs/0001-plan.md"
FILES = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "src/pkg/b.py", "kind": "add"},
    {"path": "tests/", "kind": "modify"},
]
AREA = "def area(r):\n    return 3 * r\n\n\n"
REBOUND = {
    "imported": "from pkg.other import other as {}",
    "in_a_tuple": "{}, _ = area, 1",
    "deleted": "del {}",
    "in_a_loop": "for {} in (area,):\n    pass",
    "on_the_way": "({} := area)",
    "opened": "with area(1) as {}:\n    pass",
    "from_inside": "def _f():\n    global {0}\n    {0} = area",
}
OTHER = {
    "touch_points": [{"path": "src/pkg/other.py", "name": "other"}],
    "diff_shape": {"lines_min": 1, "lines_max": 10},
    "parallelizable_with": [1],
}


def done(history: History) -> None:
    history.work()
    history.commit()


def forbidden(history: History) -> None:
    goals = [
        {"kind": "path", "text": "src/pkg/b*"},
        {"kind": "symbol", "text": "pkg.a.area"},
        {"kind": "import", "text": "json"},
        {"kind": "prose", "text": "No speed."},
    ]
    history.spec(non_goals=goals)
    history.work()
    history.write("src/pkg/b.py", "def volume(a):\n    from json.tool import main\n\n    main(a)\n")
    history.commit()


def protected_symbol_removed(history: History) -> None:
    history.spec(non_goals=[{"kind": "symbol", "text": "src/pkg/a.py::keep"}])
    history.work()
    history.write("src/pkg/a.py", "def area(r):\n    return 4 * r * r\n")
    history.commit()


def comments_of_a_protected_symbol(history: History) -> None:
    history.spec(non_goals=[{"kind": "symbol", "text": "src/pkg/a.py::keep"}])
    history.work()
    text = (history.root / "src/pkg/a.py").read_text()
    history.write("src/pkg/a.py", text.replace("return 1", "return 1  # one"))
    history.commit()


def rebound_by_other_means(history: History) -> None:
    kept = "".join(f"def {name}(): pass\n" for name in REBOUND)
    history.git("checkout", "-q", "main")
    history.write("src/pkg/a.py", AREA + kept)
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    goals = [{"kind": "symbol", "text": f"pkg.a.{name}"} for name in REBOUND]
    history.spec(non_goals=goals, diff_shape={"lines_min": 1, "lines_max": 40})
    history.work()
    again = "".join(text.format(name) + "\n" for name, text in REBOUND.items())
    history.write("src/pkg/a.py", AREA.replace("3 *", "4 *") + kept + again)
    history.commit()


def path_with_brackets(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("data[1].txt", "a\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    files = [*FILES, {"path": "data[1].txt", "kind": "modify"}]
    history.spec(files_to_touch=files, non_goals=[{"kind": "path", "text": "data[1].txt"}])
    history.work()
    history.write("data[1].txt", "b\n")
    history.commit()


def forbidden_to_one_declared_by_other(history: History) -> None:
    forbidden = [
        {"kind": "path", "text": "src/pkg/other.py"},
        {"kind": "symbol", "text": "pkg.other.other"},
        {"kind": "import", "text": "json"},
    ]
    history.spec(non_goals=forbidden)
    history.spec(2, files_to_touch=[{"path": "src/pkg/other.py", "kind": "modify"}], **OTHER)
    history.work()
    history.write("src/pkg/other.py", "import json\n\n\ndef other():\n    return 4\n")
    history.commit()


def no_such_symbol(history: History) -> None:
    history.spec(non_goals=[{"kind": "symbol", "text": "pkg.a.nothing"}])
    done(history)


def symbol_of_a_broken_file(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("src/pkg/a.py", "def (:\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec(non_goals=[{"kind": "symbol", "text": "src/pkg/a.py::keep"}])
    done(history)


CASES: tuple[tuple[Case, list[str]], ...] = (
    (
        forbidden,
        [
            "src/pkg/b.py: wanted it untouched (non-goal path src/pkg/b* of spec 0001), got add",
            (
                "src/pkg/a.py: wanted area as it was (non-goal symbol pkg.a.area of spec 0001), "
                "got another"
            ),
            "src/pkg/b.py: wanted no new import of json (non-goal of spec 0001), got json.tool",
        ],
    ),
    (
        protected_symbol_removed,
        [
            (
                "src/pkg/a.py: wanted keep as it was (non-goal symbol src/pkg/a.py::keep of spec "
                "0001), got none"
            )
        ],
    ),
    (comments_of_a_protected_symbol, []),
    (
        rebound_by_other_means,
        [
            (
                f"src/pkg/a.py: wanted {name} as it was (non-goal symbol pkg.a.{name} of spec "
                "0001), got another"
            )
            for name in REBOUND
        ],
    ),
    (
        path_with_brackets,
        [("data[1].txt: wanted it untouched (non-goal path data[1].txt of spec 0001), got modify")],
    ),
    (forbidden_to_one_declared_by_other, []),
    (
        no_such_symbol,
        [
            (
                f"SpecNamesNothing: {SPEC}: wanted the symbol pkg.a.nothing (a non-goal) at the "
                "base ID, got none; name it as PATH.py::NAME or as it is imported, and have the "
                "spec approved again"
            )
        ],
    ),
    (
        symbol_of_a_broken_file,
        [
            (
                f"BrokenSource: {SPEC}: wanted to compare src/pkg/a.py::keep (a non-goal) with "
                "the base, got a file that cannot be parsed there; name a base with --base where "
                "it can"
            )
        ],
    ),
)


@pytest.mark.parametrize(("case", "faults"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_non_goals(history: History, case: Case, faults: list[str]) -> None:
    case(history)
    assert history.verdict() == faults
