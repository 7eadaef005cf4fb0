"""The settings of the gate: read whole, and refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.config import Config, matches, parse_config, read_config
from tracemill_gate.errors import ConfigFault

REAL = Path(__file__).parents[3]
HEAD = b"[tool.tracemill.gate]\n"


def test_this_repository_requires_gates() -> None:
    config = read_config(REAL)
    assert config.required[0] == "lint"
    assert config.is_generated("contracts/trace.v1.schema.json")
    assert not config.is_generated("contracts/examples/trace.v1/valid/a.json")
    assert config.is_test("tests/bench/bench.py")
    assert config.is_test("packages/gate/tests/conftest.py")
    assert not config.is_test("packages/gate/src/tracemill_gate/git.py")


def test_defaults_hold_for_a_small_repository() -> None:
    config = parse_config(HEAD + b'required = ["unit"]', where="p")
    assert (config.source_roots, config.upstream) == (("src",), ("origin/main", "main"))
    assert config.sources == {}
    assert (config.hygiene.files, config.hygiene.max_module_lines) == (("packages/", "src/"), 500)


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
        (HEAD + b'required = ["a"]\nhygiene = {max_nesting = -1}', "/hygiene/max_nesting: wanted "),
        (HEAD + b'required = ["a"]\nhygiene = {most = 1}', "/hygiene/most: wanted no such key"),
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
    ("root", "path", "imported"),
    [
        ("src", "src/pkg/a.py", True),
        ("src", "src/pkg/tests/a.py", True),
        ("src/", "src/a.py", True),
        ("src", "srcs/a.py", False),
        ("packages/*/src", "packages/p/src/pkg/a.py", True),
        ("packages/*/src", "packages/p/tests/data/src/a.py", False),
        (".", "tests/a.py", False),
    ],
)
def test_what_lies_below_a_source_root_is_imported(root: str, path: str, *, imported: bool) -> None:
    assert Config(required=("unit",), source_roots=(root,)).is_imported(path) is imported


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("a/b.py", "a/b.py", True),
        ("a/", "a/b/c.py", True),
        ("a/", "ab/c.py", False),
        ("a/*.py", "a/b/c.py", True),
        ("*.lock", "requirements.lock", True),
        ("b.py", "a/b.py", False),
        ("a[1].py", "a[1].py", True),
        ("a[1]/", "a[1]/b.py", True),
        ("a[1].py", "a1.py", True),
    ],
)
def test_patterns(pattern: str, path: str, *, holds: bool) -> None:
    assert matches(pattern, path) is holds
