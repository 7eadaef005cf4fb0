from __future__ import annotations

import subprocess
import sys

import click
import pytest

from tracemill_datagen import cli

GROUPS = ("dataset", "episode", "program", "question", "table", "task", "trace")


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_is_there_with_its_commands(name: str) -> None:
    group = getattr(cli, name)
    assert isinstance(group, click.Group)
    assert group.name == name
    assert ("coverage" if name == "program" else "show") in group.commands


def test_looking_at_the_commands_loads_nothing_heavy() -> None:
    code = (
        "import sys, tracemill_datagen.cli;"
        "heavy = {'pandas', 'numpy', 'scipy', 'sqlite3'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
