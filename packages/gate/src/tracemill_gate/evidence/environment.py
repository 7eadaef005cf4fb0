"""The environment that a check runs in: what is installed there, and how a command enters it.

What is installed is read from the folder itself, without starting its interpreter: the names of the
``NAME-VERSION.dist-info`` folders (https://packaging.python.org/en/latest/specifications/
recording-installed-packages) and ``pyvenv.cfg`` (PEP 405). So evidence describes the environment
of the check, also where the gate itself runs in another one.

Evidence is about a check, not about the shell that it was started from: variables by which a caller
tells the tools of the checks what to look at are taken away. What a check needs of them stands in
its command (``env PYTHONPATH=src pytest``), and so in the digest of the check.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tracemill_gate.errors import CannotJudge
from tracemill_schema.canonical import content_id

MARK = "pyvenv.cfg"
"""The file by which a folder is a virtual environment."""

CALLERS = ("PYTHON", "PYTEST_", "COV_", "COVERAGE_", "MYPY", "RUFF_")
"""How the variables begin that change what Python, pytest, coverage, mypy and ruff look at."""


def versions_of(root: Path, environment: str) -> Mapping[str, str]:
    """Return what a check runs with: Python, platform, gate, a digest of all distributions.

    Args:
        root: Top folder of the working tree.
        environment: Folder of the environment, relative to ``root``; empty: this interpreter's.

    Returns:
        Kind -> version; an environment that is not there has the Python ``none``.
    """
    if environment:
        python = _python(root / environment)
        sites = list((root / environment).glob("lib/python*/site-packages"))
    else:
        python, sites = platform.python_version(), [Path(sysconfig.get_path("purelib"))]
    installed = sorted(path.name for site in sites for path in site.glob("*.dist-info"))
    return {
        "python": python,
        "platform": f"{sys.platform} {platform.machine()}",
        "tracemill-gate": importlib.metadata.version("tracemill-gate"),
        "distributions": content_id(installed),
    }


def variables_of(root: Path, environment: str) -> Mapping[str, str]:
    """Return the variables of a check: a command finds the programs of its environment first.

    Raises:
        CannotJudge: the folder is no virtual environment.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(CALLERS)}
    if not environment:
        return kept
    folder = (root / environment).absolute()
    if not (folder / MARK).is_file():
        raise CannotJudge(
            f"{environment}: wanted a virtual environment, got no {MARK}; make it with the "
            "repository's own means (here: nox), then run the gate again"
        )
    path = f"{folder / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(folder)}


def _python(folder: Path) -> str:
    """Return the version in ``pyvenv.cfg``: uv writes ``version_info``, venv ``version``."""
    try:
        lines = (folder / MARK).read_text().splitlines()
    except OSError:
        return "none"
    values = {key.strip(): value.strip() for key, _, value in (s.partition("=") for s in lines)}
    return values.get("version_info") or values.get("version") or "unknown"
