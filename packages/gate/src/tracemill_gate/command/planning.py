# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands of the group ``spec`` that read and move planning files."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_gate.command.option import AS_JSON, FOLDER, tell, today

if TYPE_CHECKING:
    from tracemill_gate.planning.document import SpecDocument

DRAFT = click.Path(path_type=Path, dir_okay=False)


def _top(_context: click.Context, _option: click.Parameter, folder: Path) -> Path:
    """Return the top folder of the repository that holds a folder; without git, the folder."""
    from tracemill_gate.errors import NoGit, NotARepository
    from tracemill_gate.git import open_repository

    try:
        top = open_repository(folder).root
    except (NoGit, NotARepository):
        return folder
    return Path(os.path.relpath(top))  # paths that are told work where the command was called


AT_TOP = click.option(
    "--folder", type=FOLDER, default=Path(), callback=_top, help="A folder of the repository."
)


@click.command()
@click.argument("title")
@click.option("--from", "item", metavar="ITEM", help="An item of Brainstormed, or its candidate.")
@AT_TOP
def new(title: str, *, item: str | None, folder: Path) -> None:
    """Write a draft of a spec with every field and nothing filled in.

    \b
    Example:
      tracemill spec new "Leases survive a restart" --from "Longer runs"
    """
    from tracemill_gate.planning.draft import new as new_draft

    path = new_draft(folder, title, item=item)
    click.echo(f"{path}\nfill it in, then: tracemill spec promote {path}")


@click.command()
@click.argument("drafts", nargs=-1, type=DRAFT)
@AT_TOP
@AS_JSON
def lint(drafts: tuple[Path, ...], *, folder: Path, as_json: bool) -> None:
    """Lint specs, current.md and experiment cards, or what speaks against promoting DRAFTS.

    \b
    Example:
      tracemill spec lint
    """
    from tracemill_gate.experiment import lint as experiment
    from tracemill_gate.fault import Report, joined
    from tracemill_gate.planning.lint import lint as lint_planning
    from tracemill_gate.planning.promote import lint_draft

    if drafts:
        faults = [fault for path in drafts for fault in lint_draft(folder, path, day=today())]
        report = Report(checked=len(drafts), faults=tuple(faults))
        return tell(report, as_json=as_json, what="drafts")
    report = lint_planning(folder, day=today())
    if experiment.is_used(folder):
        report = joined((report, experiment.lint(folder)))
    return tell(report, as_json=as_json, what="planning files")


@click.command(name="format")
@AT_TOP
def format_files(*, folder: Path) -> None:
    """Write specs/*.md and current.md in the one canonical form.

    \b
    Example:
      tracemill spec format
    """
    from tracemill_gate.planning.form import format_all

    changed = format_all(folder)
    click.echo("\n".join(changed) or "all files are in canonical form")


@click.command()
@click.argument("draft", type=DRAFT)
@AT_TOP
def promote(draft: Path, *, folder: Path) -> None:
    """Make a complete DRAFT a spec, and move it from Brainstormed to Specd.

    If anything is missing, or an overlap with a live spec is not declared, nothing is changed.

    \b
    Example:
      tracemill spec promote specs/draft/0015-leases-survive.md
    """
    from tracemill_gate.planning.approval import command_for
    from tracemill_gate.planning.document import SPECS
    from tracemill_gate.planning.promote import promote as promote_draft

    promoted = promote_draft(folder, draft, day=today())
    do = command_for(promoted.document.spec.number)
    click.echo(f"{SPECS}/{promoted.name}\nhave it approved: {do}")


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--by", required=True, help="Who approved it.")
@click.option("--signal", required=True, help="The approval in its own words.")
@click.option("--expires-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the approval; today.")
@click.option(
    "--base", help="What the work starts from; by default as approved before, at first HEAD."
)
@AT_TOP
def approve(
    number: int,
    *,
    by: str,
    signal: str,
    expires_on: datetime.datetime,
    on: datetime.datetime | None,
    base: str | None,
    folder: Path,
) -> None:
    """Write an approval into spec NUMBER: it holds for exactly the text that is there now.

    An approval that is replaced keeps its base, so that what was done since stays on trial.

    \b
    Example:
      tracemill spec approve 15 --by owner --signal "issue 7" --expires-on 2027-01-31
    """
    from tracemill_gate.planning.approve import Word
    from tracemill_gate.planning.approve import approve as approve_spec
    from tracemill_schema.canonical import short

    day = today()
    word = Word(
        by=by, signal=signal, on=day if on is None else on.date(), expires_on=expires_on.date()
    )
    approval = approve_spec(folder, number, word, base=base, day=day)
    text, start = short(approval.spec_hash), short(approval.base_commit)
    click.echo(f"{number:04d} is approved until {approval.expires_on}: text {text}, base {start}")


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.argument("status", type=click.Choice(["in-progress", "done", "withdrawn", "approved"]))
@AT_TOP
def status(number: int, status: str, *, folder: Path) -> None:
    """Say in current.md how spec NUMBER stands: approved, in-progress, done; or withdrawn.

    \b
    Example:
      tracemill spec status 15 in-progress
    """
    from tracemill_gate.planning.progress import set_status

    before = set_status(folder, number, status, day=today())
    click.echo(f"{number:04d}: {before.status} -> {status}")


@click.command()
@AT_TOP
@AS_JSON
def graph(*, folder: Path, as_json: bool) -> None:
    """Show what can be worked on now, what can be done together, and what follows.

    \b
    Example:
      tracemill spec graph
    """
    from tracemill_gate.errors import SpecFaults
    from tracemill_gate.planning.graph import graph_of, lines
    from tracemill_gate.planning.plan import read_plan
    from tracemill_schema.canonical import canonical_bytes

    plan = read_plan(folder)
    if plan.unreadable:
        raise SpecFaults(plan.unreadable)
    found = graph_of(plan)
    click.echo(canonical_bytes(dataclasses.asdict(found)) if as_json else "\n".join(lines(found)))


@click.command()
@click.argument("spec", metavar="NUMBER_OR_PATH")
@AT_TOP
@AS_JSON
def show(spec: str, *, folder: Path, as_json: bool) -> None:
    """Show one spec, by its number or its file.

    \b
    Example:
      tracemill spec show 1
    """
    from tracemill_gate.planning.document import read
    from tracemill_gate.planning.plan import number_of, read_plan

    number = number_of(spec)
    if number is not None:
        file, entry = read_plan(folder).find(number)
        document, how = file.document, f", {entry.status}"
    else:
        document, how = read(Path(spec)), ""
    click.echo(document.spec.to_bytes() if as_json else "\n".join(_shown(document, how)))


@click.command(name="merge-advice")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@AT_TOP
@AS_JSON
def merge_advice(one: str, other: str, *, folder: Path, as_json: bool) -> None:
    """Say whether A and B had better be one: specs by number, drafts, items or candidates.

    \b
    Example:
      tracemill spec merge-advice 9 10
    """
    from tracemill_gate.planning.merge import advise, plank_of
    from tracemill_gate.planning.plan import read_plan
    from tracemill_schema.canonical import canonical_bytes

    plan = read_plan(folder)
    advice = advise(plank_of(plan, one), plank_of(plan, other))
    if as_json:
        click.echo(canonical_bytes(dataclasses.asdict(advice)))
        return
    for opinion in advice.opinions:
        click.echo(f"{'merge' if opinion.fires else '-':6} {opinion.rule:15} {opinion.why}")
    click.echo("advice: merge them" if advice.merge else "advice: keep them apart")


def _shown(document: SpecDocument, how: str) -> Iterator[str]:
    """Yield a spec as text for a person."""
    found = document.spec
    approval = found.approval
    word = f"approved by {approval.by} until {approval.expires_on}" if approval else "not approved"
    yield f"{found.number:04d}: {found.title} ({found.kind}{how}, {word})"
    yield f"changes     {found.behaviour_change}"
    yield f"for         {found.user_intent}"
    shape = found.diff_shape
    rows = (
        ("unchanged", found.must_stay_unchanged),
        *((file.kind, (file.path,)) for file in found.files_to_touch),
        ("fails first", found.fail_first_tests),
        ("passes", found.regression_tests),
        ("at", tuple(f"{point.path}::{point.name}" for point in found.touch_points)),
        ("never", tuple(f"{goal.kind}: {goal.text}" for goal in found.non_goals)),
        ("lines", (f"{shape.lines_min} to {shape.lines_max}",)),
        ("watches", found.invalidation_watch),
        ("roll back", (found.rollback_trigger,)),
    )
    for name, values in rows:
        yield from (f"{name:11} {value}" for value in values)
    for section in document.sections:
        yield f"\n## {section.name}\n\n{section.text}"
