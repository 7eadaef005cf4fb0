from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_schema.run import TRANSITIONS
from tracemill_worker import cli, embedded
from tracemill_worker.errors import BadDatabaseUrl, NoRunsHere, RunRefused, UnknownRun
from tracemill_worker.loop import Worker
from tracemill_worker.postgres import PostgresStore


@click.group()
def run() -> None:
    """Mounts the commands as the composed command line does."""


for command in cli.run_commands:
    run.add_command(command)


def said(group: click.Command, *arguments: str) -> str:
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def all_commands() -> list[click.Command]:
    nested = [*cli.db.commands.values(), *cli.worker.commands.values()]
    return [cli.db, cli.worker, *nested, *cli.run_commands]


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_every_command_has_an_example(command: click.Command) -> None:
    assert "Example:" in said(command, "--help")


def test_the_commands_are_imported_without_the_database() -> None:
    code = "import sys, tracemill_worker.cli; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"False\n"


def test_the_states_that_may_be_asked_for_are_those_of_the_contract() -> None:
    assert set(cli.STATES) == set(TRANSITIONS)


def test_nothing_is_made_by_a_look(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert json.loads(said(cli.db, "status", "--state", str(state), "--json")) == {
        "embedded": True,
        "running": False,
    }
    assert said(cli.db, "stop", "--state", str(state)) == "was not running\n"
    assert not state.exists()


def test_a_server_of_your_own_is_not_stopped() -> None:
    with pytest.raises(RunRefused, match="only the embedded database is stopped here"):
        said(cli.db, "stop", "--database-url", "postgresql://h/d")


@pytest.mark.postgres
def test_the_life_of_the_embedded_database(cluster: Path) -> None:
    state = ("--state", str(cluster))
    try:
        assert said(cli.db, "start", *state) == "ready, tables of revision 0001\n"
        assert said(cli.db, "migrate", *state) == "tables of revision 0001 (before: 0001)\n"
        status = json.loads(said(cli.db, "status", *state, "--json"))
        assert (status["running"], status["revision"]) == (True, "0001")
        assert set(status["runs"]) <= set(TRANSITIONS)
        assert "running   True" in said(cli.db, "status", *state)
        code = "from tracemill_worker.cli import db; db()"
        psql = [sys.executable, "-c", code, "psql", *state, "-At", "-c", "select 40 + 2"]
        assert subprocess.run(psql, capture_output=True, check=True).stdout == b"42\n"
    finally:
        assert said(cli.db, "stop", *state) == "stopped\n"


@pytest.mark.postgres
def test_runs_are_listed_shown_cancelled_retried_and_worked_on(
    postgres_store: PostgresStore, database_url: str, tmp_path: Path
) -> None:
    url = ("--database-url", database_url)
    first = postgres_store.enqueue(kind="no_such_kind", config={"seed": 0})
    assert said(run, "cancel", str(first.id), *url) == f"run {first.id}: cancelled\n"
    again = said(run, "retry", str(first.id), *url)
    assert again == f"run {first.id}: pending, attempt 1 of 3\n"
    assert "0 working, 1 pending" in said(cli.worker, "status", *url)
    work = ("run", *url, "--workspace", str(tmp_path), "--until-idle")
    assert "failed     attempt 1/3  user_error: run kind 'no_such" in said(cli.worker, *work)
    (listed,) = json.loads(said(run, "list", "--only", "failed", *url, "--json"))
    assert (listed["id"], listed["state"]) == (first.id, "failed")
    shown = said(run, "show", str(first.id), *url)
    assert 'config  {"seed": 0}' in shown
    assert "running -> failed" in shown
    assert "no_such_kind" in said(run, "list", *url)
    status = json.loads(said(cli.worker, "status", *url, "--json"))
    assert status == {"workers": [], "runs": {"failed": 1}}
    with pytest.raises(UnknownRun):
        said(run, "show", "99", *url)


@pytest.mark.postgres
def test_logs_are_printed_as_the_run_printed_them(
    postgres_store: PostgresStore, database_url: str, tmp_path: Path
) -> None:
    queued = postgres_store.enqueue(kind="echo", config={})
    claim = postgres_store.claim_pending_run(
        owner=Worker(store=postgres_store, workspace=tmp_path).owner, lease_s=30
    )
    assert claim is not None
    postgres_store.append_log(claim, seq=0, text="one\ntwo\n")
    assert said(run, "logs", str(queued.id), "--database-url", database_url) == "one\ntwo\n"


def test_where_no_database_was_ever_there_no_run_is(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    told = f"no runs here: {tmp_path}/state holds no database; name another with --state"
    assert said(run, "list", *state) == f"{told}\n"
    assert json.loads(said(run, "list", *state, "--json")) == []
    assert said(cli.worker, "status", *state) == f"{told}\n"
    status = json.loads(said(cli.worker, "status", *state, "--json"))
    assert status == {"workers": [], "runs": {}}
    for name in ("show", "logs", "cancel", "retry"):
        with pytest.raises(NoRunsHere) as caught:
            said(run, name, "1", *state)
        assert (str(caught.value), caught.value.exit_code) == (told, 2)
    assert not (tmp_path / "state").exists()


@pytest.mark.postgres
def test_a_look_at_the_runs_leaves_the_server_as_it_was(cluster: Path) -> None:
    state = ("--state", str(cluster))
    embedded.stop(cluster)
    said(run, "list", *state)
    said(cli.worker, "status", *state)
    assert embedded.find(cluster) is None
    said(cli.db, "start", *state)
    said(run, "list", *state)
    assert embedded.find(cluster) is not None, "a person started it"
    said(cli.db, "stop", *state)


@pytest.mark.parametrize("command", ["status", "migrate", "psql", "start"])
def test_no_command_shows_a_mistyped_url(command: str) -> None:
    with pytest.raises(BadDatabaseUrl) as caught:
        said(cli.db, command, "--database-url", "postgresql://me:hidden/part@h/d")
    assert "hidden" not in str(caught.value)
