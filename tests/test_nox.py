"""The parts of the gate in noxfile.py, held to what the repository requires."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from canary.part import NOXFILE

from tracemill_gate.config import read_config
from tracemill_gate.evidence.check import Check, refuse_impossible

ROOT = Path(__file__).parents[1]
PACKAGES = {path.parent.name for path in (ROOT / "packages").glob("*/pyproject.toml")}


@pytest.fixture
def noxfile() -> ModuleType:
    """The module, as the canaries load it."""
    return NOXFILE


def test_every_required_gate_has_its_part_in_this_order(noxfile: ModuleType) -> None:
    assert tuple(part.gate for part in noxfile.PARTS) == read_config(ROOT).required


def test_every_part_can_leave_evidence(noxfile: ModuleType) -> None:
    for part in noxfile.PARTS:
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
    assert tested - {noxfile.SHARED} == PACKAGES
    for part in noxfile.PARTS:
        if part.environment != noxfile.SHARED:
            folders = {path.name for path in noxfile._ours(part.environment)}
            named = {word.split("/")[1] for word in part.command if word.startswith("packages/")}
            assert named, part.gate
            assert named <= folders, f"{part.gate} runs tests of packages that are not installed"


def test_every_marker_is_run_by_some_part(noxfile: ModuleType) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    markers = {text.partition(":")[0] for text in settings["markers"]}
    run = {
        name
        for part in noxfile.PARTS
        if "-m" in part.command and noxfile.QUICK not in part.command
        for name in re.findall(r"\w+", part.command[part.command.index("-m") + 1])
    }
    assert markers - run - {"or"} == {"train"}, "train-smoke runs all tests of the trainer"
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
