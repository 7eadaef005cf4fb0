"""A program that a test starts finds no editable install."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from tracemill_gate.proof.environment import install_probe
from tracemill_gate.proof.isolation import kept


def test_folders_of_pth_files_go() -> None:
    path = [
        "",
        "/probe",
        "/tree/src",
        "/lib/python3.11",
        "/lib/python3.11/lib-dynload",
        "/lib/python311.zip",
        "/v/site-packages",
        "/checkout/src",
    ]
    assert kept(path, "/probe:/tree/src", "/lib/python3.11") == path[:-1]


def test_a_started_python_does_not_see_what_a_pth_file_adds(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    (site,) = (tmp_path / "env/lib").glob("python*/site-packages")
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/own.py").touch()
    (site / "own.pth").write_text(f"{tmp_path / 'checkout'}\nimport sys; sys.meta_path.append(3)\n")
    install_probe(tmp_path / "probe")
    words = (str(tmp_path / "env/bin/python"), "-c", "import own")
    naive = subprocess.run(words, env={}, capture_output=True, check=False)
    assert naive.returncode == 0
    isolated = {"PYTHONPATH": str(tmp_path / "probe")}
    done = subprocess.run(words, env=isolated, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'own'"
