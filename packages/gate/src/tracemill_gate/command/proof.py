# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command ``spec prove``."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_gate.command.option import AS_JSON, IN_TREE

if TYPE_CHECKING:
    from types import FrameType

    from tracemill_gate.git import Repository
    from tracemill_gate.proof.prove import Proof
    from tracemill_schema.spec import Spec


@click.command()
@click.argument("spec", required=False)
@click.option("--base", metavar="REV", help="Compare with the merge base of this revision.")
@click.option(
    "--limit",
    "limit_s",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds that one process of tests may take.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Processes at the same time.",
)
@click.option(
    "--mutants",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Plant N faults into the touched functions and tell which the tests miss.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses the faults.")
@IN_TREE
@AS_JSON
def prove(
    spec: str | None,
    *,
    base: str | None,
    limit_s: float,
    jobs: int,
    mutants: int,
    seed: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Prove that the tests of SPEC fail at the base and pass at HEAD.

    SPEC is a number or a file; without it, all specs of the change are proved together. Exit code
    0: proved. 2: violated. 3: could not judge.

    \b
    Example:
      tracemill spec prove 12
    """
    _require_pytest()
    from tracemill_gate.base import base_of
    from tracemill_gate.config import read_config
    from tracemill_gate.git import open_repository
    from tracemill_gate.proof.prove import Options
    from tracemill_gate.proof.prove import prove as prove_specs

    repository = open_repository(folder)
    repository.require_clean()
    point = base_of(repository, read_config(repository.root), base)
    specs, beside = _specs(repository, spec, point)
    if all(one.kind == "planning" for one in specs):
        _tell_planning(specs, as_json=as_json)
        return
    with _ended_politely():
        found = prove_specs(
            repository,
            specs,
            beside=beside,
            base=point,
            options=Options(limit_s=limit_s, jobs=jobs, mutants=mutants, seed=seed),
            inherited=os.environ,
            tell=_tell_progress,
        )
    _tell(found, as_json=as_json)


def _require_pytest() -> None:
    """Refuse an environment without pytest; the gate itself does not depend on it.

    Raises:
        ToolMissing: it is not installed.
    """
    from tracemill_gate.errors import ToolMissing

    if importlib.util.find_spec("pytest") is None:
        raise ToolMissing(
            "wanted pytest in the environment that this runs in, got none; install it there with "
            "what the tests need"
        )


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let SIGTERM and SIGHUP do what Ctrl-C does, so that nothing stays behind.

    A signal that is ignored, as SIGHUP is under nohup, stays so.
    """
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number, handler in before.items() if handler != signal.SIG_IGN]
    for number in heard:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Do what Ctrl-C would do now, also where SIGINT itself is ignored."""
    handler = signal.getsignal(signal.SIGINT)
    (handler if callable(handler) else signal.default_int_handler)(number, frame)


def _specs(
    repository: Repository, named: str | None, base: str
) -> tuple[Sequence[Spec], Sequence[Spec]]:
    """Return the specs to prove, and those beside them whose announcements count.

    Specs of kind planning have no tests, and are left out beside others.
    """
    from tracemill_gate.change.scope import specs_of_change
    from tracemill_gate.errors import NothingToCompare
    from tracemill_gate.proof.declaration import relied_on

    on_trial = [planned.spec for planned in specs_of_change(repository, base)]
    if named is not None:
        spec = _named(repository, named)
        return [spec], relied_on(spec, on_trial)
    if not on_trial:
        raise NothingToCompare(
            "wanted a spec that is in progress or was finished since the base, got none; "
            "name one, or give the spec of this change its status in current.md"
        )
    return [spec for spec in on_trial if spec.kind == "change"] or on_trial, ()


def _named(repository: Repository, named: str) -> Spec:
    from tracemill_gate.errors import CannotJudge, SpecFaults, UnreadableSpec
    from tracemill_gate.planning.document import read

    found = [Path(named)]
    if named.isdigit():
        found = sorted((repository.root / "specs").glob(f"{int(named):04d}-*.md"))
    if not found or not found[0].is_file():
        raise CannotJudge(f"wanted the number or the file of a spec, got {named}")
    try:
        return read(found[0]).spec
    except SpecFaults as error:
        raise UnreadableSpec(str(error)) from error


def _tell_planning(specs: Sequence[Spec], *, as_json: bool) -> None:
    """Say of specs of kind planning why nothing needs proof."""
    from tracemill_gate.fault import Report
    from tracemill_schema.canonical import canonical_bytes

    numbers = [spec.number for spec in specs]
    if as_json:
        click.echo(canonical_bytes({"planning": numbers, "proved": True, "verdicts": []}))
        return
    for number in numbers:
        click.echo(f"spec {number:04d} is of kind planning: it changes no behaviour to be proved")
    click.echo(Report(checked=len(numbers), faults=()).summary)


def _tell_progress(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(line, err=True)


def _tell(proof: Proof, *, as_json: bool) -> None:
    """Print the proof.

    Raises:
        ProofViolated: a test is not as its specs say.
        MissingModule: nothing but a missing third-party module stands against the proof.
    """
    from tracemill_gate.errors import MissingModule, ProofViolated
    from tracemill_gate.proof.table import lines
    from tracemill_schema.canonical import canonical_bytes

    failed = proof.failed
    if as_json:
        click.echo(canonical_bytes({**dataclasses.asdict(proof), "proved": not failed}))
    else:
        click.echo("\n".join(lines(proof)))
    if any(verdict.kind != "ENVIRONMENT" for verdict in failed):
        raise ProofViolated(f"{len(failed)} of {len(proof.verdicts)} tests are not as specified")
    if failed:
        raise MissingModule(f"{failed[0].id}: {failed[0].reason}; install it, then run this again")
