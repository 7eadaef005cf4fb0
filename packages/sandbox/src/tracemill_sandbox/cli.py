# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill sandbox``: run a program, say what this machine offers, measure it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from tracemill_sandbox.result import RunResult
    from tracemill_sandbox.sync import SyncSandboxPool

F = TypeVar("F", bound=Callable[..., object])

BACKENDS = ("embedded", "hardened", "oci", "unsafe")
PARTS = ("namespaces", "landlock", "seccomp")
FAILED = 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _with_pool_options(command: F) -> F:
    """Add the options that say which sandbox is meant."""
    backend = click.option(
        "--backend",
        type=click.Choice(BACKENDS),
        default="embedded",
        show_default=True,
        help="What the program runs in; `unsafe` isolates nothing.",
    )
    require = click.option(
        "--require",
        type=click.Choice(PARTS),
        multiple=True,
        help="Part of the isolation that must hold; may be repeated.",
    )
    return backend(require(command))


@click.group()
def sandbox() -> None:
    """Run untrusted Python.

    \b
    Example: tracemill sandbox doctor
    """


@sandbox.command()
@click.argument("file", type=FILE)
@click.option("--seconds", type=float, default=10.0, show_default=True, help="Wall time allowed.")
@click.option(
    "--memory-mb", type=float, default=1024.0, show_default=True, help="Memory allowed, in MiB."
)
@click.option("--file", "files", multiple=True, metavar="LOCAL[=PATH]", help="File to lay in.")
@click.option("--output", "outputs", multiple=True, help="Variable to show; may be repeated.")
@click.option("--keep", multiple=True, metavar="PATH", help="File to bring back; may hold *.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("kept"),
    show_default=True,
    help="Folder for the files that were kept.",
)
@click.option("--no-subprocess", is_flag=True, help="Allow threads only, no other processes.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@_with_pool_options
def run(
    file: Path,
    *,
    seconds: float,
    memory_mb: float,
    files: tuple[str, ...],
    outputs: tuple[str, ...],
    keep: tuple[str, ...],
    into: Path,
    backend: str,
    require: tuple[str, ...],
    no_subprocess: bool,
    as_json: bool,
) -> None:
    """Run FILE and show what it printed; exit code 1 if it did not end well.

    The last line on stderr is the verdict. A terminal is shown control characters written out.

    \b
    Example: tracemill sandbox run program.py --file co2.csv --output answer
    """
    from tracemill_sandbox.request import Limits, RunRequest
    from tracemill_sandbox.sync import SyncSandboxPool

    request = RunRequest(
        code=_text(file),
        files=_laid_in(files),
        limits=Limits(
            wall_seconds=seconds, cpu_seconds=seconds, memory_bytes=_memory_bytes(memory_mb)
        ),
        outputs=outputs,
        keep=keep,
        subprocess=not no_subprocess,
    )
    # One run loads by itself what it imports.
    pool = SyncSandboxPool(backend=backend, require=require, libraries=(), spares=0)
    with _ending(pool):
        result = pool.run(request)
    try:
        _show_json(_values(result)) if as_json else _show(result)
    finally:  # also where nobody reads any more
        _bring_back(result, into)
    if result.status == "infra_error":
        sys.exit(FAILED)
    sys.exit(0 if result.ok else 1)


@sandbox.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def doctor(*, as_json: bool) -> None:
    """Say which isolation this machine offers, and how to get more; starts each backend once.

    Exit code 0 if the embedded backend works, 3 if not.

    \b
    Example: tracemill sandbox doctor --json
    """
    import os

    from tracemill_sandbox.doctor import survey, told, try_all
    from tracemill_sandbox.termination import ending_well

    with ending_well():
        machine = survey(os.environ)
        trials = try_all()
    if as_json:
        _show_json({"machine": asdict(machine), "backends": [asdict(each) for each in trials]})
    else:
        click.echo("\n".join(told(machine, trials)))
    sys.exit(0 if trials[0].works else FAILED)


@sandbox.command()
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@_with_pool_options
def bench(
    workers: int, rounds: int, backend: str, require: tuple[str, ...], *, as_json: bool
) -> None:
    """Measure isolated runs in turn with a cold `python -c "import pandas"`; some 20 seconds.

    \b
    Example: tracemill sandbox bench --rounds 5
    """
    from tracemill_sandbox.bench import bench as measure
    from tracemill_sandbox.bench import steps, told
    from tracemill_sandbox.sync import SyncSandboxPool

    pool = SyncSandboxPool(workers=workers, backend=backend, require=require)
    shown = click.progressbar(
        length=steps(rounds), label="measuring", file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    with _ending(pool), shown as bar:
        measured = measure(pool, workers=workers, rounds=rounds, tick=lambda: bar.update(1))
    if as_json:
        _show_json(asdict(measured))
    else:
        click.echo("\n".join(told(measured)))


@contextmanager
def _ending(pool: SyncSandboxPool) -> Iterator[None]:
    """Stop a pool at the end; what it could not end is told, and turns the exit code."""
    from tracemill_sandbox.termination import ending_well

    with ending_well():
        try:
            yield
        finally:
            report = pool.stop()
            if report.failures:
                click.echo(report.to_text(), err=True)
    if report.failures:
        sys.exit(report.exit_code)


def _text(file: Path) -> str:
    from tracemill_sandbox.errors import RequestInvalid

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RequestInvalid(f"{file}: wanted UTF-8 text, got {error.reason}") from error


def _memory_bytes(mebibytes: float) -> int:
    from tracemill_sandbox.errors import RequestInvalid
    from tracemill_sandbox.request import MIB

    if not math.isfinite(mebibytes):
        raise RequestInvalid(f"--memory-mb: wanted a number above 0, got {mebibytes}")
    return int(mebibytes * MIB)


def _laid_in(files: tuple[str, ...]) -> dict[str, bytes]:
    """Return path in the run's folder -> content of ``LOCAL[=PATH]``."""
    pairs = (name.partition("=") for name in files)
    return {path or Path(local).name: _content(local) for local, _, path in pairs}


def _content(local: str) -> bytes:
    from tracemill_sandbox.errors import RequestInvalid

    try:
        return Path(local).read_bytes()
    except OSError as error:
        raise RequestInvalid(
            f"--file: wanted a file to read, got {local!r}: {error.strerror}"
        ) from error


def _bring_back(result: RunResult, into: Path) -> None:
    """Write the kept files; their names are the program's own, so none may leave the folder."""
    from tracemill_sandbox.errors import RequestInvalid

    for name, content in result.claims.contents.items():
        target = (into / name).resolve()
        if not target.is_relative_to(into.resolve()):
            raise RequestInvalid(f"--keep: wanted a file to stay in {into}, got {name!r}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            raise RequestInvalid(
                f"--into: wanted a folder to write {name!r} to, got {into}: {error.strerror}"
            ) from error


def _show(result: RunResult) -> None:
    """Show what the program said, then the verdict on a line of its own.

    Reasons may name what the program named, for instance an exception.
    """
    from tracemill_sandbox.harmless import shown

    claims, facts = result.claims, result.facts
    bound = [f"{name} = {binding.value}\n" for name, binding in claims.outputs.items()]
    _echo("".join((_whole_lines(claims.stdout) if bound else claims.stdout, *bound)))
    _echo(_whole_lines(claims.stderr), err=True)
    click.echo(
        f"{result.status}: {shown(result.reason, apart_from='')} ({facts.wall_seconds:.3f} s, "
        f"{facts.peak_memory_bytes >> 20} MiB, {result.tier})",
        err=True,
    )


def _echo(text: str, *, err: bool = False) -> None:
    """Write the program's own words: as they are, or so that they do a terminal no harm."""
    from tracemill_sandbox.harmless import shown

    stream = sys.stderr if err else sys.stdout
    said = shown(text) if stream.isatty() else text
    # Bytes, since of text click would take out what it knows of escape sequences.
    click.echo(said.encode(stream.encoding, "backslashreplace"), nl=False, err=err)


def _whole_lines(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _values(result: RunResult) -> dict[str, object]:
    """Return the result as JSON can hold it: of kept files the sizes, they are written anyway."""
    values = asdict(result)
    contents = result.claims.contents.items()
    values["claims"]["contents"] = {name: len(content) for name, content in contents}
    return values


def _show_json(values: object) -> None:
    click.echo(json.dumps(values, indent=2, sort_keys=True))
