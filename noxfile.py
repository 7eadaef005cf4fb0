"""The sessions of this repository. ``nox -s demo`` and ``nox -s gate`` are all a newcomer needs.

All sessions share one environment, ``.nox/env``: it is made from the hash-pinned lock when the lock
or a package's metadata changed, and not touched otherwise. Every check leaves evidence; the gate
judges the evidence, not the order in which sessions ran.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import nox

ROOT = Path(__file__).parent
ENVIRONMENT = ROOT / ".nox" / "env"
BIN = ENVIRONMENT / "bin"
STAMP = ENVIRONMENT / "stamp"
LOCK = ROOT / "requirements.lock"
LOCKS: list[TextIO] = []
PACKAGES = sorted((ROOT / "packages").glob("*/pyproject.toml"))

nox.needs_version = ">=2026.10.20"
nox.options.sessions = ["gate"]
nox.options.default_venv_backend = "none"
nox.options.error_on_external_run = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """One check of the gate: its command, and what its count is read from."""

    gate: str
    checked_from: str
    command: tuple[str, ...]
    says: str


QUICK = "not (sandbox or postgres or train or flow or packaging)"

PARTS = (
    Part(
        gate="lint",
        checked_from="ruff",
        command=("sh", "-c", "ruff check . && ruff format --check ."),
        says="ruff finds nothing, and every file is formatted",
    ),
    Part(
        gate="types",
        checked_from="mypy",
        command=("mypy", *(f"packages/{path.parent.name}/src" for path in PACKAGES)),
        says="mypy, strict",
    ),
    Part(
        gate="layers",
        checked_from="import-linter",
        command=("lint-imports",),
        says="the import graph has only the arrows of the design",
    ),
    Part(
        gate="contracts",
        checked_from="summary",
        command=("tracemill", "gate", "contracts", "check"),
        says="the schemas on disk mean what the records mean, and the examples hold",
    ),
    Part(
        gate="unit",
        checked_from="junit",
        command=(
            *("pytest", "-q", "-n", "2", "-m", QUICK, "--ignore", "packages/trainer"),
            *("--junitxml", "{junit}"),
        ),
        says="the quick suite: no server, no confined process, no array library",
    ),
    Part(
        gate="sandbox",
        checked_from="junit",
        command=("pytest", "-q", "-n", "2", "-m", "sandbox", "--junitxml", "{junit}"),
        says="programs run confined, and what they try does not get out",
    ),
    Part(
        gate="worker",
        checked_from="junit",
        command=("pytest", "-q", "-m", "postgres", "--junitxml", "{junit}"),
        says="the worker on a real PostgreSQL",
    ),
    Part(
        gate="flow",
        checked_from="junit",
        command=("pytest", "-q", "-m", "flow", "--junitxml", "{junit}"),
        says="the whole way on a tiny setting, and again after a kill",
    ),
    Part(
        gate="train-smoke",
        checked_from="junit",
        command=("pytest", "-q", "packages/trainer", "--junitxml", "{junit}"),
        says="the trainer: it learns, saves, resumes bit for bit, and generates",
    ),
    Part(
        gate="packaging",
        checked_from="junit",
        command=("pytest", "-q", "-m", "packaging", "--junitxml", "{junit}"),
        says="wheels hold all files and work when installed",
    ),
    Part(
        gate="docs",
        checked_from="files:docs/*.md",
        command=("env", "NO_MKDOCS_2_WARNING=1", "mkdocs", "build", "--strict", "--quiet"),
        says="the site builds without a warning",
    ),
)


def _uv() -> str:
    """Return the uv that came with nox (``pip install "nox[uv]"``)."""
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - only nox's own environment has it
    except ImportError:
        sys.exit('uv is missing: install it beside nox with: pip install "nox[uv]"')
    return str(find_uv_bin())


def _environment_stamp() -> str:
    """Return a digest of all that the environment is made from, and of where it lies."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in (LOCK, *PACKAGES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _environment(session: nox.Session) -> dict[str, str]:
    """Make the shared environment if it is missing or out of date; return its variables.

    Whoever uses the environment holds a shared lock until its session ends, so that another session
    cannot make it anew under its feet.
    """
    ENVIRONMENT.parent.mkdir(exist_ok=True)
    lock = (ENVIRONMENT.parent / "env.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    if not _is_up_to_date():
        fcntl.flock(lock, fcntl.LOCK_UN)
        session.log("waiting until no other session uses %s", ENVIRONMENT.relative_to(ROOT))
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_up_to_date():
            _make_environment(session)
        fcntl.flock(lock, fcntl.LOCK_SH)
    LOCKS.append(lock)
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": str(ENVIRONMENT),
    }


def _is_up_to_date() -> bool:
    return STAMP.exists() and STAMP.read_text() == _environment_stamp()


def _make_environment(session: nox.Session) -> None:
    session.log("installing the locked dependencies")
    uv, python = _uv(), str(BIN / "python")
    session.run(uv, "venv", "-q", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    session.run(uv, "pip", "sync", "-q", "--python", python, "--require-hashes", str(LOCK))
    editable = [word for path in PACKAGES for word in ("-e", str(path.parent))]
    flags = ("--no-deps", "--no-build-isolation", "--offline")
    session.run(uv, "pip", "install", "-q", "--python", python, *flags, *editable)
    STAMP.write_text(_environment_stamp())


def _expected() -> str:
    """Write which check must have made the evidence of each gate; return the file's path.

    Without it the evidence of any command would do, for instance of ``true``.
    """
    checks = {p.gate: {"command": list(p.command), "checked_from": p.checked_from} for p in PARTS}
    path = ENVIRONMENT.with_name("expected.json")
    path.write_text(json.dumps(checks))
    return str(path)


def _record(session: nox.Session, part: Part, *, reuse: bool) -> None:
    session.log("%s: %s", part.gate, part.says)
    session.run(
        *(str(BIN / "tracemill"), "gate", "record", part.gate),
        *("--checked-from", part.checked_from),
        *(("--reuse",) if reuse else ()),
        "--",
        *part.command,
        env=_environment(session),
        success_codes=[0, 1, 3],
    )


@nox.session
def demo(session: nox.Session) -> None:
    """Go from real tables to a rehearsal bundle. Options after -- go to: tracemill run."""
    env = _environment(session)
    # nox would kill an interrupted command within half a second; a run ends its child, gives its
    # place in the queue back and stops the server first.
    patience = {"interrupt_timeout": 20.0, "terminate_timeout": 5.0}
    session.run(str(BIN / "tracemill"), "run", *session.posargs, env=env, **patience)


@nox.session
def gate(session: nox.Session) -> None:
    """Run every check that lacks green evidence for this tree, then judge the evidence."""
    for part in PARTS:
        _record(session, part, reuse=True)
    judge = (str(BIN / "tracemill"), "gate", "judge", "--expect", _expected())
    session.run(*judge, env=_environment(session))


def _session_of(part: Part) -> None:
    def run(session: nox.Session) -> None:
        _record(session, part, reuse=False)
        session.run(
            *(str(BIN / "tracemill"), "gate", "judge", "--expect", _expected()),
            *("--only", part.gate),
            env=_environment(session),
        )

    run.__doc__ = f"{part.says[0].upper()}{part.says[1:]}."
    nox.session(run, name=part.gate)


for _part in PARTS:
    _session_of(_part)


@nox.session
def coverage(session: nox.Session) -> None:
    """Report which lines and branches the quick and the sandbox suite reach."""
    wanted = "not (postgres or train or flow or packaging)"
    report = ("--cov", "--cov-report", "term:skip-covered")
    env = _environment(session)
    session.run(str(BIN / "pytest"), "-q", "-n", "2", "-m", wanted, *report, env=env)


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve every dependency again into requirements.lock: hashes, no addresses."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    wanted = set(groups["dev"])
    for path in PACKAGES:
        declared = tomllib.loads(path.read_text())["project"]["dependencies"]
        wanted |= {name for name in declared if not name.startswith("tracemill-")}
    wanted_file = ENVIRONMENT.with_name("wanted.in")
    wanted_file.write_text("\n".join(sorted(wanted)))
    session.run(
        *(_uv(), "pip", "compile", "-q", str(wanted_file), "-o", str(LOCK)),
        *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--no-header", "--no-annotate"),
    )


@nox.session
def serve(session: nox.Session) -> None:
    """Show the documentation site on this machine while it is written."""
    session.run(str(BIN / "mkdocs"), "serve", env=_environment(session))


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, as ratios in one run, and write docs/benchmarks/latest.json."""
    session.run(
        str(BIN / "python"), "tests/bench/bench.py", *session.posargs, env=_environment(session)
    )
