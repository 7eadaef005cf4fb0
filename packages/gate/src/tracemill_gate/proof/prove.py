"""The proof, whole: named tests -> two trees -> four runs of each file -> a verdict on each test.

named tests of the specs; the base and HEAD                         plan, selection, side
a worktree of each side, with HEAD's test files                     workspace, frozen
each file twice at each side, in company or by itself               company, runner
with its tree and third-party packages alone                        environment, settings
every module of the repository came from its tree, or no verdict    (here)
a verdict on each test                                              observation, verdict
faults planted into the touched functions, if asked for             mutant, survival
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tracemill_gate.errors import LeakedModule
from tracemill_gate.git import Repository
from tracemill_gate.proof.company import Company, Tell, all_runs, companies
from tracemill_gate.proof.environment import install_probe, packages_lack_bytecode
from tracemill_gate.proof.frozen import digests
from tracemill_gate.proof.mutant import Mutation, mutations_of
from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.plan import Plan, plan_of
from tracemill_gate.proof.runner import Ground, Order, Stopwatch, run
from tracemill_gate.proof.settings import lay, settings_of
from tracemill_gate.proof.side import Site, Yard
from tracemill_gate.proof.survival import Mutant, orders_for, try_all
from tracemill_gate.proof.verdict import Verdict, is_flake
from tracemill_gate.proof.workspace import scratch, worktrees
from tracemill_schema.canonical import content_id
from tracemill_schema.spec import Spec


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a proof is made.

    Attributes:
        limit_s: Seconds that one process of tests may take.
        jobs: Processes at the same time.
        mutants: Faults to plant when all is proved.
        seed: Chooses among them.
    """

    limit_s: float = 300.0
    jobs: int = 2
    mutants: int = 0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Seconds:
    """Where the time went.

    Attributes:
        total: From start to end.
        tests: While a process of tests was running.
        overhead: The rest: trees made, put back and removed; verdicts.
    """

    total: float
    tests: float
    overhead: float


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was found.

    Attributes:
        base: Commit that HEAD was compared with.
        head: Commit on trial.
        specs: Numbers of the specs.
        verdicts: One for each named test, those that fail first in front.
        runs: The runs of each file that its verdicts rest on.
        processes: Number of processes of tests that were started.
        digests: Test file -> SHA-256 of its bytes, the same at both sides.
        frozen: Digest of all frozen files with their paths, the same at both sides.
        mutants: Planted faults and what became of them.
        seconds: Where the time went.
    """

    base: str
    head: str
    specs: tuple[int, ...]
    verdicts: tuple[Verdict, ...]
    runs: tuple[Run, ...]
    processes: int
    digests: Mapping[str, str]
    frozen: str
    mutants: tuple[Mutant, ...]
    seconds: Seconds

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that are not as the specs say."""
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)


def prove(
    repository: Repository,
    specs: Sequence[Spec],
    *,
    base: str,
    options: Options,
    inherited: Mapping[str, str],
    tell: Tell,
    beside: Sequence[Spec] = (),
) -> Proof:
    """Prove that the tests of specs fail at the base and pass at HEAD.

    Args:
        repository: The repository; its working tree is not touched.
        specs: What is to be proved.
        base: Id of the commit to compare HEAD with.
        options: How.
        inherited: The caller's environment.
        tell: Is given a line for each process that ended.
        beside: Further specs on trial whose announcements count.

    Raises:
        GateUsage: no spec names a test that fails first.
        DirtyTree: HEAD is not what lies in the working tree.
        BaseHoldsHead: there is nothing between the base and HEAD.
        LeakedModule: a module of the repository came from elsewhere.
        CannotJudge: git refused, or a tool is not installed.
    """
    started = time.monotonic()
    plan = plan_of(repository, specs, base=base, beside=beside)
    with _laid_out(plan, options.jobs, inherited) as bench:
        runs, mutants = asyncio.run(_carried_out(bench, options, tell))
    total = time.monotonic() - started
    busy = bench.watch.busy
    return Proof(
        base=plan.base.commit,
        head=plan.head.commit,
        specs=tuple(spec.number for spec in specs),
        verdicts=plan.judged(runs),
        runs=runs,
        processes=bench.watch.started,
        digests={file: bench.ground.frozen[file] for file in plan.files},
        frozen=content_id(dict(bench.ground.frozen)),
        mutants=mutants,
        seconds=Seconds(total=total, tests=busy, overhead=total - busy),
    )


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """Where it is run: the trees, HEAD's last, and what the runs have in common."""

    plan: Plan
    sites: tuple[Site, ...]
    ground: Ground
    watch: Stopwatch


@contextmanager
def _laid_out(plan: Plan, jobs: int, inherited: Mapping[str, str]) -> Iterator[_Bench]:
    """Make as many trees as are used at one time; those of the base get HEAD's test files."""
    count = max(1, min((jobs + 1) // 2, len(plan.files)))
    sides = [side for side in (plan.base, plan.head) for _ in range(count)]
    with scratch() as folder:
        install_probe(folder / "probe")
        places = [(folder / str(i) / "tree", side.commit) for i, side in enumerate(sides)]
        with worktrees(plan.repository, places) as trees:
            for tree in trees[:count]:
                tree.freeze(plan.frozen, plan.head.commit, (*plan.base.paths, *plan.head.paths))
            settings = {settings_of(file, trees[-1].top) for file in plan.files}
            for tree in trees:
                tree.settle([lay(one, tree.top) for one in settings])
            frozen = [path for path in plan.head.paths if path in plan.frozen]
            yield _Bench(
                plan=plan,
                sites=tuple(Site(side=s, tree=t) for s, t in zip(sides, trees, strict=True)),
                ground=Ground(
                    folder=folder,
                    probe_folder=folder / "probe",
                    inherited=inherited,
                    own=tuple(plan.own),
                    frozen=digests(trees[-1].top, frozen),
                    bytecode=folder / "bytecode" if packages_lack_bytecode() else None,
                ),
                watch=Stopwatch(),
            )


async def _carried_out(
    bench: _Bench, options: Options, tell: Tell
) -> tuple[tuple[Run, ...], tuple[Mutant, ...]]:
    plan = bench.plan
    yard = Yard(bench.sites, jobs=options.jobs)
    orders = [
        Order(
            file=file,
            wanted=tuple(test.id for test in named),
            settings=settings_of(file, bench.sites[-1].tree.top),
            limit_s=options.limit_s,
        )
        for file, named in plan.files.items()
    ]

    async def once(site: Site, company: Company, repeat: int) -> tuple[Run, ...]:
        return await run(site, company, bench.ground, bench.watch, repeat=repeat)

    async def alone(site: Site, order: Order) -> Run:
        return (await once(site, (order,), 1))[0]

    runs = await all_runs(
        companies(orders, plan.head.paths),
        yard,
        once=once,
        unsettled=lambda found: _unsettled(plan, found),
        tell=tell,
    )
    refuse_leaks(runs)
    if not options.mutants or not all(verdict.holds for verdict in plan.judged(runs)):
        return runs, ()
    chosen, sources = _faults(plan, options)
    stricter = orders_for(orders, plan.tests, runs)
    return runs, await try_all(chosen, sources, stricter, yard, alone)


def refuse_leaks(runs: Sequence[Run]) -> None:
    """Refuse runs that loaded a module of the repository from outside their tree.

    Raises:
        LeakedModule: naming the first.
    """
    for done in runs:
        for module in done.leaked:
            raise LeakedModule(
                f"{done.file} at the {done.side}: wanted the module {module} from that tree, got "
                f"{done.modules[module]}; uninstall what put it there, or keep the tests from "
                "adding to sys.path, then run this again"
            )


def _unsettled(plan: Plan, runs: Sequence[Run]) -> set[str]:
    """Return the files that must be run by themselves.

    A test that two runs in the same company do not agree on is a flake, and gets no second chance.
    """
    marked = {done.file for done in runs if done.ended or done.changed or done.leaked}
    wrong = (verdict for verdict in plan.judged(runs) if not verdict.holds)
    return marked | {verdict.path for verdict in wrong if not is_flake(verdict)}


def _faults(plan: Plan, options: Options) -> tuple[tuple[Mutation, ...], dict[str, str]]:
    """Choose faults to plant; return them with the sources of HEAD that they go into."""
    paths = sorted(path for path in plan.head.modules.values() if path not in plan.frozen)
    sources = {path: plan.repository.show(plan.head.commit, path) or b"" for path in paths}
    words = ("diff", "-U0", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/")
    diff = plan.repository.text(*words, plan.base.commit, plan.head.commit)
    chosen = mutations_of(plan.specs, sources, diff=diff, count=options.mutants, seed=options.seed)
    return chosen, {one.path: sources[one.path].decode() for one in chosen}
