"""``tracemill run`` and ``tracemill status``."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from tracemill.errors import SettingsError
from tracemill.pipeline import run_pipeline, stages
from tracemill.queue import Queue, state_folder
from tracemill.settings import Settings, load
from tracemill.standing import standing_of
from tracemill.summary import lines, summarise
from tracemill.watch import ConsoleWatcher, JsonWatcher
from tracemill.workspace import fresh, locked, newest
from tracemill_worker.cli import run_commands

STAGES = tuple(stage.name for stage in stages(Settings()))
DEFAULT_FILE = Path("tracemill.toml")
TABLES = click.option(
    "--table",
    "tables",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A CSV file of your own instead of the settings' tables; may be given again.",
)


class FlowGroup(click.Group):
    """A group whose first argument may be a settings file: then it is ``flow`` that is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``flow`` before arguments that name no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["flow", *args]
        return super().parse_args(ctx, args)


@click.group(cls=FlowGroup)
def run() -> None:
    """Go from tables to a rehearsal bundle, or look at the runs that this made.

    ``tracemill run [SETTINGS]`` is short for ``tracemill run flow [SETTINGS]``.

    \b
    Example:
      tracemill run --table penguins.csv
    """


@run.command()
@click.argument("settings_file", required=False, type=click.Path(path_type=Path))
@TABLES
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to work in.  [default: the newest tracemill-NAME here]",
)
@click.option("--fresh", "start_fresh", is_flag=True, help="Start in a new folder.")
@click.option("--until", type=click.Choice(STAGES), help="Stop after this stage.")
@click.option("--json", "as_json", is_flag=True, help="Print events and the summary as JSON lines.")
def flow(
    settings_file: Path | None,
    tables: tuple[Path, ...],
    workspace: Path | None,
    *,
    start_fresh: bool,
    until: str | None,
    as_json: bool,
) -> None:
    """Run every stage whose inputs changed; what is done is skipped.

    SETTINGS_FILE is TOML; without one ./tracemill.toml is read if it exists.

    \b
    Example:
      tracemill run flow settings.toml --until dataset
    """
    settings = choose_settings(settings_file, tables)
    here = Path.cwd()
    folder = workspace or (fresh if start_fresh else newest)(here, settings.name)
    watcher = JsonWatcher() if as_json else ConsoleWatcher(total=_count(until))
    with locked(folder):
        if not as_json:
            click.echo(f"workspace {folder}")
        with Queue(folder.resolve(), state=state_folder(here)) as queue, watcher.showing():
            run_pipeline(settings, folder, execute=queue.execute, watcher=watcher, until=until)
        if until is None or until == STAGES[-1]:
            _print_summary(settings, folder, as_json=as_json)
        elif not as_json:
            left = next(s for s in stages(settings) if s.name == until).leaves[0]
            click.echo(f"stopped after {until}, see {folder / left}; without --until it goes on")


@click.command()
@click.argument("settings_file", required=False, type=click.Path(path_type=Path))
@TABLES
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to look at.  [default: the newest tracemill-NAME here]",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each stage.")
def status(
    settings_file: Path | None, tables: tuple[Path, ...], workspace: Path | None, *, as_json: bool
) -> None:
    """Show which stages of a workspace are done, and why the others have to run.

    \b
    Example:
      tracemill status settings.toml
    """
    settings = choose_settings(settings_file, tables)
    folder = workspace or newest(Path.cwd(), settings.name)
    if not folder.is_dir():
        raise SettingsError(f"{folder}: wanted a workspace, got no such folder; run: tracemill run")
    if not as_json:
        click.echo(f"workspace {folder}")
    watcher = JsonWatcher() if as_json else ConsoleWatcher(total=len(STAGES))
    for stage in stages(settings):
        standing = standing_of(stage, folder)
        if standing.stale is None and standing.stamp is not None:
            watcher.skipped(standing.stage, standing.stamp)
        else:
            watcher.waiting(standing.stage, standing.stale or "not finished before")


def choose_settings(settings_file: Path | None, tables: tuple[Path, ...]) -> Settings:
    """Return the settings to run with; tables of the command line replace the file's.

    Raises:
        SettingsError: if the file or a table cannot be used.
    """
    path = settings_file or (DEFAULT_FILE if DEFAULT_FILE.exists() and not tables else None)
    settings = load(path) if path else Settings()
    if not tables:
        return settings
    for table in tables:
        if not table.is_file():
            raise SettingsError(f"{table}: wanted a CSV file, got no such file; check --table")
        if not os.access(table, os.R_OK):
            raise SettingsError(f"{table}: wanted a readable file; check its rights")
    named = {} if path else {"name": _name_of(tables[0])}
    return settings.model_copy(
        update={"tables": tuple(str(table.resolve()) for table in tables), **named}
    )


def _name_of(table: Path) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", table.stem.lower()).strip("-")[:32]
    taken = words == Settings().name or not words[:1].isalpha()
    return f"table-{words}".rstrip("-") if taken else words


def _count(until: str | None) -> int:
    return len(STAGES) if until is None else STAGES.index(until) + 1


def _print_summary(settings: Settings, folder: Path, *, as_json: bool) -> None:
    summary = summarise(folder, tuple(standing_of(stage, folder) for stage in stages(settings)))
    if as_json:
        click.echo(summary.to_bytes().decode())
    else:
        click.echo("\n".join(lines(summary)))


for _command in run_commands:
    run.add_command(_command)
