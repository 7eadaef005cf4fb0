"""``tracemill``: every package's commands under one name.

The table below is all that is loaded before a command is chosen, so that ``tracemill --help``
answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click
from typing_extensions import override

from tracemill_schema.errors import TracemillError

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("run", "tracemill.command:run", "Go from tables to a rehearsal bundle; look at its runs."),
    ("status", "tracemill.command:status", "Show how every stage of a workspace stands."),
    ("table", "tracemill_datagen.cli:table", "Read and profile tables."),
    ("program", "tracemill_datagen.cli:program", "Look at the programs behind questions."),
    ("question", "tracemill_datagen.cli:question", "Ask questions that are settled by proof."),
    ("task", "tracemill_datagen.cli:task", "Make reasoning tasks with checked steps."),
    ("episode", "tracemill_datagen.cli:episode", "Solve questions in the sandbox."),
    ("trace", "tracemill_datagen.cli:trace", "Show and replay reasoning traces."),
    ("dataset", "tracemill_datagen.cli:dataset", "Build, verify and export datasets."),
    ("train", "tracemill_trainer.cli:train", "Train models and sample from them."),
    ("evaluate", "tracemill_trainer.cli:evaluate", "Judge what a model wrote."),
    ("bundle", "tracemill_bundle.cli:bundle", "Build and verify submission bundles."),
    ("gate", "tracemill_gate.cli:gate", "Record and judge the evidence of this tree."),
    ("spec", "tracemill_gate.cli:spec", "Plan changes, hold them to specs, prove their tests."),
    (
        "experiment",
        "tracemill_gate.cli:experiment",
        "Say beforehand what would be a success, and decide it.",
    ),
    ("db", "tracemill_worker.cli:db", "Start and stop the embedded PostgreSQL."),
    ("worker", "tracemill_worker.cli:worker", "Work on queued runs."),
    ("sandbox", "tracemill_sandbox.cli:sandbox", "Run untrusted Python, contained."),
    ("record", "tracemill_schema.cli:record", "Check files against the contracts."),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, not when they are listed."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return [name for name, _, _ in COMMANDS]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        for name, target, _ in COMMANDS:
            if name == cmd_name:
                module, _, attribute = target.partition(":")
                command = getattr(import_module(module), attribute)
                if not isinstance(command, click.Command):
                    raise TypeError(f"{target} is not a click command")
                return command
        return None

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, _, text in COMMANDS])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tracemill", prog_name="tracemill")
def tracemill() -> None:
    """Turn tables into executed, checked reasoning traces, and traces into trained models.

    \b
    Example:
      tracemill run --table penguins.csv

    Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 could not judge, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; turn every known error into one message and its exit code."""
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        outcome = tracemill.main(args=arguments, standalone_mode=False)
    except TracemillError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: what is finished stands; the same command goes on", err=True)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep the interpreter from saying so at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}; what is finished stands", err=True)
        return 3
    return outcome if isinstance(outcome, int) else 0
