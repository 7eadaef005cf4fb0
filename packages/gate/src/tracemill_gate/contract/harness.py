"""The contract harness: schema files written from the records, and held to them and to history.

write   every record -> contracts/NAME.vN.schema.json
check   schema file == record by meaning (drift), examples judged by three judges (example),
        schema file against the same file at the base (history)

Which records there are, and where their schemas lie, stands in ``[tool.tracemill.gate]`` of the
repository: ``contracts`` and ``contracts_folder``.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.base import base_of
from tracemill_gate.config import FILE, Config, parse_config, read_config
from tracemill_gate.contract.drift import check_schemas
from tracemill_gate.contract.example import check_examples
from tracemill_gate.contract.history import Change, check_history
from tracemill_gate.errors import ConfigFault, GateUsage
from tracemill_gate.fault import Report, joined
from tracemill_gate.git import Repository, open_repository
from tracemill_schema.contract import write_schemas
from tracemill_schema.record import Record


@dataclass(frozen=True, kw_only=True)
class ContractReport(Report):
    """What a check of the contracts found.

    Attributes:
        base: Full id of the commit that the schema files were compared with.
        changes: What became of each schema file that is not the same as at the base.
    """

    base: str
    changes: tuple[Change, ...]


def write(folder: Path) -> tuple[Path, ...]:
    """Write the schema of every contract of the repository that holds ``folder``.

    Returns:
        The paths of the files.

    Raises:
        CannotJudge: ``folder`` is in no repository.
        ConfigFault: the repository has no settings, or names no records.
    """
    root = open_repository(folder).root
    config = read_config(root)
    return write_schemas(root / config.contracts_folder, load_records(config.contracts))


def check(folder: Path, *, base: str | None) -> ContractReport:
    """Check the contracts of the repository that holds ``folder``.

    Args:
        folder: A folder of the working tree.
        base: A revision to compare with, or None for the rule of ``base.base_of``.

    Raises:
        CannotJudge: git or the base is missing (each case with its own class), or the base holds
            something else than schemas.
        ConfigFault: the repository has no settings, or names no records.
        GateUsage: there is no folder of contracts.
    """
    repository = open_repository(folder)
    config = read_config(repository.root)
    records = load_records(config.contracts)
    commit = base_of(repository, config, base)
    contracts = _folder(repository.root, config)
    history = check_history(
        repository,
        commit,
        before=_folder_at(repository, commit, config),
        after=config.contracts_folder,
        retired=config.retired_contracts,
    )
    report = joined((check_records(contracts, records), history.report))
    return ContractReport(
        checked=report.checked, faults=report.faults, base=commit, changes=history.changes
    )


def check_records(folder: Path, records: Sequence[type[Record]]) -> Report:
    """Check the schemas and the examples of a contracts folder against the records."""
    return joined((check_schemas(folder, records), check_examples(folder / "examples", records)))


def load_records(setting: str) -> tuple[type[Record], ...]:
    """Return the records that a setting ``MODULE:NAME`` names.

    Raises:
        ConfigFault: there is no such module or name, or it is no tuple of records.
    """
    module, _, name = setting.partition(":")
    told = f"[tool.tracemill.gate], contracts = {setting!r}: wanted"
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, SyntaxError) as error:
        raise ConfigFault(
            f"{told} a module that can be imported, got: {error}; "
            "install the package that holds it, or correct the setting"
        ) from error
    except AttributeError as error:
        raise ConfigFault(f"{told} a name of that module, got: {error}; correct it") from error
    if not isinstance(found, tuple) or not found or not all(_is_record(kind) for kind in found):
        raise ConfigFault(
            f"{told} a tuple of subclasses of tracemill_schema.record.Record, "
            f"got {repr(found)[:80]}; correct the setting"
        )
    return found


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _folder(root: Path, config: Config) -> Path:
    found = root / config.contracts_folder
    if not found.is_dir():
        raise GateUsage(
            f"{found}: wanted the folder of the contracts, got none; correct contracts_folder of "
            "[tool.tracemill.gate], or run `tracemill gate contracts write` first"
        )
    return found


def _folder_at(repository: Repository, commit: str, config: Config) -> str:
    """Return the contracts folder at the base: another setting must not hide the old files."""
    try:
        data = repository.show(commit, FILE) or b""
        return parse_config(data, where=FILE).contracts_folder
    except ConfigFault:
        return config.contracts_folder
