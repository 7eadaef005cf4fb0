"""The documents say what is true: commands in them exist, and the README starts as promised."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tracemill.cli import tracemill

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]
PAGES += sorted((ROOT / "packages").glob("*/README.md"))
COMMAND = re.compile(r"^(?:\S*/)?tracemill ((?:[a-z-]+ ?)+)(.*)$", re.MULTILINE)


FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _blocks(text: str) -> str:
    """Return what stands in blocks of commands; a fence that closes another block opens none."""
    shells = {"", "console", "shell", "bash"}
    return "\n".join(body for language, body in FENCED.findall(text) if language in shells)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_page_exists_with_its_options(page: Path) -> None:
    for words, rest in COMMAND.findall(_blocks(page.read_text())):
        _resolve(words.split(), re.findall(r"--[a-z][a-z-]*", rest), str(page))


def _resolve(words: list[str], options: list[str], where: str) -> None:
    command: click.Command = tracemill
    context = click.Context(command, info_name="tracemill")
    for word in words:
        inner = command.get_command(context, word) if isinstance(command, click.Group) else None
        if inner is None:
            break
        command = inner
        context = click.Context(command, info_name=word, parent=context)
    assert command is not tracemill, f"{where}: tracemill {' '.join(words)} does not exist"
    flow = command.get_command(context, "flow") if isinstance(command, click.Group) else None
    known = {option for c in (command, flow) if c for p in c.params for option in p.opts}
    unknown = set(options) - known - {"--help", "--version"}
    assert not unknown, f"{where}: {context.command_path} has no option {', '.join(unknown)}"


def test_the_readme_begins_with_at_most_fifty_words_and_the_two_commands() -> None:
    before, _, rest = (ROOT / "README.md").read_text().partition("```console\n")
    assert len(before.replace("# tracemill", "").split()) <= 50
    commands = rest.partition("```")[0].splitlines()
    assert commands == [
        'python3 -m venv .venv && .venv/bin/pip install -q "nox[uv]" && .venv/bin/nox -s demo',
        ".venv/bin/nox -s gate",
    ]


@pytest.mark.parametrize("page", sorted((ROOT / "packages").glob("*/README.md")), ids=str)
def test_a_packages_readme_is_short_and_names_a_file_that_exists(page: Path) -> None:
    text = page.read_text()
    assert len(text.splitlines()) <= 20
    named = re.findall(r"`([a-z_/]+\.py)`", text)
    assert named, "it names the flow file to start reading at"
    sources = [path.as_posix() for path in (page.parent / "src").rglob("*.py")]
    assert all(any(source.endswith(f"/{name}") for source in sources) for name in named)


def test_every_module_has_its_mirror_test() -> None:
    missing = []
    for package in sorted((ROOT / "packages").iterdir()):
        tests = {path.name for path in (package / "tests").rglob("test_*.py")}
        for module in (package / "src").rglob("*.py"):
            if module.stem.startswith("__") or "migration" in module.parts:
                continue  # Alembic's own form; the migrations are tested on a real server
            if f"test_{module.stem}.py" not in tests:
                missing.append(str(module.relative_to(ROOT)))
    assert missing == []
