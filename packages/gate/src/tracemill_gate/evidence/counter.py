"""How many things a command looked at: a closed set of readers.

    junit           JUnit XML of pytest, at the place of ``{junit}`` in the command
    evidence        an evidence.v1 of its own, at the place of ``{evidence}``; names the device too
    mypy            its closing line, ``Success: no issues found in N source files``
    import-linter   its closing line, ``Contracts: N kept, M broken.``
    ruff            the closing line of its formatter, ``N files already formatted``
    summary         ``checked: N, failed: M``, the closing line of tracemill's own checks
    files:PATTERN   files of the tree whose path matches (``*`` also matches ``/``)

An exit code alone says nothing of how much was looked at, and zero things checked is not green.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import GateUsage
from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record

FILES = "files:"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a command looked at.

    Attributes:
        passed: Things found in order.
        failed: Things found at fault.
        skipped: Ids and reasons of the things that were not looked at.
        device: What the command says it ran on; None if it does not say.
    """

    passed: int
    failed: int
    skipped: tuple[tuple[str, str], ...] = ()
    device: str | None = None


def check_name(name: str) -> None:
    """Refuse a counter that does not exist.

    Raises:
        GateUsage: the message lists all.
    """
    if name not in OF_FILE and name not in OF_OUTPUT and not name.startswith(FILES):
        known = ", ".join((*OF_FILE, *OF_OUTPUT, f"{FILES}PATTERN"))
        raise GateUsage(f"no counter is called {name!r}; wanted one of: {known}")


def of_junit(path: Path) -> Tally | None:
    """Count the test cases of a JUnit XML file; None if it is missing or torn."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - written by the test run we just started
    except (OSError, ET.ParseError):
        return None
    passed = failed = 0
    skipped = []
    for case in root.iter("testcase"):
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is not None:
            name = f"{case.get('classname', '')}::{case.get('name', '')}"
            skipped.append((name, skip.get("message") or "no reason"))
        else:
            passed += 1
    return Tally(passed=passed, failed=failed, skipped=tuple(skipped))


def of_evidence(path: Path) -> Tally | None:
    """Take the counts and the device of an evidence.v1 file; None if it is missing or malformed."""
    try:
        found = read_record(path, Evidence).predicate
    except RecordError:
        return None
    skipped = tuple((f"{found.gate}::{i}", "no reason") for i in range(found.skipped))
    return Tally(passed=found.passed, failed=found.failed, skipped=skipped, device=found.device)


def of_files(name: str, paths: Sequence[str], *, good: bool) -> Tally:
    """Count the paths that match ``files:PATTERN``; all passed, or one failed if not ``good``."""
    wanted = pattern(name.removeprefix(FILES))
    count = sum(wanted.fullmatch(path) is not None for path in paths)
    return Tally(passed=count if good else max(count - 1, 0), failed=0 if good else 1)


def pattern(text: str) -> re.Pattern[str]:
    """Return an expression in which ``*`` stands for any text and all else for itself."""
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)


def _closing(line: str, output: str) -> re.Match[str] | None:
    """Return the last match: what a command prints before it may only look like its count."""
    return next(reversed(list(re.finditer(line, output, re.MULTILINE))), None)


def _mypy(output: str) -> Tally | None:
    """Read its closing line; errors may lie in files that were followed and not asked for."""
    success = r"Success: no issues found in (?P<good>\d+) source files?"
    found = r"Found \d+ errors? in (?P<bad>\d+) files? \(checked (?P<all>\d+) source files?\)"
    match = _closing(f"^(?:{success}|{found})$", output)
    if match is None:
        return None
    if match["good"]:
        return Tally(passed=int(match["good"]), failed=0)
    return Tally(passed=max(int(match["all"]) - int(match["bad"]), 0), failed=int(match["bad"]))


def _import_linter(output: str) -> Tally | None:
    if match := _closing(r"^Contracts: (\d+) kept, (\d+) broken\.", output):
        return Tally(passed=int(match[1]), failed=int(match[2]))
    return None


def _ruff(output: str) -> Tally | None:
    """Read what ``ruff format --check`` says last; ``ruff check`` never says how much it read."""
    both = r"^(?:(\d+) files? would be reformatted)?(?:, )?(?:(\d+) files? already formatted)?$"
    found = [match for match in re.finditer(both, output, re.M) if match[0]]
    if not found:
        return None
    return Tally(passed=int(found[-1][2] or 0), failed=int(found[-1][1] or 0))


def _summary(output: str) -> Tally | None:
    match = _closing(r"^checked: (\d+), failed: (\d+)$", output)
    if match is None or int(match[2]) > int(match[1]):
        return None
    return Tally(passed=int(match[1]) - int(match[2]), failed=int(match[2]))


OF_FILE: Mapping[str, Callable[[Path], Tally | None]] = {
    "junit": of_junit,
    "evidence": of_evidence,
}
"""Counters that read a file which the command writes at the place of their name in braces."""

OF_OUTPUT: Mapping[str, Callable[[str], Tally | None]] = {
    "mypy": _mypy,
    "import-linter": _import_linter,
    "ruff": _ruff,
    "summary": _summary,
}
"""Counters that read what the command printed; None if it did not print its count."""
