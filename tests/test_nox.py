"""The parts of the gate in noxfile.py, held to what the repository requires."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest
from canary.part import NOXFILE
from nox.command import CommandFailed

from tracemill_bundle.requirement import REQUIREMENTS
from tracemill_gate.config import read_config
from tracemill_gate.evidence.check import Check, refuse_impossible

ROOT = Path(__file__).parents[1]
PACKAGES = {path.parent.name for path in (ROOT / "packages").glob("*/pyproject.toml")}


class Refused(Exception):
    """What a session that ends at once raises."""


class Recorder:
    """Stands for a session of nox: keeps the commands instead of running them."""

    def __init__(self, posargs: list[str] | None = None, *, failing: str = "") -> None:
        self.posargs, self.failing, self.said = posargs or [], failing.split(), ""
        self.commands: list[tuple[str, ...]] = []

    def run(self, *command: str, **_: object) -> None:
        self.commands.append(command)
        if command[1] in self.failing:
            raise CommandFailed

    def warn(self, text: str) -> None:
        self.said = text

    def error(self, text: str) -> NoReturn:
        raise Refused(text)


@pytest.fixture
def noxfile() -> ModuleType:
    """The module, as the canaries load it."""
    return NOXFILE


def test_every_required_gate_has_its_part_in_this_order(noxfile: ModuleType) -> None:
    assert tuple(part.gate for part in noxfile.PARTS) == read_config(ROOT).required


def test_every_part_can_leave_evidence(noxfile: ModuleType) -> None:
    for part in (*noxfile.PARTS, *noxfile.RELEASE):
        refuse_impossible(
            Check(
                gate=part.gate,
                command=part.command,
                checked_from=part.checked_from,
                allowed_skips={},
                depends_on=part.depends_on,
            )
        )


def test_every_package_is_tested_in_an_environment_of_its_own(noxfile: ModuleType) -> None:
    tested = {part.environment for part in noxfile.PARTS if part.checked_from == "junit"}
    assert tested >= PACKAGES
    assert {name.partition("-")[0] for name in tested - {noxfile.SHARED}} == PACKAGES
    for part in (*noxfile.PARTS, *noxfile.RELEASE):
        if part.environment != noxfile.SHARED:
            folders = {path.name for path in noxfile._ours(part.environment)}
            named = {word.split("/")[1] for word in part.command if word.startswith("packages/")}
            assert named, part.gate
            assert named <= folders, f"{part.gate} runs tests of packages that are not installed"


def test_every_marker_is_run_by_some_part(noxfile: ModuleType) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    markers = {text.partition(":")[0] for text in settings["markers"]} - {"needs"}
    run = {
        name
        for part in (*noxfile.PARTS, *noxfile.RELEASE)
        if "-m" in part.command and noxfile.QUICK not in part.command
        for name in re.findall(r"(?<!not )\b\w+", part.command[part.command.index("-m") + 1])
    }
    assert markers - run == {"train"}, "train-smoke runs all tests of the trainer"
    assert set(re.findall(r"\w+", noxfile.QUICK)) - {"not", "or"} == markers


def test_what_judges_commits_names_them(noxfile: ModuleType) -> None:
    assert {part.gate: part.depends_on for part in noxfile.PARTS if part.depends_on} == {
        "contracts": ("base",),
        "specs": ("head", "base", "day"),
        "proof": ("head", "base"),
    }


def test_an_environment_in_which_something_else_is_installed_is_out_of_date(
    noxfile: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noxfile, "ENVIRONMENTS", tmp_path)
    site = tmp_path / "schema/lib/python3.11/site-packages"
    (site / "one-1.0.dist-info").mkdir(parents=True)
    assert not noxfile._is_up_to_date("schema")
    (tmp_path / "schema/stamp").write_text(noxfile._stamp("schema"))
    assert noxfile._is_up_to_date("schema")
    (site / "two-1.0.dist-info").mkdir()
    assert not noxfile._is_up_to_date("schema")


def test_what_a_final_bundle_wants_beside_the_gate_is_no_part_of_the_gate(
    noxfile: ModuleType,
) -> None:
    of_a_tree = {line.gate for line in REQUIREMENTS if "tree" in line.about}
    names = {part.gate for part in noxfile.RELEASE}
    assert names == of_a_tree - {"gate", "train-smoke"}
    assert not names & set(read_config(ROOT).required)


def test_no_session_is_forbidden_to_write_bytecode(
    noxfile: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noxfile, "ENVIRONMENTS", tmp_path)
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/stamp").write_text(noxfile._stamp("schema"))
    variables = noxfile._environment(Recorder(), "schema")
    noxfile.HELD.pop().close()
    assert variables["PYTHONDONTWRITEBYTECODE"] is None, "nox takes away what is None"


MADE = [
    ("schema", False, "packages/schema", []),
    ("datagen", True, "packages/datagen", []),
    ("sandbox-oci", True, "packages/sandbox[oci]", []),
    ("sandbox-programs", True, "packages/sandbox", ["packages/sandbox/pyproject.toml:programs"]),
]


@pytest.mark.parametrize(("name", "compiled", "editable", "groups"), MADE)
def test_what_confined_programs_import_is_compiled_when_the_environment_is_made(
    noxfile: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    compiled: bool,
    editable: str,
    groups: list[str],
) -> None:
    monkeypatch.setattr(noxfile, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(noxfile, "_uv", lambda: "uv")
    (tmp_path / name).mkdir()
    recorder = Recorder()
    noxfile._make_environment(recorder, name)
    install = recorder.commands[-1]
    assert ("--compile-bytecode" in install) is compiled
    assert str(ROOT / editable) in install
    package = editable.partition("[")[0]
    named = [word for flag, word in pairwise(install) if flag == "--group"]
    assert named == [str(ROOT / word) for word in (f"{package}/pyproject.toml:test", *groups)]


def test_what_programs_import_has_a_lock_of_its_own(noxfile: ModuleType, tmp_path: Path) -> None:
    assert noxfile._locks("sandbox-programs") == [noxfile.LOCK, noxfile.PROGRAMS]
    assert noxfile._locks("sandbox") == noxfile._locks("sandbox-oci") == [noxfile.LOCK]
    locked = set(re.findall(r"^([a-z0-9-]+)==", noxfile.PROGRAMS.read_text(), re.MULTILINE))
    sandbox = tomllib.loads((ROOT / "packages/sandbox/pyproject.toml").read_text())
    assert set(sandbox["dependency-groups"]["programs"]) <= locked
    assert "pyarrow" not in noxfile.LOCK.read_text(), "pandas would load it everywhere"


def test_programs_are_confined_only_where_libraries_are_compiled(noxfile: ModuleType) -> None:
    for part in (*noxfile.PARTS, *noxfile.RELEASE):
        if part.gate in {"sandbox", "datagen", "oci"}:
            assert part.environment in noxfile.CONFINED


def test_the_lock_holds_what_the_extras_declare(noxfile: ModuleType) -> None:
    gate = tomllib.loads((ROOT / "packages/gate/pyproject.toml").read_text())["project"]
    assert set(gate["optional-dependencies"]["proof"]) <= noxfile._declared()


def test_without_an_engine_nothing_is_judged(
    noxfile: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noxfile, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(noxfile, "_environment", lambda *_: {})
    session = Recorder(failing="sandbox")
    with pytest.raises(SystemExit) as ended:
        noxfile.oci.func(session)
    assert ended.value.code == 3
    assert [command[1:] for command in session.commands] == [
        ("sandbox", "run", str(tmp_path / "trial.py"), "--backend", "oci")
    ]
    assert session.said == (
        "no container engine serves here; see above for what to install or to start"
    )


def test_with_an_engine_its_tests_leave_evidence(
    noxfile: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noxfile, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(noxfile, "_environment", lambda *_: {})
    session = Recorder()
    noxfile.oci.func(session)
    words = session.commands[-1]
    assert words[1:4] == ("gate", "record", "oci")
    assert words[words.index("--environment") + 1] == ".nox/sandbox-oci"
    assert words[words.index("--") + 1 :] == noxfile.RELEASE[0].command


BENCHED = [
    ([], ["demo.py", "sandbox.py"]),
    (["demo"], ["demo.py"]),
    (["sandbox", "--soak", "1000"], ["sandbox.py", "--soak", "1000"]),
    (["tables", "folder"], ["tables.py", "folder"]),
    (["questions", "folder"], ["questions.py", "folder", "--peer", "python"]),
]


@pytest.mark.parametrize(("words", "ran"), BENCHED)
def test_one_bench_can_be_run_alone(
    noxfile: ModuleType, monkeypatch: pytest.MonkeyPatch, words: list[str], ran: list[str]
) -> None:
    monkeypatch.setattr(noxfile, "_environment", lambda _: {})
    monkeypatch.setattr(noxfile, "_peer", lambda _: Path("peer/bin/python"))
    recorder = Recorder(words)
    noxfile.bench.func(recorder)
    assert [Path(word).name for words in recorder.commands for word in words[1:]] == ran
    assert all((ROOT / command[1]).is_file() for command in recorder.commands)


def test_a_bench_that_is_not_there_is_refused(noxfile: ModuleType) -> None:
    with pytest.raises(
        Refused, match="wanted one of: demo, sandbox, tables, questions; got 'sandbx'"
    ):
        noxfile.bench.func(Recorder(["sandbx"]))
