"""The settings of the gate: read whole, and refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.config import matches, parse_config, read_config
from tracemill_gate.errors import ConfigFault

REAL = Path(__file__).parents[3]
HEAD = b"[tool.tracemill.gate]\n"


def test_this_repository_requires_gates() -> None:
    config = read_config(REAL)
    assert config.required[0] == "lint"
    assert config.is_generated("contracts/trace.v1.schema.json")
    assert not config.is_generated("contracts/examples/trace.v1/valid/a.json")


def test_defaults_hold_for_a_small_repository() -> None:
    config = parse_config(HEAD + b'required = ["unit"]', where="p")
    assert (config.source_roots, config.upstream) == (("src",), ("origin/main", "main"))
    assert config.generator is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "p: wanted the table [tool.tracemill.gate], got none; add it with at least: "),
        (b"[x", "p: not TOML: "),
        (b"\xff", "p: not TOML: "),
        (HEAD, "/required: wanted a value, got nothing"),
        (HEAD + b"required = []", "/required: wanted "),
        (HEAD + b'required = ["a"]\nrequird = 1', "/requird: wanted no such key, got 1"),
        (HEAD + b'required = ["a"]\ncontracts = "a b"', "/contracts: wanted "),
    ],
)
def test_wrong_settings_are_named(data: bytes, words: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        parse_config(data, where="p")
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="wanted a readable file with the table"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("a/b.py", "a/b.py", True),
        ("a/", "a/b/c.py", True),
        ("a/", "ab/c.py", False),
        ("a/*.py", "a/b/c.py", True),
        ("*.lock", "requirements.lock", True),
        ("b.py", "a/b.py", False),
    ],
)
def test_patterns(pattern: str, path: str, *, holds: bool) -> None:
    assert matches(pattern, path) is holds
