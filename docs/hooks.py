"""Pages that are written from the code when the site is built, so that they cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tracemill.cli import tracemill
from tracemill_datagen.convention.page import catalogue_lines
from tracemill_schema.contract import CONTRACTS, schema_of


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated reference pages to the site."""
    for path, lines in (("reference/cli.md", _commands()), ("reference/contracts.md", _records())):
        files.append(File.generated(config, path, content="\n".join(lines) + "\n"))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Put the figures of the committed result files, and the conventions, into their pages."""
    if page.file.src_uri == "conventions.md":
        return markdown.replace("<!-- catalogue of conventions -->", "\n".join(catalogue_lines()))
    if page.file.src_uri != "benchmarks.md":
        return markdown
    for name, lines in _DRAWN.items():
        result = orjson.loads(Path(config.docs_dir, "benchmarks", f"{name}.json").read_bytes())
        markdown = markdown.replace(f"<!-- figures: {name} -->", "\n".join(lines(result)))
    return markdown


def _demo_figures(demo: dict[str, Any]) -> Iterator[str]:
    machine = demo["machine"]
    yield f"On {machine['cores']} cores, {machine['platform']}, Python {machine['python']}:"
    yield ""
    yield "| figure | value |"
    yield "| --- | --- |"
    yield f"| the demo, installed | {demo['first_seconds']:.0f} s |"
    yield f"| again, nothing changed | {demo['second_over_first']:.3f} of it |"
    for name, rates in demo["accuracy"].items():
        after = rates["after"]
        interval = f"[{after['low']:.2f}, {after['high']:.2f}]"
        yield f"| accuracy of the model of {name} | {after['rate']:.2f} {interval} |"
    yield ""
    yield "| stage | share of the first run |"
    yield "| --- | --- |"
    for stage, seconds in demo["stage_seconds"].items():
        yield f"| {stage} | {seconds / demo['first_seconds']:.1%} |"


def _sandbox_figures(sandbox: dict[str, Any]) -> Iterator[str]:
    machine, isolation = sandbox["machine"], sandbox["isolation"]
    yield (
        f"On {machine['cores']} cores, {machine['platform']}, kernel {machine['kernel']}, "
        f"Python {machine['python']}, tier `{isolation['tier']}`:"
    )
    yield from _figures(sandbox["figures"])
    wall = sandbox["cold"]["wall_seconds"]
    yield ""
    yield (
        f"A cold start took {wall['median']:.2f} s ({wall['low']:.2f} to {wall['high']:.2f} s, "
        f"{wall['n']} of them)."
    )


def _tables_figures(tables: dict[str, Any]) -> Iterator[str]:
    machine = tables["machine"]
    yield f"On {machine['cores']} cores, {machine['platform']}, Python {machine['python']}:"
    yield from _figures(tables["figures"])
    yield ""
    yield f"Refused by name: {', '.join(tables['refused']) or 'none'}."


def _questions_figures(questions: dict[str, Any]) -> Iterator[str]:
    machine = questions["machine"]
    yield (
        f"On {machine['cores']} cores, {machine['platform']}, Python {machine['python']}, beside "
        f"reasoning-core {questions['reasoning_core']}, {questions['questions']:,} questions:"
    )
    yield from _figures(questions["figures"])


def _figures(figures: list[dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield "| figure | value | a tenth below | a tenth above | target | |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for figure in figures:
        samples = figure.get("samples", {})
        low, high = (f"{samples[key]:g}" if samples else "" for key in ("low", "high"))
        bounds = figure.get("target", {}).items()
        target = ", ".join(f"{key.replace('_', ' ')} {bound:g}" for key, bound in bounds)
        met = {True: "met", False: "missed", None: ""}[figure.get("met")]
        yield f"| {figure['says']} | {figure['value']:g} | {low} | {high} | {target} | {met} |"


_DRAWN = {
    "demo": _demo_figures,
    "sandbox": _sandbox_figures,
    "tables": _tables_figures,
    "questions": _questions_figures,
}
"""Result file -> what the page shows of it."""


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 could not judge, 130 interrupted."
    yield from _command(tracemill, click.Context(tracemill, info_name="tracemill"))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    depth = context.command_path.count(" ") + 2
    yield ""
    yield f"{'#' * min(depth, 4)} `{context.command_path}`"
    yield ""
    yield "```text"
    yield command.get_help(context)
    yield "```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _records() -> Iterator[str]:
    yield "# Contracts"
    yield ""
    yield "Every file that one package hands to another is a record of one of these contracts."
    yield "All objects are closed; the JSON Schemas lie in `contracts/`."
    for kind in CONTRACTS:
        schema = schema_of(kind)
        yield ""
        yield f"## {kind.contract}"
        yield ""
        yield (kind.__doc__ or "").splitlines()[0]
        yield ""
        yield "| field | type | meaning |"
        yield "| --- | --- | --- |"
        for name, field in schema["properties"].items():
            meaning = str(field.get("description", "")).replace("|", "\\|")
            yield f"| `{name}` | {_type(field)} | {meaning} |"


def _type(field: dict[str, object]) -> str:
    """Return a field's JSON type in a word or two."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if isinstance(options := field.get("anyOf"), list):
        return " or ".join(_type(option) for option in options)
    if isinstance(choices := field.get("enum"), list):
        return ", ".join(f"`{choice}`" for choice in choices)
    if isinstance(items := field.get("items"), dict) and items:
        return f"array of {_type(items)}"
    return str(field.get("type", "any"))
