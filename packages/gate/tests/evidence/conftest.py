"""A folder that looks like a virtual environment."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """``venv`` with one distribution and one program, ``hello``."""
    folder = tmp_path / "venv"
    (folder / "lib/python3.11/site-packages/one-1.0.dist-info").mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.9\n")
    (folder / "bin/hello").write_text("#!/bin/sh\necho hello from the environment\n")
    (folder / "bin/hello").chmod(0o755)
    return folder
