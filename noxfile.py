"""The sessions of this repository. ``nox -s demo`` and ``nox -s gate`` are all a newcomer needs.

``PARTS`` is the gate: each part is a command, the environment that it runs in, and where its count
is read from. Every part leaves evidence; the gate runs what lacks it and judges the evidence, not
the order in which sessions ran.

    .nox/env        every tool and package, exactly as requirements.lock has them
    .nox/PACKAGE    one package with what it declares (and its group ``test``), versions as locked:
                    an import that it does not declare fails there
    .nox/PACKAGE-EXTRA    the same with one of its extras, or another of its groups; what only that
                    group wants is locked beside the package, in GROUP.lock

An environment is made when the lock or the metadata that it is made from changed, or what is
installed in it is no longer what was, and not touched otherwise.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).parent
ENVIRONMENTS = ROOT / ".nox"
SHARED = "env"
BIN = ENVIRONMENTS / SHARED / "bin"
LOCK = ROOT / "requirements.lock"
HELD: list[TextIO] = []
PATIENCE = {"interrupt_timeout": 20.0, "terminate_timeout": 5.0}
"""nox would kill an interrupted command within half a second; it ends its children first, gives its
place in a queue back, and stops its servers."""
PACKAGES = sorted((ROOT / "packages").glob("*/pyproject.toml"))

CONFINED = ("datagen", "sandbox-oci", "sandbox-programs")
"""Environments whose confined programs import libraries. They may write nothing, so what nobody
compiled before, each of them would compile anew: ``import pandas`` takes 3 s so, and 0.6 s with
bytecode. These are compiled when they are made (10 s each, 50 s the last). In the others the first
to import a module compiles it for all; compiling them whole costs a minute of two cores, for
modules that nobody imports."""

PROGRAMS = ROOT / "packages" / "sandbox" / "programs.lock"
"""What programs in the sandbox's tests import. Apart from the other lock: installed with it, pandas
would load pyarrow wherever pandas is loaded."""

nox.needs_version = ">=2026.10.20"
nox.options.sessions = ["gate"]
nox.options.default_venv_backend = "none"
nox.options.error_on_external_run = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """One check of the gate.

    Attributes:
        gate: Its name, as ``[tool.tracemill.gate]`` of pyproject.toml requires it.
        says: What holds when it is green.
        command: What runs.
        checked_from: Where the number of things checked is read from.
        environment: Folder under ``.nox``.
        depends_on: What its verdict depends on beside the tree: head, base or day.
    """

    gate: str
    says: str
    command: tuple[str, ...]
    checked_from: str = "junit"
    environment: str = SHARED
    depends_on: tuple[str, ...] = ()


QUICK = "not (sandbox or oci or postgres or train or flow or packaging or proof)"
"""No server, no engine, no confined process, no array library, no worktree with its own pytest."""


def _tests(*words: str) -> tuple[str, ...]:
    return ("pytest", "-q", *words, "--junitxml", "{junit}")


def _unit(package: str, says: str, *words: str) -> Part:
    """Return the quick tests of one package, in the environment that has only what it declares."""
    command = _tests("-m", QUICK, f"packages/{package}", *words)
    return Part(gate=f"unit-{package}", says=says, command=command, environment=package)


# The cheap ones first: most faults are told within a minute.
PARTS = (
    Part(
        gate="lint",
        says="ruff finds nothing, and every file is formatted",
        command=("sh", "-c", "ruff check . && ruff format --check ."),
        checked_from="ruff",
    ),
    Part(
        gate="hygiene",
        says="no unlisted TODO, no module that has grown too long",
        command=("tracemill", "gate", "hygiene"),
        checked_from="summary",
    ),
    Part(
        gate="layers",
        says="the import graph has only the arrows of the design",
        command=("lint-imports",),
        checked_from="import-linter",
    ),
    Part(
        gate="contracts",
        says="the schemas mean what the records mean, the examples hold, nothing broke unsaid",
        command=("tracemill", "gate", "contracts", "check"),
        checked_from="summary",
        depends_on=("base",),
    ),
    Part(
        gate="specs",
        says="the planning files are whole, and the change is what its approved specs allow",
        command=("tracemill", "spec", "check"),
        checked_from="summary",
        depends_on=("head", "base", "day"),
    ),
    Part(
        gate="types",
        says="mypy, strict",
        command=("mypy", *(f"packages/{path.parent.name}/src" for path in PACKAGES)),
        checked_from="mypy",
    ),
    Part(
        gate="docs",
        says="the site builds without a warning",
        # No --quiet: it hides the warnings from --strict too, which then ends well.
        command=("env", "NO_MKDOCS_2_WARNING=1", "mkdocs", "build", "--strict"),
        checked_from="files:docs/*.md",
    ),
    _unit("schema", "records, canonical bytes, answer equality"),
    _unit("sandbox", "what the sandbox asks of the kernel"),
    _unit("packaging", "bundles are built, verified and refused"),
    _unit("worker", "the queue's rules, without a server"),
    _unit("tracemill", "the command line and the pipeline"),
    _unit("gate", "the gate itself, on scripted repositories"),
    _unit("datagen", "families, templates, operators, verification", "-n", "2"),
    Part(
        gate="unit-repository",
        says="what holds between the packages, the documents and the gate",
        command=_tests("-m", QUICK, "tests"),
    ),
    Part(
        gate="proof",
        says="the tests that the specs name failed before the change and pass after it",
        command=("tracemill", "spec", "prove"),
        checked_from="summary",
        depends_on=("head", "base"),
    ),
    Part(
        gate="prover",
        says="the prover, on scripted repositories that try to fool it",
        command=_tests("-m", "proof", "packages/gate"),
        environment="gate",
    ),
    Part(
        gate="sandbox",
        says="programs run confined, and what they try does not get out",
        command=_tests("-n", "2", "-m", "sandbox", "packages/sandbox"),
        environment="sandbox-programs",
    ),
    Part(
        gate="datagen",
        says="programs of questions, episodes and traces run confined, and are checked by it",
        command=_tests("-n", "2", "-m", "sandbox", "packages/datagen"),
        environment="datagen",
    ),
    Part(
        gate="worker",
        says="the worker on a real PostgreSQL",
        command=_tests("-m", "postgres", "packages/worker"),
        environment="worker",
    ),
    Part(
        gate="flow",
        says="the whole way on a tiny setting, again after a kill, and through the queue",
        command=_tests("-m", "flow or postgres", "tests", "packages/tracemill"),
    ),
    Part(
        gate="train-smoke",
        says="the trainer: it learns, saves, resumes bit for bit, and generates",
        command=_tests("packages/trainer"),
        environment="trainer",
    ),
    Part(
        gate="packaging",
        says="wheels hold all files and work when installed",
        command=_tests("-m", "packaging", "tests"),
    ),
)

RELEASE = (
    Part(
        gate="oci",
        says="programs run confined in the containers of a real engine, Docker or Podman",
        command=_tests("-m", "oci", "packages/sandbox"),
        environment="sandbox-oci",
    ),
)
"""Checks that want what not every machine has: no tree needs them to be merged, a bundle needs them
to be final (``REQUIREMENTS`` of packages/packaging)."""


def _uv() -> str:
    """Return the uv that came with nox (``pip install "nox[uv]"``)."""
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - only nox's own environment has it
    except ImportError:
        sys.exit('uv is missing: install it beside nox with: pip install "nox[uv]"')
    return str(find_uv_bin())


def _ours(name: str) -> list[Path]:
    """Return the folders of an environment's package and of those of ours that it declares."""
    wanted = [name.partition("-")[0]]
    for package in wanted:
        project = _toml(ROOT / "packages" / package / "pyproject.toml")["project"]
        declared = (word.partition("==")[0] for word in project["dependencies"])
        ours = (
            word.removeprefix("tracemill-") for word in declared if word.startswith("tracemill-")
        )
        wanted += [word for word in ours if word not in wanted]
    return [ROOT / "packages" / package for package in wanted]


def _locks(name: str) -> list[Path]:
    """Return the files that hold the versions and hashes of what an environment installs."""
    package, _, group = name.partition("-")
    own = ROOT / "packages" / package / f"{group}.lock"
    return [LOCK, own] if own.exists() else [LOCK]


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def _stamp(name: str) -> str:
    """Return a digest of what an environment is made from, where it lies, and what it holds."""
    folders = [path.parent for path in PACKAGES] if name == SHARED else _ours(name)
    digest = hashlib.sha256(f"{sys.version} {ROOT} {name}".encode())
    for path in (*_locks(name), *(folder / "pyproject.toml" for folder in folders)):
        digest.update(path.read_bytes())
    installed = (ENVIRONMENTS / name).glob("lib/python*/site-packages/*.dist-info")
    digest.update(" ".join(sorted(path.name for path in installed)).encode())
    return digest.hexdigest()


def _is_up_to_date(name: str) -> bool:
    stamp = ENVIRONMENTS / name / "stamp"
    return stamp.exists() and stamp.read_text() == _stamp(name)


def _environment(session: nox.Session, name: str = SHARED) -> dict[str, str | None]:
    """Make an environment if it is missing or out of date; return its variables.

    Whoever uses an environment holds a shared lock until the session ends, so that another session
    cannot make it anew under its feet.

    Returns:
        Name -> value; None takes away what the caller has. A caller that forbids bytecode, as some
        containers do, would have every process of a session compile all libraries again.
    """
    ENVIRONMENTS.mkdir(exist_ok=True)
    lock = (ENVIRONMENTS / f"{name}.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    if not _is_up_to_date(name):
        fcntl.flock(lock, fcntl.LOCK_UN)
        session.log("making the environment .nox/%s once no other session uses it", name)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_up_to_date(name):
            _make_environment(session, name)
        fcntl.flock(lock, fcntl.LOCK_SH)
    HELD.append(lock)
    folder = ENVIRONMENTS / name
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "VIRTUAL_ENV": str(folder), "PYTHONDONTWRITEBYTECODE": None}


def _make_environment(session: nox.Session, name: str) -> None:
    uv, folder = _uv(), ENVIRONMENTS / name
    python = ("-q", "--python", str(folder / "bin" / "python"))
    session.run(uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder))
    if name == SHARED:
        session.run(uv, "pip", "sync", *python, "--require-hashes", str(LOCK))
        editable = [word for path in PACKAGES for word in ("-e", str(path.parent))]
        flags = ("--no-deps", "--no-build-isolation", "--offline")
        session.run(uv, "pip", "install", *python, *flags, *editable)
    else:
        # As constraints the lock's versions and hashes hold, and nothing undeclared comes along.
        flags = ("--constraint", "--build-constraint")
        locked = [word for path in _locks(name) for flag in flags for word in (flag, str(path))]
        own, *others = _ours(name)
        wanted, declared = name.partition("-")[2], _toml(own / "pyproject.toml")
        is_extra = wanted in declared["project"].get("optional-dependencies", {})
        groups = ["test", wanted] if wanted in declared["dependency-groups"] else ["test"]
        tests = [word for group in groups for word in ("--group", f"{own}/pyproject.toml:{group}")]
        editable = [f"{own}[{wanted}]" if is_extra else str(own), *map(str, others)]
        bytecode = ("--compile-bytecode",) if name in CONFINED else ()
        ours = [word for path in editable for word in ("-e", path)]
        session.run(uv, "pip", "install", *python, *bytecode, *locked, *tests, *ours)
    (folder / "stamp").write_text(_stamp(name))


def _plan() -> str:
    """Write which check makes the evidence of each gate; return the file's path.

    Judged without it, the evidence of any command would do, for instance of ``true``.
    """
    plan = {
        part.gate: {
            "command": part.command,
            "checked_from": part.checked_from,
            "environment": f".nox/{part.environment}",
            "depends_on": part.depends_on,
        }
        for part in PARTS
    }
    path = ENVIRONMENTS / "plan.json"
    path.write_text(json.dumps(plan))
    return str(path)


def _run(session: nox.Session, parts: Sequence[Part], *words: str) -> None:
    """Run parts of the gate and judge their evidence, in one process that reads the tree once."""
    for name in dict.fromkeys(part.environment for part in parts):
        _environment(session, name)
    command = (str(BIN / "tracemill"), "gate", "run", "--plan", _plan(), *words)
    session.run(*command, env=_environment(session), **PATIENCE)


@nox.session
def demo(session: nox.Session) -> None:
    """Go from real tables to a rehearsal bundle. Options after -- go to: tracemill run."""
    env = _environment(session)
    session.run(str(BIN / "tracemill"), "run", *session.posargs, env=env, **PATIENCE)


@nox.session
def gate(session: nox.Session) -> None:
    """Run every part that lacks green evidence for this tree, then judge the evidence."""
    _run(session, PARTS)


def _session_of(part: Part) -> None:
    def run(session: nox.Session) -> None:
        _run(session, (part,), "--only", part.gate, "--again")

    run.__doc__ = f"{part.says[0].upper()}{part.says[1:]}."
    nox.session(run, name=part.gate)


for _part in PARTS:
    _session_of(_part)


@nox.session
def unit(session: nox.Session) -> None:
    """Run the quick tests of every package, each in its own environment."""
    parts = [part for part in PARTS if part.gate.startswith("unit-")]
    _run(session, parts, *(word for part in parts for word in ("--only", part.gate)))


@nox.session
def canaries(session: nox.Session) -> None:
    """Plant a violation of every rule in a scratch clone, and want red for each."""
    _environment(session, "schema")
    isolated = ENVIRONMENTS / "schema" / "bin" / "python"
    record = (str(BIN / "tracemill"), "gate", "record", "canaries", "--checked-from", "summary")
    command = ("env", "PYTHONPATH=tests", str(BIN / "python"), "-m", "canary")
    words = ("--isolated", str(isolated), *session.posargs)
    session.run(*record, "--", *command, *words, env=_environment(session), **PATIENCE)


@nox.session
def oci(session: nox.Session) -> None:
    """Run the sandbox in containers of a real engine; a final bundle wants its evidence."""
    (part,) = RELEASE
    env = _environment(session)
    _environment(session, part.environment)
    tracemill, trial = str(BIN / "tracemill"), ENVIRONMENTS / "trial.py"
    trial.write_text("print('a container engine serves')\n")
    try:
        command = (tracemill, "sandbox", "run", str(trial), "--backend", "oci")
        session.run(*command, env=env, **PATIENCE)
    except CommandFailed:
        session.warn("no container engine serves here; see above for what to install or to start")
        sys.exit(3)  # as the gate says that it could not judge
    where = ("--environment", f".nox/{part.environment}", "--checked-from", part.checked_from)
    record = (tracemill, "gate", "record", part.gate, *where, "--", *part.command)
    session.run(*record, env=env, **PATIENCE)


@nox.session
def coverage(session: nox.Session) -> None:
    """Report which lines and branches the quick and the sandbox suite reach."""
    wanted = "not (oci or postgres or train or flow or packaging or proof)"
    report = ("--cov", "--cov-report", "term:skip-covered")
    env = _environment(session)
    session.run(str(BIN / "pytest"), "-q", "-n", "2", "-m", wanted, *report, env=env)


def _declared() -> set[str]:
    """Return all that the tools and the packages declare, for their tests and in extras too."""
    wanted = set(_toml(ROOT / "pyproject.toml")["dependency-groups"]["dev"])
    for path in PACKAGES:
        package = _toml(path)
        extras = package["project"].get("optional-dependencies", {}).values()
        tests = package["dependency-groups"]["test"]
        wanted.update(package["project"]["dependencies"], tests, *extras)
    return {name for name in wanted if not name.startswith("tracemill-")}


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve every dependency again: hashes, no addresses; of the programs' libraries too."""
    _resolve(session, _declared(), LOCK)
    sandbox = _toml(PROGRAMS.with_name("pyproject.toml"))
    _resolve(session, sandbox["dependency-groups"]["programs"], PROGRAMS, "--constraint", str(LOCK))


def _resolve(session: nox.Session, names: Iterable[str], into: Path, *words: str) -> None:
    wanted = ENVIRONMENTS / "wanted.in"
    wanted.write_text("\n".join(sorted(names)))
    session.run(
        *(_uv(), "pip", "compile", "-q", str(wanted), "-o", str(into), *words),
        *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--no-header", "--no-annotate"),
    )


@nox.session
def serve(session: nox.Session) -> None:
    """Show the documentation site on this machine while it is written."""
    session.run(str(BIN / "mkdocs"), "serve", env=_environment(session))


BENCHES = ("demo", "sandbox")
ON_TABLES = ("tables", "questions")
"""Benches that measure on a folder of tables, their first option; never run unasked."""

PEER = "reasoning-core[gen]==0.5.0"
"""What ``bench -- questions`` is measured beside; no package of ours wants it."""


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, as ratios in one run, into docs/benchmarks. One alone: -- sandbox [OPTIONS]."""
    name, *words = session.posargs or [""]
    if name not in ("", *BENCHES, *ON_TABLES):
        session.error(f"wanted one of: {', '.join((*BENCHES, *ON_TABLES))}; got {name!r}")
    for wanted in [name] if name else BENCHES:
        command = [str(BIN / "python"), f"tests/bench/{wanted}.py", *words]
        if wanted == "questions":
            command += ["--peer", str(_peer(session))]
        session.run(*command, env=_environment(session), **PATIENCE)


def _peer(session: nox.Session) -> Path:
    """Make the environment of the peer if it is missing; return its python."""
    folder = ENVIRONMENTS / PEER.partition("[")[0]
    python, stamp = folder / "bin" / "python", folder / "stamp"
    if not stamp.exists() or stamp.read_text() != PEER:
        uv = _uv()
        session.run(uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder))
        session.run(uv, "pip", "install", "-q", "--python", str(python), PEER)
        stamp.write_text(PEER)
    return python
