"""Hygiene, whole: files -> markers that are not listed, limits that are passed, figures.

sources      text files of the repository                        (source)
markers      of unfinished work, against current.md               (marker)
limits       modules, functions and nesting beyond the settings
figures      beside the aims of this project; they fail nothing  (measure)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.config import Hygiene, read_config
from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import open_repository
from tracemill_gate.hygiene import marker
from tracemill_gate.hygiene.measure import Function, Measure, functions, measures
from tracemill_gate.hygiene.source import Source, sources
from tracemill_gate.planning.current import CURRENT, read
from tracemill_gate.planning.marker import Marker


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What hygiene found.

    Attributes:
        report: Files looked at and their faults.
        measures: The figures.
    """

    report: Report
    measures: tuple[Measure, ...]


def examine(folder: Path) -> Examined:
    """Look at the files of the repository that holds ``folder``.

    Raises:
        CannotJudge: there is no repository.
        ConfigFault: its settings are missing or wrong.
    """
    repository = open_repository(folder)
    config = read_config(repository.root)
    files = sources(repository, config)
    broken = {file.path: error for file in files if (error := _syntax_error(file))}
    whole = [file for file in files if file.path not in broken]
    listed, faults = _listed(repository.root)
    faults += [
        FileFault(where=f"{path}:{error.lineno}", message=f"wanted Python, got: {error.msg}")
        for path, error in broken.items()
    ]
    faults += marker.faults(whole, listed)
    faults += _beyond(whole, config.hygiene)
    return Examined(
        report=Report(checked=len(files), faults=tuple(faults)), measures=measures(whole)
    )


def table(found: Sequence[Measure]) -> tuple[str, ...]:
    """Return the figures beside their aims, one to a line."""
    width = max(len(one.name) for one in found)
    return (
        f"{'figure':{width}}  {'value':>7}  aim",
        *(
            f"{one.name:{width}}  {one.value:>7.4g}  {one.aim}{'' if one.met else '  (not met)'}"
            for one in found
        ),
    )


def _syntax_error(file: Source) -> SyntaxError | None:
    try:
        if file.is_python:
            file.tree  # noqa: B018 - parsing is what raises
    except SyntaxError as error:
        return error
    return None


def _listed(root: Path) -> tuple[tuple[Marker, ...], list[FileFault]]:
    """Return the markers that current.md lists; a repository without that file lists none."""
    if not (root / CURRENT).is_file():
        return (), []
    try:
        return read(root).markers, []
    except SpecFaults as error:
        return (), list(error.faults)


def _beyond(files: Sequence[Source], limits: Hygiene) -> Iterator[FileFault]:
    for file in files:
        if file.is_python and not file.is_test:
            if file.lines > limits.max_module_lines:
                message = f"wanted at most {limits.max_module_lines} lines, got {file.lines}"
                yield FileFault(where=file.path, message=f"{message}; split it by what it holds")
            for function in functions(file):
                yield from _too_much(file, function, limits)


def _too_much(file: Source, function: Function, limits: Hygiene) -> Iterator[FileFault]:
    found = (
        ("lines", function.lines, limits.max_function_lines),
        ("blocks in each other", function.nesting, limits.max_nesting),
    )
    for what, got, most in found:
        if got > most:
            yield FileFault(
                where=f"{file.path}:{function.line}",
                message=f"{function.name}: wanted at most {most} {what}, got {got}; split it",
            )
