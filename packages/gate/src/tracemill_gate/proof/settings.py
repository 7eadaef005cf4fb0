"""Which settings of pytest hold for a test file: those of HEAD, at both sides.

The test files of HEAD may need the markers, options and warning filters of HEAD's settings. The
whole pyproject.toml of HEAD must not stand at the base, for it may be what the change is about. So
pytest is given HEAD's file by ``-c``; at the base as a copy beside its own if the two differ.
"""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

COPY = "tracemill-proof-"
"""Stands before the name of a copied file of settings."""


@dataclass(frozen=True, kw_only=True)
class PytestSettings:
    """A file of settings as it is at HEAD.

    Attributes:
        path: Relative to the top folder.
        data: Its bytes.
    """

    path: str
    data: bytes


NONE = PytestSettings(path="pytest.ini", data=b"[pytest]\n")
"""What holds if HEAD has no settings; those that the base may have must not hold for it."""


def settings_of(test_file: str, top: Path) -> PytestSettings:
    """Return the settings that pytest would find for a test file.

    Args:
        test_file: Relative to ``top``.
        top: Top folder of HEAD's tree.
    """
    for folder in PurePosixPath(test_file).parents:
        for name, holds in _FILES.items():
            path = top / folder / name
            data = path.read_bytes() if path.is_file() else None
            if data is not None and holds(data.decode(errors="replace")):
                return PytestSettings(path=str(folder / name), data=data)
    return NONE


def lay(settings: PytestSettings, top: Path) -> Path:
    """Make settings readable in a tree and return the file for ``-c``.

    The file lies in the folder that it has at HEAD, for its paths are relative to that.
    """
    own = top / settings.path
    if own.is_file() and own.read_bytes() == settings.data:
        return own
    copy = own.with_name(COPY + own.name)
    if not copy.is_file() or copy.read_bytes() != settings.data:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(settings.data)
    return copy


def _always(_: str) -> bool:
    return True


def _has_table(text: str) -> bool:
    try:
        return bool(tomllib.loads(text).get("tool", {}).get("pytest"))
    except tomllib.TOMLDecodeError:
        return True  # pytest itself will say what is wrong with it


def _has_section(name: str) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        try:
            parser.read_string(text)
        except configparser.Error:
            return f"[{name}]" in text
        return parser.has_section(name)

    return holds


_FILES: Mapping[str, Callable[[str], bool]] = {
    "pytest.toml": _always,
    ".pytest.toml": _always,
    "pytest.ini": _always,
    ".pytest.ini": _always,
    "pyproject.toml": _has_table,
    "tox.ini": _has_section("pytest"),
    "setup.cfg": _has_section("tool:pytest"),
}
"""Names that pytest looks for in each folder upwards, in its order, and when one counts (pytest's
documentation, "Configuration": initialization of rootdir and configuration file)."""
