"""``tracemill db``, ``tracemill worker`` and the commands about runs for ``tracemill run``.

``run_commands`` is a tuple: whoever composes the command line mounts them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tracemill_schema.run import Run
    from tracemill_worker.postgres import PostgresStore

F = TypeVar("F", bound=Callable[..., Any])
STATES = ("pending", "running", "succeeded", "failed", "cancelled", "dead")


def _with_state(command: F) -> F:
    """Add the options that say which store is meant."""
    command = click.option(
        "--state",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(".tracemill"),
        show_default=True,
        envvar="TRACEMILL_STATE",
        help="The project's state folder; its embedded database lies there.",
    )(command)
    return click.option(
        "--database-url",
        envvar="TRACEMILL_DATABASE_URL",
        help="A PostgreSQL server of your own instead of the embedded one.",
    )(command)


def _with_json(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


@contextmanager
def _store(state: Path, database_url: str | None) -> Iterator[PostgresStore]:
    from tracemill_worker.connect import open_store  # noqa: PLC0415 - keeps --help fast

    with open_store(state, database_url) as store:
        yield store


def _no_runs(state: Path, database_url: str | None) -> str | None:
    """Return what to say where nothing was ever queued: a look must not make a database."""
    if database_url or (state / "postgres.json").is_file():
        return None
    return f"no runs here: {state} holds no database; name another with --state"


@contextmanager
def _look(state: Path, database_url: str | None) -> Iterator[PostgresStore]:
    """Open the store for a moment; a server that this started is stopped again."""
    from tracemill_worker.connect import open_store  # noqa: PLC0415 - keeps --help fast
    from tracemill_worker.errors import NoRunsHere  # noqa: PLC0415

    if (text := _no_runs(state, database_url)) is not None:
        raise NoRunsHere(text)
    with open_store(state, database_url, stop_at_end=True) as store:
        yield store


def _checked(database_url: str | None) -> str | None:
    from tracemill_worker.connect import checked_url  # noqa: PLC0415 - keeps --help fast

    return checked_url(database_url) if database_url else None


@click.group()
def db() -> None:
    """Start, stop and look at the database that keeps the runs.

    \b
    Example:
      tracemill db status
    """


@db.command("start")
@_with_state
def start(state: Path, database_url: str | None) -> None:
    """Start the embedded database (or join it) and bring its tables to this version.

    It goes on until `tracemill db stop`.

    \b
    Example:
      tracemill db start --state .tracemill
    """
    from tracemill_worker import embedded  # noqa: PLC0415 - keeps --help fast

    with _store(state, database_url) as store:
        if not database_url:
            embedded.keep(state)
        click.echo(f"ready, tables of revision {store.revision()}")


@db.command("stop")
@_with_state
def stop(state: Path, database_url: str | None) -> None:
    """Stop the embedded database cleanly; runs stay where they are.

    \b
    Example:
      tracemill db stop
    """
    from tracemill_worker import embedded  # noqa: PLC0415 - keeps --help fast
    from tracemill_worker.errors import RunRefused  # noqa: PLC0415

    if database_url:
        raise RunRefused(
            "tracemill db stop: only the embedded database is stopped here; "
            "unset TRACEMILL_DATABASE_URL, or stop your own server yourself"
        )
    click.echo("stopped" if embedded.stop(state) else "was not running")


@db.command("status")
@_with_state
@_with_json
def status(state: Path, database_url: str | None, *, as_json: bool) -> None:
    """Say where the database is, whether it runs, and how many runs stand in each state.

    \b
    Example:
      tracemill db status --json
    """
    from tracemill_worker import embedded  # noqa: PLC0415 - keeps --help fast
    from tracemill_worker.postgres import PostgresStore  # noqa: PLC0415

    url = _checked(database_url)
    values: dict[str, object] = {"embedded": not database_url, "running": bool(database_url)}
    if not database_url and (server := embedded.find(state)) is not None:
        url = server.url
        values |= {
            "running": True,
            "data": str(server.place.data),
            "port": server.port,
            "pid": server.pid,
        }
    if url:
        store = PostgresStore(lambda: url)
        try:
            revision = store.revision()
            values |= {"revision": revision, "runs": store.counts() if revision else {}}
        finally:
            store.close()
    if as_json:
        click.echo(json.dumps(values))
        return
    for name, value in values.items():
        click.echo(f"{name:<9} {value}")


@db.command("migrate")
@_with_state
def migrate(state: Path, database_url: str | None) -> None:
    """Bring the tables to this version; needed by hand only on a server of your own.

    \b
    Example:
      TRACEMILL_DATABASE_URL=postgresql://me@db.example/runs tracemill db migrate
    """
    from tracemill_worker import embedded  # noqa: PLC0415 - keeps --help fast
    from tracemill_worker.postgres import PostgresStore  # noqa: PLC0415

    url = _checked(database_url)
    store = PostgresStore(lambda: url or embedded.start(state).url)
    try:
        before = store.revision()
        store.upgrade()
        click.echo(f"tables of revision {store.revision()} (before: {before or 'none'})")
    finally:
        store.close()


@db.command("psql", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
@_with_state
def psql(arguments: tuple[str, ...], state: Path, database_url: str | None) -> None:
    """Open psql on the database; further arguments go to psql.

    \b
    Example:
      tracemill db psql -c "select id, kind, state from tracemill.runs"
    """
    from tracemill_worker import embedded  # noqa: PLC0415 - keeps --help fast
    from tracemill_worker.place import installed  # noqa: PLC0415

    url = _checked(database_url) or embedded.start(state).url
    program = installed() / "bin" / "psql"
    os.execv(program, (str(program), *_split_secret(url), *arguments))  # noqa: S606 - no shell


def _split_secret(url: str) -> tuple[str, ...]:
    """Hand the password over in the environment: everybody can read a command line."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - keeps --help fast

    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    password = parts.pop("password", None)
    if password is not None:
        os.environ["PGPASSWORD"] = str(password)
    return ("-d", make_conninfo(**parts))


@click.group()
def worker() -> None:
    """Work on queued runs, and see who does.

    \b
    Example:
      tracemill worker run --workspace demo
    """


@worker.command("run")
@_with_state
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default=True,
    help="Folder that a run's paths are relative to, if it names none.",
)
@click.option("--until-idle", is_flag=True, help="End when nothing is pending.")
def run_worker(state: Path, database_url: str | None, workspace: Path, *, until_idle: bool) -> None:
    """Claim runs one after the other and work on them; SIGTERM ends after the current one.

    \b
    Example:
      tracemill worker run --workspace demo --until-idle
    """
    from tracemill_worker.loop import Worker  # noqa: PLC0415 - keeps --help fast

    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    with _store(state, database_url) as store:
        working = Worker(
            store=store,
            workspace=workspace,
            on_line=click.echo,
            on_run=lambda run: click.echo(_line(run), err=True),
            on_pause=lambda text: click.echo(text, err=True),
        )
        if until_idle:
            working.run_until_idle()
        else:
            working.run_forever(lambda: bool(stop))


@worker.command("status")
@_with_state
@_with_json
def worker_status(state: Path, database_url: str | None, *, as_json: bool) -> None:
    """Show the live workers and how many runs wait.

    \b
    Example:
      tracemill worker status
    """
    if (text := _no_runs(state, database_url)) is not None:
        click.echo(json.dumps({"workers": [], "runs": {}}) if as_json else text)
        return
    with _look(state, database_url) as store:
        running = store.list(state="running")
        counts = store.counts()
    if as_json:
        workers = [{"worker": run.worker, "run": run.id, "kind": run.kind} for run in running]
        click.echo(json.dumps({"workers": workers, "runs": counts}))
        return
    for run in running:
        click.echo(f"{run.worker}  run {run.id} ({run.kind}) since {run.started_at}")
    click.echo(f"{len(running)} working, {counts.get('pending', 0)} pending")


@click.command("list")
@_with_state
@click.option("--only", type=click.Choice(STATES), help="Only runs in this state.")
@click.option("--kind", help="Only runs of this kind.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@_with_json
def list_runs(
    state: Path,
    database_url: str | None,
    only: str | None,
    kind: str | None,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """List the newest runs.

    \b
    Example:
      tracemill run list --only failed
    """
    from tracemill_worker.store import state_named  # noqa: PLC0415 - keeps --help fast

    if (text := _no_runs(state, database_url)) is not None:
        click.echo("[]" if as_json else text)
        return
    with _look(state, database_url) as store:
        runs = store.list(state=state_named(only) if only else None, kind=kind, limit=limit)
    if as_json:
        click.echo(json.dumps([run.to_values() for run in runs]))
        return
    for run in runs:
        click.echo(_line(run))


@click.command("show")
@click.argument("run_id", type=int)
@_with_state
@_with_json
def show_run(run_id: int, state: Path, database_url: str | None, *, as_json: bool) -> None:
    """Show one run with its config, its end and its transitions.

    \b
    Example:
      tracemill run show 7
    """
    with _look(state, database_url) as store:
        run, events = store.show(run_id), store.events(run_id)
    if as_json:
        click.echo(json.dumps(run.to_values()))
        return
    click.echo(_line(run))
    click.echo(f"config  {json.dumps(run.config)}")
    if run.result is not None:
        click.echo(f"result  {json.dumps(run.result)}")
    for event in events:
        click.echo(f"{event.at}  {event.from_state or 'new'} -> {event.to_state}")


@click.command("logs")
@click.argument("run_id", type=int)
@_with_state
def show_logs(run_id: int, state: Path, database_url: str | None) -> None:
    """Print what a run printed, all attempts.

    \b
    Example:
      tracemill run logs 7
    """
    with _look(state, database_url) as store:
        for chunk in store.logs(run_id):
            sys.stdout.write(chunk.text)


@click.command("cancel")
@click.argument("run_id", type=int)
@_with_state
def cancel_run(run_id: int, state: Path, database_url: str | None) -> None:
    """Cancel a pending run, or ask the worker of a running one to end it.

    \b
    Example:
      tracemill run cancel 7
    """
    with _look(state, database_url) as store:
        run = store.cancel(run_id)
    asked = "cancelled" if run.state == "cancelled" else "its worker was asked to end it"
    click.echo(f"run {run_id}: {asked}")


@click.command("retry")
@click.argument("run_id", type=int)
@_with_state
def retry_run(run_id: int, state: Path, database_url: str | None) -> None:
    """Make a run that went wrong or was cancelled pending again.

    \b
    Example:
      tracemill run retry 7
    """
    with _look(state, database_url) as store:
        run = store.retry(run_id)
    click.echo(f"run {run_id}: pending, attempt {run.attempt + 1} of {run.max_attempts}")


run_commands: tuple[click.Command, ...] = (
    list_runs,
    show_run,
    show_logs,
    cancel_run,
    retry_run,
)


def _line(run: Run) -> str:
    line = f"{run.id:>6}  {run.kind:<12} {run.state:<10} attempt {run.attempt}/{run.max_attempts}"
    return f"{line}  {run.error.kind}: {run.error.message}" if run.error else line
