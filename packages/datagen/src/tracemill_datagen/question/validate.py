"""Files of questions proved again: every line, its table, its answer, its words, its audit.

Beside the kinds of ``question/proof.py``:

    line            not question.v1, torn, or changed since it was given its id
    legacy          a key or word of the ancestors' files
    source          a question of one source in the folder of another, or of a source without tables
    family          no template family of that name
    table_missing   the table is not among those at hand; told once for all of its questions
    table_changed   a table of that name is at hand, and it is another one now; likewise
    duplicate       the same id, prompt or program as another question of that source
    audit           pandas in the sandbox gives another answer
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations
from pathlib import Path

from tracemill_datagen.crew import Tell, each
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.fault import Fault, told_once
from tracemill_datagen.question.file import Line, lines
from tracemill_datagen.question.proof import Finding, findings_of
from tracemill_datagen.table.join import Tables, joined_name
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_schema.canonical import short
from tracemill_schema.question import SOURCES, Question
from tracemill_schema.record import LEGACY_KEYS, LEGACY_VALUES

FAMILIES = frozenset(template.name for template in TEMPLATES)
TOLD_EVERY = 50
"""Questions after which progress is told."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question stands, with what makes it the same as another one."""

    path: Path
    line: int
    question: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """What was found in one file: its lines, where its whole questions stand, and its faults."""

    lines: int
    places: tuple[Place, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found in all files.

    Attributes:
        checked: Lines that were read.
        audited: Questions whose text was run by pandas.
        bad: Lines that do not hold, for one fault or several.
        faults: All faults, in the order of files and lines; that of a table once, where its first
            question stands.
    """

    checked: int
    audited: int
    bad: int
    faults: tuple[Fault, ...]


def validate(
    files: Sequence[Path],
    sheets: Sequence[Sheet],
    *,
    audited: int = 0,
    processes: int = 1,
    tell: Callable[[int, int], None] = lambda _file, _done: None,
) -> Report:
    """Prove every question of some files again.

    Args:
        files: Files of questions; ``question_files`` finds them.
        sheets: The tables that they are about.
        audited: Questions whose text pandas runs in the sandbox, evenly from first to last.
        processes: How many work at the same time, a file each.
        tell: Called with (position of the file, lines of it checked so far).

    Raises:
        BadRequest: if a file is none of questions.
        SandboxError: if an audit cannot run anything.
    """
    tables = Tables(sheets)
    reports = tuple(each(partial(_checked, tables), files, processes=processes, tell=tell))
    places = [place for report in reports for place in report.places]
    faults = [fault for report in reports for fault in report.faults]
    faults.extend(_duplicates(places))
    bad = {(fault.path, fault.line) for fault in faults}
    whole = [place for place in places if (place.path, place.line) not in bad]
    drawn = whole if audited >= len(whole) else _evenly(whole, audited)
    if drawn:
        faults.extend(_audited(drawn, tables, workers=processes))
    position = {path: index for index, path in enumerate(files)}
    faults.sort(key=lambda fault: (position[fault.path], fault.line))
    return Report(
        checked=sum(report.lines for report in reports),
        audited=len(drawn),
        bad=len({(fault.path, fault.line) for fault in faults}),
        faults=told_once(faults),
    )


def _evenly(places: Sequence[Place], count: int) -> list[Place]:
    return [places[index * len(places) // count] for index in range(count)]


def _audited(
    places: Sequence[Place], sheets: Mapping[str, Sheet], *, workers: int
) -> Iterator[Fault]:
    """Have pandas answer the questions that stand at some places."""
    from tracemill_datagen.question.audit import audit  # noqa: PLC0415 - it loads the sandbox

    at = {(place.path, place.line): place for place in places}
    asked: dict[str, Place] = {}
    questions: list[Question] = []
    for path in dict.fromkeys(place.path for place in places):
        for line in lines(path):
            if line.question is not None and (path, line.number) in at:
                asked[line.question.id] = at[path, line.number]
                questions.append(line.question)
    for found in audit(questions, sheets, workers=workers).disagreements:
        place = asked[found.question]
        wanted = f"{found.stored} from the stored text, which ends in {found.operator}"
        yield Fault(
            path=place.path,
            line=place.line,
            question=place.question,
            kind="audit",
            wanted=wanted,
            got=found.found,
        )


def _checked(sheets: Mapping[str, Sheet], path: Path, tell: Tell) -> FileReport:
    """Check one file; a table's engines are opened once and closed at the file's end."""
    faults: list[Fault] = []
    places: list[Place] = []
    benches: dict[str, Bench] = {}
    number = 0
    with ExitStack() as stack:
        for line in lines(path):
            number = line.number
            if line.question is None:
                faults.extend(_unread(line))
                continue
            question = line.question
            places.append(_place(line, question))
            bench = _bench(question, sheets, benches, stack)
            faults.extend(_faults(line, question, bench, sheets))
            if number % TOLD_EVERY == 0:
                tell(number)
        tell(number)
    return FileReport(lines=number, places=tuple(places), faults=tuple(faults))


def _bench(
    question: Question, sheets: Mapping[str, Sheet], benches: dict[str, Bench], stack: ExitStack
) -> Bench | None:
    """Return the engines on a question's table, under the name that the question gives it."""
    sheet = sheets.get(question.table_id or "")
    if sheet is None:
        return None
    key = f"{sheet.digest} {_table_name(question)}"
    if key not in benches:
        benches[key] = stack.enter_context(Bench(replace(sheet, name=_table_name(question))))
    return benches[key]


def _table_name(question: Question) -> str:
    """Return the name that a question's table had: split groups begin with it."""
    return question.split_group.partition(":")[0]


def _unread(line: Line) -> Iterator[Fault]:
    for fault in line.faults:
        is_key = fault.pointer.rpartition("/")[2] in LEGACY_KEYS
        is_word = fault.got.strip("'") in LEGACY_VALUES
        kind = "legacy" if is_key or is_word else "line"
        wanted = f"{fault.pointer or '(line)'}: {fault.wanted}"
        yield Fault(
            path=line.path, line=line.number, question="", kind=kind, wanted=wanted, got=fault.got
        )


def _place(line: Line, question: Question) -> Place:
    """Return a question's place; the keys tell it apart within its source."""
    program = question.mechanical
    if question.source == "procedural" and question.program is not None:
        program = question.program.canonical
    table = question.table_id or ""
    keys = (
        question.id,
        *(f"{question.source} {table} {text}" for text in (question.prompt, program)),
    )
    return Place(path=line.path, line=line.number, question=question.id, keys=keys)


def _faults(
    line: Line, question: Question, bench: Bench | None, sheets: Mapping[str, Sheet]
) -> Iterator[Fault]:
    for finding in (*_origin(line, question, bench, sheets), *_proof(question, bench)):
        yield Fault(
            path=line.path,
            line=line.number,
            question=question.id,
            kind=finding.kind,
            wanted=finding.wanted,
            got=finding.got,
        )


def _proof(question: Question, bench: Bench | None) -> tuple[Finding, ...]:
    return () if bench is None else findings_of(question, bench)


def _origin(
    line: Line, question: Question, bench: Bench | None, sheets: Mapping[str, Sheet]
) -> Iterator[Finding]:
    folder = line.path.parent.name
    if folder in SOURCES and folder != question.source:
        yield Finding(kind="source", wanted=f"source {folder} (its folder)", got=question.source)
    if question.table_id is None:
        got = "a question of no table (check it with: tracemill task check)"
        yield Finding(kind="source", wanted="a question about a table", got=got)
    elif bench is None:
        yield _no_table(question, question.table_id, sheets)
    if question.source == "template" and question.family not in FAMILIES:
        yield Finding(kind="family", wanted="a template family", got=question.family)


def _no_table(question: Question, wanted: str, sheets: Mapping[str, Sheet]) -> Finding:
    name = _table_name(question)
    said = f"table {short(wanted)} of the name {name}"
    here = {sheet.name: sheet for sheet in sheets.values()}
    if name in here:
        got = f"table {short(here[name].digest)} of that name; make its questions again"
        return Finding(kind="table_changed", wanted=said, got=got)
    for left, right in permutations(here, 2):
        if name == joined_name(left, right):
            got = f"other bytes of {left} or {right} now; make its questions again"
            return Finding(kind="table_changed", wanted=said, got=got)
    others = f"{len(sheets)} other table{'s' * (len(sheets) != 1)}"
    got = f"{others}; give its file or folder with --tables"
    return Finding(kind="table_missing", wanted=said, got=got)


def _duplicates(places: Sequence[Place]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for place in places:
        same = next((first[key] for key in place.keys if key in first), None)
        for key in place.keys:
            first.setdefault(key, place)
        if same is not None:
            yield Fault(
                path=place.path,
                line=place.line,
                question=place.question,
                kind="duplicate",
                wanted="a question that no other asks",
                got=f"the same as {same.path} line {same.line}",
            )
