"""What ``.ci/run`` prints last, and its exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = """#!/bin/sh
mkdir -p .venv/bin
printf '#!/bin/sh\\n' > .venv/bin/pip
printf '#!/bin/sh\\ncat said\\nexit %s\\n' "$CODE" > .venv/bin/nox
chmod +x .venv/bin/pip .venv/bin/nox
"""
FEW, MANY = "7 passed in 0.5s", "12 passed, 3 warnings in 10.1s"
FAILED = "1 failed, 90 passed in 3.0s"
CLOSING = "tree abc: green, 19 things checked"

CASES = [
    ("green", 0, (MANY, FEW, CLOSING), MANY),
    ("all evidence was fresh", 0, (CLOSING,), CLOSING),
    ("a suite failed", 1, (FAILED, MANY, FEW, CLOSING), FAILED),
    ("all of a small suite failed", 1, ("1 failed in 1.0s", MANY, CLOSING), "1 failed in 1.0s"),
    ("no suite failed", 1, (MANY, FEW, CLOSING), CLOSING),
    ("a part could not be judged", 3, (CLOSING,), CLOSING),
]


@pytest.mark.parametrize(
    ("code", "said", "last"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_printed_last(tmp_path: Path, code: int, said: tuple[str, ...], last: str) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy2(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "said").write_text("\n".join(said) + "\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").write_text(PYTHON)
    (tmp_path / "bin/python3").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "CODE": str(code)}
    done = subprocess.run([tmp_path / ".ci/run"], env=variables, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (code, b"")
    assert done.stdout.decode().splitlines()[-1] == last
