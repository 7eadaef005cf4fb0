"""The two commits of a proof, and how their trees are lent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.config import Config
from tracemill_gate.git import open_repository
from tracemill_gate.proof.side import Side, Site, Yard, ids_in, read_side
from tracemill_gate.proof.workspace import Tree

Git = Callable[..., str]
HEAD = Config(required=("unit",), source_roots=("folder",))


@pytest.mark.parametrize(
    ("settings", "roots"),
    [
        (None, ("folder",)),
        ("not toml", ("folder",)),
        ('[tool.tracemill.gate]\nrequired = ["unit"]\nsource_roots = ["."]\n', (".",)),
    ],
)
def test_a_commit_has_its_own_settings_or_those_of_head(
    repository: Path, git: Git, settings: str | None, roots: tuple[str, ...]
) -> None:
    if settings is not None:
        (repository / "pyproject.toml").write_text(settings)
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "settings")
    found = open_repository(repository)
    side = read_side(found, "base", found.commit("HEAD"), HEAD)
    assert side.roots == roots
    assert side.modules.get("b") == ("folder/b.py" if roots == ("folder",) else None)


def test_tests_of_a_commit_are_read_from_their_syntax(repository: Path, git: Git) -> None:
    text = "class C:\n    def test_in(self): ...\n\n\ndef test_a(): ...\n"
    (repository / "test_a.py").write_text(text)
    (repository / "test_b.py").write_text("def broken(:\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "tests")
    found = open_repository(repository)
    assert ids_in(found, "HEAD", "test_a.py") == {
        "test_a.py::C",
        "test_a.py::C::test_in",
        "test_a.py::test_a",
    }
    assert ids_in(found, "HEAD", "test_b.py") == frozenset()
    assert ids_in(found, "HEAD", "test_none.py") == frozenset()


def test_a_tree_is_lent_to_one_run_at_a_time(tmp_path: Path) -> None:
    side = Side(name="head", commit="0", paths=(), roots=(), modules={})
    sites = [Site(side=side, tree=Tree(top=tmp_path / name, commit="0")) for name in "ab"]
    lent: list[Site] = []
    most = 0

    async def use(yard: Yard) -> None:
        nonlocal most
        async with yard.lend("head") as site:
            assert site not in lent
            lent.append(site)
            most = max(most, len(lent))
            await asyncio.sleep(0)
            lent.remove(site)

    async def go(jobs: int) -> None:
        yard = Yard(sites, jobs=jobs)
        await asyncio.gather(*(use(yard) for _ in range(5)))

    for jobs in (1, 2, 9):
        most = 0
        asyncio.run(go(jobs))
        assert most == min(jobs, 2)
