"""Scripted histories with exact verdicts, each trap of a naive harness among them."""

from __future__ import annotations

import hashlib
import subprocess
import venv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tracemill_gate.errors import BaseHoldsHead, DirtyTree, GateUsage, LeakedModule
from tracemill_gate.proof.environment import PYTHON
from tracemill_gate.proof.prove import Proof
from tracemill_schema.spec import Spec

History = Any
"""What the fixture ``history`` makes; test files do not import each other."""

pytestmark = pytest.mark.proof

PRICE = """def total(prices):
    return sum(prices) - 1


def half(price):
    raise ValueError("not yet")


def checked(price):
    assert price > 10
    return price


def rounded(price):
    return round(price)


def kept(price):
    return price
"""
MENDED = """def total(prices):
    return sum(prices)


def half(price):
    return price / 2


def checked(price):
    return price


def rounded(price, digits=0):
    return round(price, digits)


def kept(price):
    return price


def added(price):
    return price + 1


def silent(price):
    return price
"""
TESTS = """import unittest
from pathlib import Path

import pytest

from shop import price


def test_total():
    assert price.total([1, 2]) == 3


def test_kept():
    assert price.kept(1) == 1


def test_never():
    assert price.total([]) == 7


@pytest.mark.skip(reason="not today")
def test_skipped():
    assert price.total([1, 2]) == 3


@pytest.mark.xfail(reason="known")
def test_xfailed():
    assert price.total([1, 2]) == 4


@pytest.mark.xfail(strict=True)
def test_xpassed():
    assert price.total([1, 2]) == 3


@pytest.fixture
def broken():
    assert price.total([1, 2]) == 3


def test_fixture(broken):
    pass


def test_no_such_module():
    import no_such_third_party

    assert no_such_third_party


def test_declared():
    from shop.price import added

    assert added(1) == 2


def test_undeclared():
    assert price.silent(1) == 1


def test_undeclared_module():
    import hidden

    assert hidden


def test_parameter():
    assert price.rounded(1.25, digits=1) == 1.2


def test_half():
    assert price.half(4) == 2


def test_checked():
    assert price.checked(5) == 5


def test_key():
    assert {price.total([2]): 1}[2] == 1


def test_raises():
    with pytest.raises(TypeError):
        price.total([1, price.total(["x"]) if price.total([1]) == 1 else 1])


@pytest.mark.parametrize("prices", [[], [1], [2, 3]], ids=["none [0]", "a::b", "two of them"])
def test_ids(prices):
    assert price.total(prices) == sum(prices)


@pytest.mark.parametrize(("price_in", "out"), [(1, 1), (12, 12), (5, 5)])
def test_table(price_in, out):
    assert (price.checked(price_in) if price_in > 10 else price.total([price_in])) == out


class TestShop:
    def test_inside(self):
        assert price.total([1]) == 1

    class TestDeeper:
        def test_inner(self):
            assert price.total([1]) == 1


class TestOld(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(price.total([1]), 1)


def test_data(fresh):
    assert price.total(fresh) == 3


@pytest.mark.fresh
def test_marked():
    data = (Path(__file__).parent / "data/new.txt").read_text()
    assert price.total([1, 2]) == int(data)


def test_group():
    errors = []
    try:
        assert price.total([]) == 0
    except AssertionError as error:
        errors.append(error)
    if errors:
        raise ExceptionGroup("both", errors)


def test_helper():
    unittest.TestCase().assertAlmostEqual(price.total([1]), 1.0)
"""
BASE = {
    "src/shop/price.py": PRICE,
    "tests/test_price.py": (
        "from shop import price\n\n\ndef test_kept():\n    assert price.kept(1)\n"
    ),
    "tests/test_moved.py": "def test_old_name():\n    assert True\n",
    "tests/test_stable.py": (
        "def test_stable():\n    assert True\n\n\n"
        "def test_breaks():\n    pass\n\n\n"
        "def test_needs():\n    pass\n"
    ),
}
HEAD = {
    "src/shop/price.py": MENDED,
    "src/stock/__init__.py": "COUNT = 3\n",
    "src/hidden/__init__.py": "",
    "tests/test_price.py": TESTS,
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef fresh():\n    return [1, 2]\n",
    "tests/data/new.txt": "3\n",
    "tests/test_moved.py": None,
    "tests/test_renamed.py": (
        "from shop import price\n\n\ndef test_new_name():\n    assert price.total([1]) == 1\n"
    ),
    "tests/test_stable.py": (
        "from shop import price\n\n\n"
        "def test_stable():\n    assert True\n\n\n"
        "def test_breaks():\n    assert price.total([1]) == 0\n\n\n"
        "def test_later():\n    assert price.total([1]) == 1\n\n\n"
        "def test_named_first():\n    assert price.total([1]) == 1\n\n\n"
        "def test_needs():\n    assert price.total([1]) == 1\n"
    ),
    "tests/test_module.py": "import stock\n\n\ndef test_count():\n    assert stock.COUNT == 3\n",
    "more/tests/conftest.py": "import stock\n",
    "more/tests/test_more.py": (
        "from shop import price\n\n\ndef test_more():\n    assert price.total([1]) == 1\n"
    ),
    "tests/test_uncollected.py": "raise RuntimeError('no')\n\n\ndef test_lost():\n    pass\n",
    "tests/test_whole.py": (
        "import pytest\n\npytest.skip('all', allow_module_level=True)\n\n\n"
        "def test_any():\n    pass\n"
    ),
    "tests/test_abort.py": (
        "import os\n\nfrom shop import price\n\n\n"
        "def test_before():\n    assert price.total([1]) == 1\n\n\n"
        "def test_abort():\n    os.abort()\n\n\n"
        "def test_after():\n    assert price.total([1]) == 1\n"
    ),
    "tests/test_flake.py": (
        "import os\nfrom pathlib import Path\n\nfrom shop import price\n\n\n"
        "def test_flake():\n"
        "    mark = Path(os.environ['FLAKE'])\n"
        "    if price.total([1]) == 1:\n"
        "        mark.touch(exist_ok=False) if not mark.exists() else mark.unlink()\n"
        "    assert price.total([1]) == 1 and mark.exists()\n"
    ),
    "tests/test_selfish.py": (
        "from pathlib import Path\n\nfrom shop import price\n\n\n"
        "def test_selfish():\n"
        "    Path(__file__).with_name('test_moved.txt').write_text('x')\n"
        "    with Path(__file__).open('a') as file:\n        file.write('# more')\n"
        "    assert price.total([1]) == 1\n"
    ),
}

P = "tests/test_price.py"
RED, WEAK, GREEN, NOT, INVALID = "RED", "RED-WEAK", "ALREADY-GREEN", "NOT-GREEN", "INVALID"
FIRST = [
    # id, verdict, whether it holds, reason
    (f"{P}::test_total", RED, True, f"AssertionError: assert 2 == 3 ({P}:10)"),
    (f"{P}::test_kept", GREEN, False, "passes at the base"),
    (f"{P}::test_never", NOT, False, f"fails at HEAD: AssertionError: assert 0 == 7 ({P}:18)"),
    (f"{P}::test_skipped", INVALID, False, "invalid at HEAD: skipped: not today"),
    (f"{P}::test_xfailed", INVALID, False, "invalid at HEAD: marked xfail: known"),
    (f"{P}::test_xpassed", INVALID, False, "invalid at HEAD: marked xfail, though it passes"),
    (
        f"{P}::test_fixture",
        INVALID,
        False,
        (
            "invalid at the base: an error around the test, which is not red: "
            f"AssertionError: assert 2 == 3 ({P}:38)"
        ),
    ),
    (
        f"{P}::test_no_such_module",
        "ENVIRONMENT",
        False,
        "at HEAD the third-party module no_such_third_party is missing",
    ),
    (
        f"{P}::test_declared",
        WEAK,
        True,
        "the base lacks the name added of shop.price, as announced",
    ),
    (
        f"{P}::test_undeclared",
        WEAK,
        False,
        "the base lacks the name silent of shop.price, which no spec announces",
    ),
    (
        f"{P}::test_undeclared_module",
        WEAK,
        False,
        "the base lacks the module hidden, which no spec announces",
    ),
    (
        f"{P}::test_parameter",
        WEAK,
        True,
        "the base lacks the parameter digits of rounded, as announced",
    ),
    (f"{P}::test_half", WEAK, True, "the code under test raises at the base: ValueError: not yet"),
    (f"{P}::test_checked", WEAK, True, "the code under test raises at the base: AssertionError"),
    (f"{P}::test_key", WEAK, False, f"not an assertion of the test at {P}:80: KeyError: 2"),
    (f"{P}::test_raises", RED, True, f"Failed: DID NOT RAISE TypeError ({P}:84)"),
    (f"{P}::test_ids[none [0]]", RED, True, f"AssertionError: assert -1 == 0 ({P}:90)"),
    (f"{P}::test_ids[a::b]", RED, True, f"AssertionError: assert 0 == 1 ({P}:90)"),
    (f"{P}::test_ids[two of them]", RED, True, f"AssertionError: assert 4 == 5 ({P}:90)"),
    (
        f"{P}::test_ids[three]",
        INVALID,
        False,
        f"invalid at HEAD: no such test; the nearest is {P}::test_ids",
    ),
    (f"{P}::test_table", RED, True, f"AssertionError: assert 0 == 1 ({P}:95) (2 of 3 cases)"),
    (f"{P}::TestShop::test_inside", RED, True, f"AssertionError: assert 0 == 1 ({P}:100)"),
    (f"{P}::TestShop", RED, True, f"AssertionError: assert 0 == 1 ({P}:104) (2 of 2 cases)"),
    (f"{P}::TestOld::test_equal", RED, True, f"AssertionError: 0 != 1 ({P}:109)"),
    (f"{P}::test_data", RED, True, f"AssertionError: assert 2 == 3 ({P}:113)"),
    (f"{P}::test_marked", RED, True, f"AssertionError: assert 2 == 3 ({P}:119)"),
    (f"{P}::test_group", RED, True, f"AssertionError: assert -1 == 0 ({P}:125)"),
    (
        f"{P}::test_helper",
        RED,
        True,
        f"AssertionError: 0 != 1.0 within 7 places (1.0 difference) ({P}:133)",
    ),
    (
        f"{P}::test_totals",
        INVALID,
        False,
        f"invalid at HEAD: no such test; the nearest is {P}::test_total",
    ),
    (
        "tests/test_module.py::test_count",
        WEAK,
        True,
        "the base lacks the module stock, as announced",
    ),
    (
        "more/tests/test_more.py::test_more",
        WEAK,
        True,
        "the base lacks the module stock, as announced",
    ),
    (
        "tests/test_uncollected.py::test_lost",
        INVALID,
        False,
        (
            "invalid at HEAD: its file cannot be collected: "
            "RuntimeError: no (tests/test_uncollected.py:1)"
        ),
    ),
    ("tests/test_whole.py::test_any", INVALID, False, "invalid at HEAD: skipped: all"),
    (
        "tests/test_abort.py::test_before",
        INVALID,
        False,
        "invalid at HEAD: its process crashed: signal SIGABRT",
    ),
    (
        "tests/test_abort.py::test_abort",
        INVALID,
        False,
        "invalid at HEAD: it did not end: signal SIGABRT in this test",
    ),
    (
        "tests/test_abort.py::test_after",
        INVALID,
        False,
        "invalid at HEAD: it did not end: signal SIGABRT",
    ),
    (
        "tests/test_flake.py::test_flake",
        INVALID,
        False,
        (
            "a flake at HEAD: passed, then fails at HEAD: AssertionError: "
            "assert (1 == 1 and False) (tests/test_flake.py:11)"
        ),
    ),
    (
        "tests/test_selfish.py::test_selfish",
        INVALID,
        False,
        "test files changed at HEAD: tests/test_selfish.py",
    ),
    (
        "tests/test_renamed.py::test_new_name",
        RED,
        True,
        "AssertionError: assert 0 == 1 (tests/test_renamed.py:5)",
    ),
    ("tests/test_moved.py::test_old_name", INVALID, False, "HEAD has no file tests/test_moved.py"),
    (
        "tests/test_stable.py::test_named_first",
        RED,
        True,
        "AssertionError: assert 0 == 1 (tests/test_stable.py:17)",
    ),
]
KEPT = [
    (f"{P}::test_kept", "GREEN", True, "passes at both sides"),
    (
        "tests/test_stable.py",
        NOT,
        False,
        "fails at HEAD: AssertionError: assert 1 == 0 (tests/test_stable.py:9) (2 of 4 cases)",
    ),
    ("tests/test_stable.py::test_later", "NEW", True, "passes at HEAD, is not there at the base"),
    ("tests/test_stable.py::test_stable", "GREEN", True, "passes at both sides"),
    (
        "tests/test_stable.py::test_needs",
        NOT,
        False,
        "fails at the base: AssertionError: assert 0 == 1 (tests/test_stable.py:21)",
    ),
]


@pytest.fixture(scope="module")
def proof(
    history: Callable[..., History],
    planned: Callable[..., Spec],
    settings: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Proof:
    """One proof of one history in which every test has another fate."""
    head = {**HEAD, "pyproject.toml": f'{settings}markers = ["fresh: new at HEAD"]\n'}
    spec = planned(
        fail_first_tests=[test for test, *_ in FIRST],
        regression_tests=[test for test, *_ in KEPT],
        touch_points=[
            {"path": "src/shop/price.py", "name": "new:added"},
            {"path": "src/shop/price.py", "name": "rounded"},
            {"path": "src/stock/", "name": "new:*"},
        ],
    )
    mark = tmp_path_factory.mktemp("flake") / "mark"
    return history(BASE, head).proved(spec, inherited={"FLAKE": str(mark)})


@pytest.mark.parametrize("wanted", FIRST, ids=lambda wanted: wanted[0])
def test_a_test_that_fails_first(proof: Proof, wanted: tuple[str, str, bool, str]) -> None:
    found = {v.id: v for v in proof.verdicts if v.duty == "fail-first"}[wanted[0]]
    assert (found.id, found.kind, found.holds, found.reason) == wanted


@pytest.mark.parametrize("wanted", KEPT, ids=lambda wanted: wanted[0])
def test_a_test_that_stays_green(proof: Proof, wanted: tuple[str, str, bool, str]) -> None:
    found = {v.id: v for v in proof.verdicts if v.duty == "regression"}[wanted[0]]
    assert (found.id, found.kind, found.holds, found.reason) == wanted


def test_a_table_tells_each_case(proof: Proof) -> None:
    found = next(v for v in proof.verdicts if v.id == f"{P}::test_table")
    assert [(case.id.partition("[")[2], case.kind) for case in found.cases] == [
        ("1-1]", RED),
        ("12-12]", GREEN),
        ("5-5]", RED),
    ]


def test_modules_come_from_the_tree_of_their_side(proof: Proof) -> None:
    seen = {(run.side, name, file) for run in proof.runs for name, file in run.modules.items()}
    assert ("head", "stock", "src/stock/__init__.py") in seen
    assert {entry for entry in seen if entry[1] == "stock"} == {
        ("head", "stock", "src/stock/__init__.py")
    }
    assert ("base", "shop.price", "src/shop/price.py") in seen


def test_every_file_runs_twice_at_each_side_unless_it_dies(proof: Proof) -> None:
    runs = [(run.side, run.repeat) for run in proof.runs if run.file == P]
    assert sorted(runs) == [("base", 1), ("base", 2), ("head", 1), ("head", 2)]
    dead = [(run.side, run.repeat) for run in proof.runs if run.file == "tests/test_abort.py"]
    assert sorted(dead) == [("base", 1), ("head", 1)]


def test_the_digest_of_a_test_file_is_that_of_head(proof: Proof) -> None:
    assert proof.digests[P] == hashlib.sha256(TESTS.encode()).hexdigest()


def test_a_new_package_does_not_leak_into_the_base_by_a_pth_file(
    history: Callable[..., History],
    planned: Callable[..., Spec],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = history(
        {},
        {
            "src/stock/__init__.py": "",
            "tests/test_new.py": (
                "import subprocess\nimport sys\n\n\n"
                "def test_new():\n"
                "    import stock\n"
                "\n"
                "    assert stock\n"
                "\n\n"
                "def test_started():\n"
                "    words = [sys.executable, '-c', 'import stock']\n"
                "    assert subprocess.run(words, check=False).returncode == 0\n"
            ),
        },
    )
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    (site,) = (tmp_path / "env/lib").glob("python*/site-packages")
    (site / "own.pth").write_text(str(made.repository.root / "src") + "\n")
    python = str(tmp_path / "env/bin/python")
    naive = (python, "-B", "-c", "import stock; print(stock.__file__)")
    done = subprocess.run(naive, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(made.repository.root / "src/stock/__init__.py")
    monkeypatch.setattr("tracemill_gate.proof.runner.PYTHON", (python, *PYTHON[1:]))
    tests = ["tests/test_new.py::test_new", "tests/test_new.py::test_started"]
    spec = planned(fail_first_tests=tests, touch_points=[{"path": "src/stock/", "name": "new:*"}])
    proof = made.proved(spec)
    assert [(verdict.kind, verdict.reason) for verdict in proof.verdicts] == [
        (WEAK, "the base lacks the module stock, as announced"),
        (RED, "AssertionError: assert 1 == 0 (tests/test_new.py:13)"),
    ]
    assert not proof.failed
    assert [(v.kind, v.reason) for v in made.proved(spec, jobs=1).verdicts] == [
        (v.kind, v.reason) for v in proof.verdicts
    ]


def test_an_installed_copy_of_an_own_package_is_a_leak(
    history: Callable[..., History],
    planned: Callable[..., Spec],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = history(
        {},
        {
            "src/stock/__init__.py": "",
            "tests/test_new.py": "import stock\n\n\ndef test_new():\n    assert stock\n",
        },
    )
    copy = tmp_path / "site-packages/stock/__init__.py"
    copy.parent.mkdir(parents=True)
    copy.write_text("")
    monkeypatch.syspath_prepend(str(copy.parents[1]))
    with pytest.raises(LeakedModule) as caught:
        made.proved(planned(fail_first_tests=["tests/test_new.py::test_new"]))
    assert str(caught.value) == (
        "tests/test_new.py at the base: wanted the module stock from that tree, got "
        f"{copy}; uninstall what put it there, or keep the tests from adding to sys.path, then "
        "run this again"
    )
    assert caught.value.exit_code == 3
    assert not made.registrations


def test_a_test_that_hangs_is_ended_and_proves_nothing(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    slow = (
        "import subprocess\nimport sys\n\n\n"
        "def test_slow():\n"
        "    words = [sys.executable, '-S', '-c', 'import time; time.sleep(600)']\n"
        "    subprocess.run(words)\n"
    )
    made = history({}, {"tests/test_slow.py": slow})
    spec = planned(fail_first_tests=["tests/test_slow.py::test_slow"])
    proof = made.proved(spec, limit_s=0.5)
    (verdict,) = proof.verdicts
    assert verdict.kind == INVALID
    assert verdict.reason.startswith("invalid at HEAD: it did not end: the time limit of 0.5 s")
    assert [run.repeat for run in proof.runs] == [1, 1]
    assert not made.registrations


GOOD = "from shop import price\n\n\ndef test_good():\n    assert price.total([1]) == 1\n"
ASKS_FOR_NEW = (
    "from shop.price import added\n\n\ndef test_new():\n    assert added(1) == 2\n\n\n"
    "def test_known():\n    pass\n"
)
NEW = {"path": "src/shop/price.py", "name": "new:added"}
COMPANY = ["tests/test_good.py::test_good", "tests/deep/test_new.py::test_new"]


def counted(proof: Proof, file: str) -> list[tuple[str, int]]:
    return sorted((run.side, run.repeat) for run in proof.runs if run.file == file)


FOUR = [("base", 1), ("base", 2), ("head", 1), ("head", 2)]


def test_files_of_a_folder_share_a_process_even_if_one_cannot_be_collected(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    files = {"tests/test_good.py": GOOD, "tests/deep/test_new.py": ASKS_FOR_NEW}
    made = history(
        {"src/shop/price.py": PRICE}, {"src/shop/price.py": MENDED, "tests/test_x.py": "", **files}
    )
    spec = planned(fail_first_tests=COMPANY, touch_points=[NEW])
    proof = made.proved(spec)
    assert [(verdict.kind, verdict.reason) for verdict in proof.verdicts] == [
        (RED, "AssertionError: assert 0 == 1 (tests/test_good.py:5)"),
        (WEAK, "the base lacks the name added of shop.price, as announced"),
    ]
    assert proof.processes == 4
    assert all(counted(proof, file) == FOUR for file in files)


LEAKS = "import sys\n\nsys.path.insert(0, {other!r})\n\n\ndef test_bad():\n    import stock\n"
BAD = [
    # text of a neighbour, its verdict, processes: first of all together, then of each by itself
    ("def test_bad():\n    import os\n    os.abort()\n",
     "invalid at HEAD: it did not end: signal SIGABRT in this test", 2 + 2 + 4 + 4),
    (("from pathlib import Path\n\n\ndef test_bad():\n"
      "    Path(__file__).with_name('test_good.py').write_text('')\n"),
     "test files changed at HEAD: tests/test_good.py", 4 + 4 + 4 + 4),
    ("def test_other():\n    pass\n",
     "invalid at HEAD: no such test; the nearest is tests/test_bad.py::test_other", 4 + 4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason", "processes"),
    BAD,
    ids=["crash", "changes_another", "misspelt"],
)
def test_only_the_guilty_file_gets_the_verdict(
    history: Callable[..., History],
    planned: Callable[..., Spec],
    text: str,
    reason: str,
    processes: int,
) -> None:
    files = {
        "tests/test_bad.py": text,
        "tests/test_good.py": GOOD,
        "tests/deep/test_new.py": ASKS_FOR_NEW,
    }
    made = history({"src/shop/price.py": PRICE}, {"src/shop/price.py": MENDED, **files})
    tests = ["tests/test_bad.py::test_bad", *COMPANY]
    proof = made.proved(planned(fail_first_tests=tests, touch_points=[NEW]))
    assert [(v.holds, v.reason) for v in proof.verdicts] == [
        (False, reason),
        (True, "AssertionError: assert 0 == 1 (tests/test_good.py:5)"),
        (True, "the base lacks the name added of shop.price, as announced"),
    ]
    assert proof.processes == processes
    assert counted(proof, "tests/test_good.py") == FOUR


DIRTIES = """from shop import price


def test_dirties():
    price.dirty = price.total([1]) == 0
    assert not price.dirty
"""
IS_CLEAN = """from shop import price


def test_is_clean():
    assert not getattr(price, "dirty", False)
"""


def test_a_test_that_fails_only_after_another_proves_nothing(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    files = {"tests/test_b.py": DIRTIES, "tests/test_c.py": IS_CLEAN}
    made = history({"src/shop/price.py": PRICE}, {"src/shop/price.py": MENDED, **files})
    tests = ["tests/test_b.py::test_dirties", "tests/test_c.py::test_is_clean"]
    first, second = made.proved(planned(fail_first_tests=tests)).verdicts
    assert first.kind == RED
    assert (second.kind, second.holds) == (INVALID, False)
    assert second.reason.startswith("a flake at the base: AssertionError: assert not True")


def test_a_crash_at_the_end_of_a_process_proves_nothing(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    crash = f"import atexit\nimport os\n\natexit.register(os.abort)\n{MENDED}"
    made = history(
        {"src/shop/price.py": PRICE},
        {"src/shop/price.py": crash, "tests/test_good.py": GOOD},
    )
    (verdict,) = made.proved(planned(fail_first_tests=["tests/test_good.py::test_good"])).verdicts
    assert (verdict.kind, verdict.holds, verdict.reason) == (
        INVALID,
        False,
        "invalid at HEAD: its process crashed: signal SIGABRT",
    )


def test_both_sides_look_alike_to_git(
    history: Callable[..., History], planned: Callable[..., Spec], settings: str
) -> None:
    test = (
        "import subprocess\nfrom pathlib import Path\n\n\n"
        "def test_git():\n"
        "    top = Path(__file__).parents[1]\n"
        "    words = ('git', 'status', '--porcelain')\n"
        "    done = subprocess.run(words, capture_output=True, check=True, cwd=top)\n"
        "    assert not done.stdout\n"
        "    assert top.name == 'tree'\n"
    )
    head = {"tests/test_git.py": test, "pyproject.toml": f"{settings}# other\n"}
    made = history(
        {"tests/test_git.py": "", "tests/gone.txt": ""}, {**head, "tests/gone.txt": None}
    )
    (verdict,) = made.proved(planned(fail_first_tests=["tests/test_git.py::test_git"])).verdicts
    assert (verdict.kind, verdict.reason) == (GREEN, "passes at the base")


def test_a_new_module_at_the_top_is_an_own_one(
    history: Callable[..., History], planned: Callable[..., Spec], settings: str
) -> None:
    test = "import helper\n\n\ndef test_help():\n    assert helper.ON\n"
    made = history(
        {"pyproject.toml": f'{settings}pythonpath = ["."]\n'},
        {"helper.py": "ON = True\n", "tests/test_help.py": test},
    )
    spec = planned(
        fail_first_tests=["tests/test_help.py::test_help"],
        files_to_touch=[{"path": "helper.py", "kind": "add"}],
    )
    (verdict,) = made.proved(spec).verdicts
    assert (verdict.holds, verdict.reason) == (
        True,
        "the base lacks the module helper, as announced",
    )


SET_UP = """import unittest

from shop import price


class TestShop(unittest.TestCase):
    def setUp(self):
        assert price.total([1]) == 1

    def test_any(self):
        pass
"""


def test_an_assertion_of_set_up_is_not_red(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    made = history(
        {"src/shop/price.py": PRICE}, {"src/shop/price.py": MENDED, "tests/test_up.py": SET_UP}
    )
    spec = planned(fail_first_tests=["tests/test_up.py::TestShop::test_any"])
    (verdict,) = made.proved(spec).verdicts
    assert (verdict.kind, verdict.holds) == (WEAK, False)


def test_a_flake_among_others_gets_no_second_chance(
    history: Callable[..., History], planned: Callable[..., Spec], tmp_path: Path
) -> None:
    files = {"tests/test_good.py": GOOD, "tests/test_flake.py": HEAD["tests/test_flake.py"]}
    made = history({"src/shop/price.py": PRICE}, {"src/shop/price.py": MENDED, **files})
    tests = ["tests/test_good.py::test_good", "tests/test_flake.py::test_flake"]
    spec = planned(fail_first_tests=tests)
    proof = made.proved(spec, inherited={"FLAKE": str(tmp_path / "mark")})
    good, flake = proof.verdicts
    assert (good.holds, flake.holds) == (True, False)
    assert flake.reason.startswith("a flake at HEAD: passed, then fails at HEAD")
    assert proof.processes == 4


def test_files_of_one_name_that_cannot_share_a_process_get_one_each(
    history: Callable[..., History], planned: Callable[..., Spec], settings: str
) -> None:
    prepended = settings.replace("--import-mode=importlib", "--import-mode=prepend")
    files = {"tests/one/test_good.py": GOOD, "tests/two/test_good.py": GOOD}
    made = history(
        {"src/shop/price.py": PRICE, "pyproject.toml": prepended},
        {"src/shop/price.py": MENDED, **files},
    )
    proof = made.proved(planned(fail_first_tests=[f"{file}::test_good" for file in files]))
    assert [verdict.kind for verdict in proof.verdicts] == [RED, RED]
    assert proof.processes == 4 + 4  # the second file was never imported beside the first


def test_a_leak_is_told_of_the_file_that_leaks(
    history: Callable[..., History], planned: Callable[..., Spec], tmp_path: Path
) -> None:
    (tmp_path / "stock.py").write_text("")
    files = {"tests/test_good.py": GOOD, "tests/test_bad.py": LEAKS.format(other=str(tmp_path))}
    made = history(
        {"src/shop/price.py": PRICE},
        {"src/shop/price.py": MENDED, "src/stock.py": "", **files},
    )
    tests = ["tests/test_good.py::test_good", "tests/test_bad.py::test_bad"]
    with pytest.raises(LeakedModule, match=r"^tests/test_bad.py at the (head|base): wanted the"):
        made.proved(planned(fail_first_tests=tests))


def test_what_cannot_be_compared_is_refused(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    made = history({}, {"tests/test_a.py": "def test_a():\n    pass\n"})
    head = made.repository.commit("HEAD")
    spec = planned(fail_first_tests=["tests/test_a.py::test_a"])
    with pytest.raises(BaseHoldsHead, match="wanted a base before HEAD"):
        replace(made, base=head).proved(spec)
    with pytest.raises(GateUsage) as caught:
        made.proved()
    assert str(caught.value) == "no spec: wanted at least one test in fail_first_tests, got none"
    (made.repository.root / "new.txt").touch()
    with pytest.raises(DirtyTree, match="got new.txt; commit or stash"):
        made.proved(spec)


def test_planted_faults_are_told_apart(
    history: Callable[..., History], planned: Callable[..., Spec]
) -> None:
    head = (
        "def total(prices):\n"
        "    return sum(prices) + 0\n"
        "\n\n"
        "def other(price):\n"
        "    return price * 2\n"
    )
    tests = "from shop import price\n\n\ndef test_total():\n    assert price.total([1, 2]) == 3\n"
    made = history(
        {"src/shop/price.py": PRICE}, {"src/shop/price.py": head, "tests/test_price.py": tests}
    )
    spec = planned(touch_points=[{"path": "src/shop/price.py", "name": "total"}])
    proof = made.proved(spec, mutants=3, seed=1)
    assert not proof.failed
    found = {mutant.difference.splitlines()[1]: mutant for mutant in proof.mutants}
    assert {line: mutant.fate for line, mutant in found.items()} == {
        "+    return sum(prices) + -1": "killed",
        "+    return sum(prices) & 0": "killed",
        "+    return sum(prices) | 0": "survived",
    }
    assert {mutant.path for mutant in proof.mutants} == {"src/shop/price.py"}
    assert {mutant.line for mutant in proof.mutants} == {2}
    assert not made.registrations
