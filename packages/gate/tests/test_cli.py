"""Every command says what it does, with an example."""

from __future__ import annotations

import click
import pytest

from tracemill_gate.cli import gate, spec


def commands(group: click.Group) -> list[click.Command]:
    found: list[click.Command] = [group]
    for command in group.commands.values():
        found += commands(command) if isinstance(command, click.Group) else [command]
    return found


@pytest.mark.parametrize("command", [*commands(gate), *commands(spec)], ids=lambda c: str(c.name))
def test_every_command_has_an_example(command: click.Command) -> None:
    assert command.help is not None
    assert "Example:" in command.help
