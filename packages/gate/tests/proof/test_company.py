"""Which files share a process, and when company is not enough."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tracemill_gate.proof.company import Company, all_runs, companies
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.runner import Order
from tracemill_gate.proof.settings import NONE, PytestSettings
from tracemill_gate.proof.side import Side, Site, Yard
from tracemill_gate.proof.workspace import Tree

OTHER = PytestSettings(path="setup.cfg", data=b"")


def order(file: str, settings: PytestSettings = NONE) -> Order:
    return Order(file=file, wanted=(f"{file}::t",), settings=settings, limit_s=9.0)


GROUPS = [
    # orders, files of HEAD, who shares a process with whom
    ([order("tests/a.py"), order("tests/deep/b.py")], [], [["tests/a.py", "tests/deep/b.py"]]),
    ([order("x/tests/a.py"), order("y/tests/b.py")], [], [["x/tests/a.py"], ["y/tests/b.py"]]),
    (
        [order("tests/a.py"), order("tests/deep/b.py"), order("tests/c.py")],
        ["conftest.py", "tests/deep/conftest.py", "tests/deep/my_conftest.py"],
        [["tests/a.py", "tests/c.py"], ["tests/deep/b.py"]],
    ),
    (
        [order("tests/a.py"), order("tests/deep/b.py")],
        ["tests/conftest.py"],
        [["tests/a.py", "tests/deep/b.py"]],
    ),
    ([order("tests/a.py"), order("tests/b.py", OTHER)], [], [["tests/a.py"], ["tests/b.py"]]),
    ([order("a.py"), order("b.py"), order("x/c.py")], [], [["a.py", "b.py"], ["x/c.py"]]),
]


@pytest.mark.parametrize(("orders", "paths", "wanted"), GROUPS)
def test_files_share_a_process_if_all_around_them_is_the_same(
    orders: list[Order], paths: list[str], wanted: list[list[str]]
) -> None:
    found = companies(orders, paths)
    assert [[one.file for one in company] for company in found] == wanted


Carried = tuple[tuple[Run, ...], list[str]]


@pytest.fixture
def carried(tmp_path: Path) -> Callable[..., Carried]:
    """Return a function that runs a, b together and c; files that end early are given."""

    def make(unsettled: set[str], ended: Sequence[str] = ()) -> Carried:
        told: list[str] = []
        sites = [
            Site(
                side=Side(name=name, commit="0", paths=(), roots=(), modules={}),
                tree=Tree(top=tmp_path, commit="0"),
            )
            for name in ("base", "head")
        ]

        async def once(site: Site, company: Company, repeat: int) -> tuple[Run, ...]:
            files = [one.file for one in company]
            end = "signal SIGSEGV" if set(files).intersection(ended) else ""
            seconds = float(len(files))
            return tuple(
                Run(file=f, side=site.side.name, repeat=repeat, seconds=seconds, ended=end)
                for f in files
            )

        async def go() -> tuple[Run, ...]:
            yard = Yard(sites, jobs=1)
            together = [(order("a"), order("b")), (order("c"),)]
            return await all_runs(
                together, yard, once=once, unsettled=lambda _: unsettled, tell=told.append
            )

        return asyncio.run(go()), told

    return make


def test_each_file_runs_twice_at_each_side(carried: Callable[..., Carried]) -> None:
    runs, told = carried(set())
    for file, seconds in (("a", 2.0), ("b", 2.0), ("c", 1.0)):
        found = [(run.side, run.repeat, run.seconds) for run in runs if run.file == file]
        wanted = [(side, n, seconds) for side in ("head", "base") for n in (1, 2)]
        assert found == wanted
    assert sorted(told) == [
        "a and 1 more at the base, run 1: 2.0 s",
        "a and 1 more at the base, run 2: 2.0 s",
        "a and 1 more at the head, run 1: 2.0 s",
        "a and 1 more at the head, run 2: 2.0 s",
        "c at the base, run 1: 1.0 s",
        "c at the base, run 2: 1.0 s",
        "c at the head, run 1: 1.0 s",
        "c at the head, run 2: 1.0 s",
    ]


def test_what_company_does_not_settle_is_run_by_itself_and_only_that_counts(
    carried: Callable[..., Carried],
) -> None:
    runs, told = carried({"b", "c"})
    took = {file: [run.seconds for run in runs if run.file == file] for file in "abc"}
    assert took == {"a": [2.0] * 4, "b": [1.0] * 4, "c": [1.0] * 4}
    assert len(told) == 8 + 4  # c had no company: it is not tried again


def test_what_ended_early_is_not_tried_a_second_time(carried: Callable[..., Carried]) -> None:
    runs, _ = carried({"a", "b"}, ended=["a"])
    found = {file: [(r.side, r.ended) for r in runs if r.file == file] for file in "ab"}
    assert found["a"] == [("head", "signal SIGSEGV"), ("base", "signal SIGSEGV")]
    assert found["b"] == [("head", ""), ("head", ""), ("base", ""), ("base", "")]
