"""The contracts of this repository hold, and those of another one are found by its settings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracemill_gate.contract.drift import check_schemas
from tracemill_gate.contract.harness import check, check_records, load_records, write
from tracemill_gate.errors import (
    ConfigFault,
    GateUsage,
    NotARepository,
    NothingToCompare,
    ShallowClone,
)
from tracemill_gate.git import open_repository
from tracemill_schema.contract import CONTRACTS

Git = Callable[..., str]
REAL = Path(__file__).parents[4] / "contracts"
MODULE = "chairs_of_another_repository"
RECORDS = """
from typing import ClassVar
from pydantic import Field
from tracemill_schema.record import Record

class Chair(Record):
    contract: ClassVar[str] = "chair.v1"
    legs: int = Field(ge=1)

CHAIRS = (Chair,)
EMPTY = ()
WORDS = ("Chair",)
"""
SETTINGS = """
[tool.tracemill.gate]
required = ["contracts"]
contracts = "{module}:CHAIRS"
contracts_folder = "{folder}"
"""
VALID = "examples/chair.v1/valid/four.json"
INVALID = "examples/chair.v1/invalid/none.json"


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The module of the other repository's records, which can be imported."""
    path = tmp_path / "source" / f"{MODULE}.py"
    path.parent.mkdir()
    path.write_text(RECORDS)
    monkeypatch.syspath_prepend(str(path.parent))
    yield path
    sys.modules.pop(MODULE, None)


@pytest.fixture
def other(repository: Path, git: Git, records: Path) -> Path:
    """Another repository with one contract, its schema and examples, all committed."""
    settings = SETTINGS.format(module=MODULE, folder="formats")
    (repository / "pyproject.toml").write_text(settings)
    (folder := repository / "formats").mkdir()
    for name, text in ((VALID, '{"legs": 4}'), (INVALID, MINUS)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    write(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "contracts")
    return repository


MINUS = '{"document": {"legs": 0}, "pointer": "/legs", "keyword": "minimum"}'


def test_every_schema_of_this_repository_says_what_its_record_says() -> None:
    report = check_schemas(REAL, CONTRACTS)
    assert [str(fault) for fault in report.faults] == []
    assert report.checked == len(CONTRACTS)


def test_the_records_and_their_folder_are_those_of_the_settings(other: Path, git: Git) -> None:
    assert write(other / "folder") == (other / "formats/chair.v1.schema.json",)
    git(other, "commit", "-q", "--allow-empty", "-m", "more")
    report = check(other, base=None)
    held = check_records(other / "formats", load_records(f"{MODULE}:CHAIRS"))
    assert report.faults == held.faults
    assert report.checked == held.checked + 1
    assert report.changes == ()
    assert report.base == open_repository(other).commit("HEAD^")


def test_a_change_is_compared_with_the_base_that_is_named(other: Path, git: Git) -> None:
    git(other, "tag", "start")
    schema = other / "formats/chair.v1.schema.json"
    schema.write_text(schema.read_text().replace('"minimum": 1', '"minimum": 0'))
    git(other, "commit", "-q", "-a", "-m", "any chair")
    git(other, "commit", "-q", "--allow-empty", "-m", "more")
    assert check(other, base=None).changes == ()
    (change,) = check(other, base="start").changes
    assert (change.became, change.pointer) == ("backward", "/properties/legs/minimum")


def test_another_folder_does_not_hide_what_the_base_has(other: Path, git: Git) -> None:
    settings = SETTINGS.format(module=MODULE, folder="elsewhere")
    (other / "pyproject.toml").write_text(settings)
    (other / "elsewhere").mkdir()
    git(other, "commit", "-q", "--allow-empty", "-m", "more")
    report = check(other, base=None)
    assert [change.became for change in report.changes] == ["removed"]
    assert "chair.v1 was removed and no higher version is there" in str(report.faults)


def test_settings_that_are_new_are_compared_by_the_new_folder(repository: Path, git: Git) -> None:
    (repository / "pyproject.toml").write_text('[tool.tracemill.gate]\nrequired = ["unit"]\n')
    write(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "contracts")
    report = check(repository, base=None)
    assert {change.became for change in report.changes} == {"new"}
    assert len(report.changes) == len(CONTRACTS)


WRONG = [
    ("no_such_module_here:CONTRACTS", "wanted a module that can be imported, got: No module named"),
    (f"{MODULE}:NONE", "wanted a name of that module, got: "),
    (f"{MODULE}:EMPTY", "wanted a tuple of subclasses of tracemill_schema.record.Record, got ()"),
    (f"{MODULE}:WORDS", "got ('Chair',); correct the setting"),
    (f"{MODULE}:Chair", "wanted a tuple of subclasses of tracemill_schema.record.Record, got <"),
]


@pytest.mark.parametrize(("setting", "message"), WRONG)
def test_a_setting_that_names_no_records_is_told(records: Path, setting: str, message: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        load_records(setting)
    assert str(caught.value).startswith(f"[tool.tracemill.gate], contracts = {setting!r}: wanted")
    assert message in str(caught.value)


def test_a_module_that_is_no_python_is_told(records: Path) -> None:
    records.write_text("CHAIRS = (")
    with pytest.raises(ConfigFault, match="never closed"):
        load_records(f"{MODULE}:CHAIRS")


def test_without_a_base_or_a_repository_nothing_is_judged(
    other: Path, git: Git, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{other}", "shallow")
    with pytest.raises(ShallowClone):
        check(tmp_path / "shallow", base=None)
    (first := tmp_path / "first").mkdir()
    (first / "pyproject.toml").write_text((other / "pyproject.toml").read_text())
    with pytest.raises(NotARepository):
        check(first, base=None)
    git(first, "init", "-q")
    git(first, "add", "-A")
    git(first, "commit", "-q", "-m", "first")
    with pytest.raises(NothingToCompare):
        check(first, base=None)


def test_without_settings_nothing_is_written(repository: Path) -> None:
    with pytest.raises(ConfigFault):
        write(repository)


def test_a_folder_that_is_not_there_is_a_usage_fault(gated: Path) -> None:
    with pytest.raises(GateUsage, match="wanted the folder of the contracts, got none; correct"):
        check(gated, base=None)


def test_a_contract_that_is_given_up_may_go(other: Path, git: Git) -> None:
    (other / "formats/chair.v1.schema.json").unlink()
    settings = SETTINGS.format(module=MODULE, folder="formats")
    (other / "pyproject.toml").write_text(settings + 'retired_contracts = ["chair.v1"]\n')
    git(other, "commit", "-q", "-a", "-m", "no chairs")
    report = check(other, base=None)
    assert [change.became for change in report.changes] == ["removed"]
    assert [str(fault) for fault in report.faults if "removed" in str(fault)] == []
