"""What the gate must know of a repository: the table ``[tool.tracemill.gate]`` of pyproject.toml.

    [tool.tracemill.gate]
    required = ["lint", "types", "unit"]            gates that a tree needs green evidence of
    upstream = ["origin/main", "main"]              branches that changes are merged into
    source_roots = ["packages/*/src"]               folders that Python imports from
    generated = ["requirements.lock"]               files that nobody writes by hand
    tests = ["tests/", "*/tests/"]                  files whose names are no part of what is built
    contracts = "tracemill_schema.contract:CONTRACTS"   the records, as MODULE:NAME of a tuple
    contracts_folder = "contracts"
    retired_contracts = ["chair.v1"]                contracts that were given up on purpose

    [tool.tracemill.gate.sources]                   code whose digests data and models carry
    source_tree = "packages/datagen/src/..."

    [tool.tracemill.gate.hygiene]
    files = ["packages/"]                           what is looked at for markers and sizes
    max_module_lines = 500                          and max_function_lines, max_nesting

Paths are relative to the top folder. A pattern is one of ``fnmatch``, in which ``*`` also matches
``/``; one that ends with ``/`` stands for all files below it. A path that is written out always
means itself, also with brackets in it.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import ClassVar

from pydantic import Field

from tracemill_gate.errors import ConfigFault
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Name, Record

FILE = "pyproject.toml"


class Hygiene(Record):
    """The settings of ``tracemill gate hygiene``: what it looks at, and what it does not let pass.

    The limits are far above what one aims at: they stop what grows unseen.
    """

    contract: ClassVar[str] = "[tool.tracemill.gate.hygiene]"

    files: tuple[str, ...] = Field(
        default=("packages/", "src/"), description="patterns of the files that are looked at"
    )
    max_module_lines: int = Field(default=500, ge=1, description="lines of a module")
    max_function_lines: int = Field(default=80, ge=1, description="lines of a function")
    max_nesting: int = Field(default=6, ge=0, description="blocks in each other in a function")


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
    tests: tuple[str, ...] = Field(
        default=("tests/", "*/tests/"),
        description="patterns of test files; what they define need not be declared by a spec",
    )
    contracts: str = Field(
        default="tracemill_schema.contract:CONTRACTS", pattern=r"^[\w.]+:[A-Za-z_]\w*$"
    )
    contracts_folder: str = "contracts"
    retired_contracts: tuple[str, ...] = Field(
        default=(), description="contracts (NAME.vN) that may go without a higher version"
    )
    sources: dict[Name, str] = Field(
        default={}, description="version -> folder whose digest the gate's evidence carries by it"
    )
    hygiene: Hygiene = Hygiene()

    def is_generated(self, path: str) -> bool:
        """Tell whether a file is made by a command, not by hand."""
        return any(matches(pattern, path) for pattern in self.generated)

    def is_imported(self, path: str) -> bool:
        """Tell whether a file lies below a source root that is no folder of tests itself.

        The top folder is left out: as a source root it holds everything.
        """
        folders = [str(folder) for folder in PurePosixPath(path).parents][:-1]
        roots = [f for f in folders if any(matches(r.rstrip("/"), f) for r in self.source_roots)]
        return any(not self.is_test(f"{folder}/") for folder in roots)

    def is_test(self, path: str) -> bool:
        """Tell whether a file holds tests, or what only tests use."""
        return any(matches(pattern, path) for pattern in self.tests)


def matches(pattern: str, path: str) -> bool:
    """Tell whether a path of the repository is meant by a pattern (see the module)."""
    if path == pattern or (pattern.endswith("/") and path.startswith(pattern)):
        return True
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
