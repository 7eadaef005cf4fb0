"""The environment in which the tests of one tree run: that tree and third-party packages, no more.

    python -S -P       no site module, so no .pth file and no editable install; no current folder
    PYTHONPATH         probe and isolation; source roots of the tree; folders of installed packages

The rest of the caller's environment stands, apart from what would change Python, pytest or git.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tracemill_gate.config import matches
from tracemill_gate.proof import isolation, probe

PROBE = "tracemill_proof_probe"
"""Name of the plugin where it is copied to; no package on PyPI has it."""

PYTHON = (sys.executable, "-S", "-P")
_DROPPED = ("PYTHON", "PYTEST_", "GIT_", "COV_CORE_", "COVERAGE_")
"""Beginnings of variables that would change what is imported, collected or measured."""


def package_folders(path: Sequence[str]) -> tuple[str, ...]:
    """Return the folders of a ``sys.path`` that packages are installed into.

    They are told by their names: without the site module (as in a proof inside a proof) Python
    itself does not know which they are.
    """
    return tuple(folder for folder in path if Path(folder).name in isolation.FOLDERS)


def source_roots(paths: Iterable[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the folders that Python imports from, relative to the top folder and sorted.

    Args:
        paths: All files of a commit.
        patterns: ``source_roots`` of its settings; ``.`` is the top folder.
    """
    folders = {"."}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(f for f in folders if any(matches(pattern, f) for pattern in patterns)))


def own_modules(paths: Sequence[str], roots: Sequence[str]) -> dict[str, str]:
    """Return dotted name -> file of all modules that lie below the source roots."""
    found = {}
    for root in roots:
        prefix = "" if root == "." else f"{root}/"
        for path in paths:
            if path.startswith(prefix) and path.endswith(".py"):
                parts = path[len(prefix) : -len(".py")].split("/")
                parts = parts[:-1] if parts[-1] == "__init__" else parts
                if parts and all(part.isidentifier() for part in parts):
                    found[".".join(parts)] = path
    return found


def importable(paths: Sequence[str]) -> dict[str, str]:
    """Return dotted name -> file for every folder that a file might be imported from.

    Settings of pytest and tests themselves add folders to ``sys.path``, so a module at the top of
    the repository is its own also where it is no source root. Of files that share a name the one
    nearest to the top counts; what is called like a module of Python is that of Python.
    """
    roots = source_roots(paths, ("*", "."))
    deepest_first = sorted(roots, key=lambda root: (-root.count("/"), root == "."))
    found = own_modules(paths, deepest_first)
    return {
        name: path
        for name, path in found.items()
        if name.partition(".")[0] not in sys.stdlib_module_names
    }


def install_probe(folder: Path) -> None:
    """Copy the plugin and the isolation of started programs into a folder."""
    folder.mkdir()
    for name, module in ((PROBE, probe), ("sitecustomize", isolation)):
        (folder / f"{name}.py").write_bytes(Path(str(module.__file__)).read_bytes())


def packages_lack_bytecode() -> bool:
    """Tell whether pytest was installed without bytecode, as some installers do.

    Each process would then compile it and all its plugins anew, which takes seconds.
    """
    spec = importlib.util.find_spec("pytest")
    return spec is None or not Path(str(spec.origin)).with_name("__pycache__").is_dir()


def environment(
    inherited: Mapping[str, str],
    *,
    probe_folder: Path,
    roots: Sequence[Path],
    request: Path,
    bytecode: Path | None,
) -> dict[str, str]:
    """Return the variables for one run of pytest.

    Args:
        inherited: The caller's environment.
        probe_folder: Where ``install_probe`` put the plugin.
        roots: Source roots of the tree, whole paths.
        request: What the plugin shall do, see tracemill_gate.proof.probe.
        bytecode: Folder that processes share their bytecode in; without one they write none. In
            both cases the tree stays as git wrote it.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith(_DROPPED)}
    written = (
        {"PYTHONPYCACHEPREFIX": str(bytecode)} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
    )
    folders = (str(probe_folder), *map(str, roots), *package_folders(sys.path))
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(folders),
        **written,
        "PYTHONHASHSEED": "0",  # the order of sets makes no flakes
        "PYTHONNOUSERSITE": "1",
        probe.VARIABLE: str(request),
    }
