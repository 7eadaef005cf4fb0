"""What the gate must know of a repository: the table ``[tool.tracemill.gate]`` of pyproject.toml.

    [tool.tracemill.gate]
    required = ["lint", "types", "unit"]            gates that a tree needs green evidence of
    upstream = ["origin/main", "main"]              branches that changes are merged into
    source_roots = ["packages/*/src"]               folders that Python imports from
    generated = ["requirements.lock"]               files that nobody writes by hand
    contracts = "tracemill_schema.contract:CONTRACTS"   the records, as MODULE:NAME of a tuple
    contracts_folder = "contracts"
    generator = "packages/datagen/src/..."          the code whose digest datasets carry; optional

Paths are relative to the top folder. A pattern is one of ``fnmatch``, in which ``*`` also matches
``/``; one that ends with ``/`` stands for all files below it.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_gate.errors import ConfigFault
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Name, Record

FILE = "pyproject.toml"


class Config(Record):
    """The settings of the gate for one repository."""

    contract: ClassVar[str] = "[tool.tracemill.gate]"

    required: tuple[Name, ...] = Field(
        min_length=1, description="gates, in the order in which they are shown"
    )
    upstream: tuple[str, ...] = Field(
        default=("origin/main", "main"), description="branches; the first that exists counts"
    )
    source_roots: tuple[str, ...] = Field(
        default=("src",), description="patterns of the folders that Python imports from"
    )
    generated: tuple[str, ...] = Field(
        default=(), description="patterns of files made by a command; they count as no lines"
    )
    contracts: str = Field(
        default="tracemill_schema.contract:CONTRACTS", pattern=r"^[\w.]+:[A-Za-z_]\w*$"
    )
    contracts_folder: str = "contracts"
    generator: str | None = Field(
        default=None, description="folder of the code whose digest datasets carry"
    )

    def is_generated(self, path: str) -> bool:
        """Tell whether a file is made by a command, not by hand."""
        return any(matches(pattern, path) for pattern in self.generated)


def matches(pattern: str, path: str) -> bool:
    """Tell whether a path of the repository is meant by a pattern (see the module)."""
    return fnmatchcase(path, pattern + "*" if pattern.endswith("/") else pattern)


def read_config(root: Path) -> Config:
    """Read the settings of the repository whose top folder is ``root``.

    Raises:
        ConfigFault: there are none, or they are wrong; the message names each fault.
    """
    try:
        return parse_config((root / FILE).read_bytes(), where=str(root / FILE))
    except OSError as error:
        raise ConfigFault(
            f"{root / FILE}: wanted a readable file with the table [tool.tracemill.gate], "
            f"got: {error.strerror}"
        ) from error


def parse_config(data: bytes, *, where: str) -> Config:
    """Read the settings from the bytes of a pyproject.toml; raises like ``read_config``."""
    try:
        tool = tomllib.loads(data.decode()).get("tool", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigFault(f"{where}: not TOML: {error}") from error
    table = tool.get("tracemill", {}).get("gate")
    if table is None:
        raise ConfigFault(
            f"{where}: wanted the table [tool.tracemill.gate], got none; "
            'add it with at least: required = ["lint", "unit"]'
        )
    try:
        return Config.from_values(table, where=f"{where}, [tool.tracemill.gate]")
    except RecordError as error:
        raise ConfigFault(str(error)) from error
