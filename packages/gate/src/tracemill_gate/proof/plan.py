"""What a proof runs and judges: the named tests, their files, and both commits.

The specs on trial announce as one: a test of one of them may miss at the base what another brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracemill_gate.config import read_config
from tracemill_gate.errors import BaseHoldsHead
from tracemill_gate.git import Repository
from tracemill_gate.proof.declaration import declaration
from tracemill_gate.proof.environment import importable
from tracemill_gate.proof.frozen import FrozenFiles, frozen_for
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.selection import NamedTest, by_file, named_tests
from tracemill_gate.proof.side import Side, ids_in, read_side
from tracemill_gate.proof.verdict import Circumstances, Verdict, judge
from tracemill_schema.spec import Spec


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be run and judged.

    Attributes:
        repository: The repository.
        specs: What is to be proved.
        announcing: All specs of which the announcements count.
        tests: The tests that ``specs`` name.
        files: Test file -> its tests, of those files that HEAD has.
        base: The commit to compare with.
        head: The commit on trial.
        frozen: The test files.
    """

    repository: Repository
    specs: tuple[Spec, ...]
    announcing: tuple[Spec, ...]
    tests: tuple[NamedTest, ...]
    files: Mapping[str, tuple[NamedTest, ...]]
    base: Side
    head: Side
    frozen: FrozenFiles

    @property
    def own(self) -> dict[str, str]:
        """The repository's own modules, of both commits."""
        return {**self.base.modules, **self.head.modules}

    @cached_property
    def around(self) -> Circumstances:
        """What all verdicts have in common; it is read from the base only once."""
        return Circumstances(
            tests=self.tests,
            told=declaration(self.announcing),
            frozen=self.frozen,
            own={**importable(self.base.paths), **importable(self.head.paths), **self.own},
            modules={**_tested(self.head.paths, self.frozen), **self.head.modules},
            at_base={f: ids_in(self.repository, self.base.commit, f) for f in self.files},
            edited=self._edited(),
        )

    def _edited(self) -> frozenset[str]:
        words = ("diff", "-z", "--name-only", "--no-renames")
        return frozenset(self.repository.lines(*words, self.base.commit, self.head.commit))

    def judged(self, runs: Sequence[Run]) -> tuple[Verdict, ...]:
        """Return the verdict on each test by the runs of its file."""
        found = {file: [done for done in runs if done.file == file] for file in self.files}
        return tuple(judge(test, found.get(test.path, ()), self.around) for test in self.tests)


def _tested(paths: Sequence[str], frozen: FrozenFiles) -> dict[str, str]:
    return importable([path for path in paths if path not in frozen])


def plan_of(
    repository: Repository, specs: Sequence[Spec], *, base: str, beside: Sequence[Spec] = ()
) -> Plan:
    """Read what is to be proved.

    Args:
        repository: The repository.
        specs: What is to be proved.
        base: Id of the commit to compare HEAD with.
        beside: Further specs on trial whose announcements count.

    Raises:
        GateUsage: no spec names a test that fails first.
        DirtyTree: HEAD is not what lies in the working tree.
        BaseHoldsHead: there is nothing between the base and HEAD.
    """
    tests = named_tests(specs)
    repository.require_clean()
    head = repository.commit("HEAD")
    if repository.is_ancestor(head, base):
        raise BaseHoldsHead(
            f"{repository.root}: wanted a base before HEAD ({head[:12]}), got {base[:12]}, which "
            "holds it; name the commit that the change began from with --base"
        )
    config = read_config(repository.root)
    old = read_side(repository, "base", base, config)
    new = read_side(repository, "head", head, config)
    present = set(new.paths)
    files = {file: named for file, named in by_file(tests).items() if file in present}
    return Plan(
        repository=repository,
        specs=tuple(specs),
        announcing=(*specs, *beside),
        tests=tests,
        files=files,
        base=old,
        head=new,
        frozen=frozen_for(files, (*old.paths, *new.paths)),
    )
