"""Every schema file compared with the same file at the base.

A version of a contract is a promise: a breaking change needs a new one, ``NAME.v(N+1)``. So does a
change of which nobody can tell whether it breaks, and so does another default. A version may go
only when a higher one of the same name is there, or when the settings say that the contract was
given up (``retired_contracts``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson

from tracemill_gate.contract.engine import Engines
from tracemill_gate.contract.evolution import Evolution, Proof, Verdict, compare
from tracemill_gate.errors import CannotJudge
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import Repository
from tracemill_schema.canonical import JsonObject, Value, short

SUFFIX = ".schema.json"
VERSIONED = re.compile(r"(?P<name>.+)\.v(?P<version>[1-9][0-9]*)\.schema\.json")
LONGEST_TEXT, LONGEST_LIST = 80, 8
"""What is longer is shortened where a document is printed; ``--json`` has it whole."""
OTHER: Mapping[str, str] = {"old": "new", "new": "old"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of one schema file since the base; files that stayed the same have none.

    Attributes:
        file: Name of the schema file.
        became: The class of the change; ``new`` and ``removed`` are of whole files.
        pointer: JSON pointer of the first difference that is no annotation, None if there is none.
        proofs: Documents that one side takes and the other refuses, at most one each way.
    """

    file: str
    became: Verdict | Literal["new", "removed"]
    pointer: str | None
    proofs: tuple[Proof, ...]

    def __str__(self) -> str:
        where = f", first at {self.pointer}" if self.pointer is not None else ""
        shown = "".join(f"; {_told(proof)}" for proof in self.proofs)
        return f"{self.file}: {self.became}{where}{shown}"


@dataclass(frozen=True, kw_only=True)
class History:
    """What became of the contracts since the base, and what is wrong with it."""

    report: Report
    changes: tuple[Change, ...]


def check_history(
    repository: Repository, commit: str, *, before: str, after: str, retired: tuple[str, ...]
) -> History:
    """Compare every schema file of the working tree with the one at the base.

    Args:
        repository: The repository.
        commit: The base.
        before: The contracts folder at the base, relative to the top folder.
        after: The contracts folder of the working tree, relative to the top folder.
        retired: Contracts (``NAME.vN``) that may go without a successor.

    Raises:
        CannotJudge: a file at the base is no JSON Schema.
    """
    old = _files_at(repository, commit, before)
    paths = {path.name: path for path in (repository.root / after).glob(f"*{SUFFIX}")}
    changes, faults = [], []
    for name, data in old.items():
        if name not in paths:
            changes.append(Change(file=name, became="removed", pointer=None, proofs=()))
            faults += _faults_of_removal(name, set(paths), retired)
        elif (found := _evolution(name, commit, data, paths[name])) is not None:
            changes.append(
                Change(file=name, became=found.verdict, pointer=found.pointer, proofs=found.proofs)
            )
            faults += _faults_of(name, found)
    changes += [
        Change(file=name, became="new", pointer=None, proofs=())
        for name in sorted(paths.keys() - old.keys())
    ]
    return History(report=Report(checked=len(old), faults=tuple(faults)), changes=tuple(changes))


def _files_at(repository: Repository, commit: str, folder: str) -> dict[str, bytes]:
    """Return the schema files directly in a folder of a commit, by name, in order."""
    found = {}
    for path in repository.paths(commit, f"{folder}/"):
        name = path.removeprefix(f"{folder}/")
        if "/" in name or not name.endswith(SUFFIX):
            continue
        data = repository.show(commit, path)
        if data is not None:
            found[name] = data
    return found


def _evolution(name: str, commit: str, data: bytes, path: Path) -> Evolution | None:
    """Classify the change of one file; None if it is the same, or its new text is no schema."""
    new_data = path.read_bytes()
    if new_data == data:
        return None
    new = _schema(new_data)
    if new is None:
        return None  # the comparison with the record says so, and what to do
    old = _schema(data)
    if old is None:
        raise CannotJudge(
            f"{name}: wanted a JSON Schema at the base {short(commit)}, got none; "
            "name another base with --base"
        )
    return compare(old, new)


def _schema(data: bytes) -> JsonObject | None:
    """Return the schema in a file, None if it holds anything else."""
    try:
        found: Value = orjson.loads(data)
        if not isinstance(found, dict):
            return None
        Engines(found)
    except ValueError:
        return None
    return found


def _faults_of(name: str, found: Evolution) -> list[FileFault]:
    """Return what is wrong with a change under the same version number."""
    if not found.may_break:
        return []
    what = "breaking change without a new version"
    if found.verdict != "breaking" and found.other_default is not None:
        place = found.other_default or "(document)"
        what = f"another default of {place}, so documents without it would mean something else"
    elif found.verdict == "unknown":
        what = "undecided whether this change breaks, so it needs a new version"
    where = f", first at {found.pointer}" if found.pointer is not None else ""
    none = "; no document was found" if found.verdict == "unknown" else ""
    shown = "".join(f"; {_told(proof)}" for proof in found.proofs) or none
    version, following = _version_and_next(name)
    remedy = f"leave {version} as it is at the base and add {following}"
    return [FileFault(where=name, message=f"{what}{where}{shown}; {remedy}")]


def _faults_of_removal(name: str, kept: set[str], retired: tuple[str, ...]) -> list[FileFault]:
    version, following = _version_and_next(name)
    if version in retired or _has_successor(name, kept):
        return []
    message = (
        f"breaking change: {version} was removed and no higher version is there; keep the file, "
        f"add {following}, or name {version} in retired_contracts of [tool.tracemill.gate]"
    )
    return [FileFault(where=name, message=message)]


def _has_successor(name: str, kept: set[str]) -> bool:
    found = VERSIONED.fullmatch(name)
    others = [other for path in kept if (other := VERSIONED.fullmatch(path))]
    return found is not None and any(
        other["name"] == found["name"] and int(other["version"]) > int(found["version"])
        for other in others
    )


def _version_and_next(name: str) -> tuple[str, str]:
    """Return the contract of a schema file, and what its next version is called."""
    version = name.removesuffix(SUFFIX)
    found = VERSIONED.fullmatch(name)
    if found is None:
        return version, f"{version}.v1"
    return version, f"{found['name']}.v{int(found['version']) + 1}"


def _told(proof: Proof) -> str:
    document = orjson.dumps(_shortened(proof.document)).decode()
    other = OTHER[proof.taken_by]
    return f"only the {proof.taken_by} one takes {document} (the {other} one: {proof.refused_for})"


def _shortened(value: Value) -> Value:
    if isinstance(value, str):
        many = len(value) > LONGEST_TEXT
        return f"{value[:16]}... ({len(value)} characters)" if many else value
    if isinstance(value, Mapping):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        many = len(value) > LONGEST_LIST
        rest: list[Value] = [f"... ({len(value)} items)"] if many else []
        return [*(_shortened(item) for item in (value[:2] if many else value)), *rest]
    return value
