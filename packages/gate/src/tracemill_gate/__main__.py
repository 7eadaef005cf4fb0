"""``python -m tracemill_gate``: the gate by itself, where the rest of tracemill is not installed.

Commands and exit codes are those of ``tracemill gate`` and ``tracemill spec``.
"""

from __future__ import annotations

import sys

import click

from tracemill_gate.cli import gate, spec
from tracemill_schema.errors import TracemillError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Judge a repository by its contracts, specs and evidence.

    \b
    Example:
      python -m tracemill_gate gate run --plan plan.json

    Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 could not judge.
    """


main.add_command(gate)
main.add_command(spec)


def run() -> int:
    """Run the command line; turn every known error into one message and its exit code."""
    try:
        outcome = main.main(prog_name="python -m tracemill_gate", standalone_mode=False)
    except TracemillError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: what is finished stands; the same command goes on", err=True)
        return 130
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    sys.exit(run())
