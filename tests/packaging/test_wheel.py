"""Wheels: every file of the source is in them, and what is installed from them works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.packaging
PACKAGES = sorted(path.parent for path in (ROOT / "packages").glob("*/pyproject.toml"))


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel of every package into one folder."""
    folder = tmp_path_factory.mktemp("wheels")
    for package in PACKAGES:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
            cwd=package,
            check=True,
            capture_output=True,
        )
    return folder


@pytest.fixture(scope="session")
def site(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheels into a folder that comes before the environment's own packages."""
    folder = tmp_path_factory.mktemp("site")
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def _python(site: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_wheel_of_every_package_is_built(wheels: Path) -> None:
    assert len(list(wheels.glob("*.whl"))) == len(PACKAGES) == 8


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_source_file_is_in_the_wheel(package: Path, site: Path) -> None:
    sources = [
        path.relative_to(package / "src")
        for path in (package / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert any(path.name == "py.typed" for path in sources)
    missing = [path for path in sources if not (site / path).is_file()]
    assert missing == []


def test_the_installed_command_works_with_its_data(site: Path, tmp_path: Path) -> None:
    where = _python(site, "-c", "import tracemill; print(tracemill.__file__)", cwd=tmp_path)
    assert where.startswith(str(site))
    assert "tracemill run --table" in _python(site, "-m", "tracemill", "--help", cwd=tmp_path)
    assert "penguins" in _python(site, "-m", "tracemill", "table", "list", cwd=tmp_path)


def test_handlers_and_rewards_are_found_by_name(site: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.metadata import entry_points\n"
        "for group in ('tracemill.run_handlers', 'tracemill.rewards'):\n"
        "    print(group, sorted({e.name for e in entry_points(group=group) if e.load()}))"
    )
    assert _python(site, "-c", code, cwd=tmp_path).splitlines() == [
        (
            "tracemill.run_handlers ['bundle', 'complete', 'dataset', 'episodes', 'evaluate', "
            "'questions', 'readiness', 'smoke', 'tables', 'tasks', 'traces', 'train']"
        ),
        "tracemill.rewards ['answer', 'format', 'step_validity']",
    ]
