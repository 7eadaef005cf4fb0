"""What a spec announces as new, and whether that is what a test missed at the base.

ModuleNotFoundError            the module              a file or folder that the spec adds
ImportError                    name and module         new:NAME in an own module, or as above
AttributeError                 name and its owner      new:NAME in an own module or the class of
                                                       that name, new:* for the owner's file, or
                                                       the class it is missing in
NameError                      the name                new:NAME
TypeError of a call            parameter or function   the function or class that is called
anything raised in own code    the file it came from   files and touch points of the spec
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracemill_gate.config import matches
from tracemill_gate.proof.observation import Fault
from tracemill_schema.spec import NEW, Spec

ALL = f"{NEW}*"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What one or more specs announce.

    Attributes:
        new: The names that are new, such as ``Store.read`` for ``new:Store.read``.
        points: Names of all touch points: what they have inside may be new too.
        added: Patterns of paths of which every name is new.
        touched: Patterns of all paths that the change may touch.
    """

    new: frozenset[str]
    points: frozenset[str]
    added: tuple[str, ...]
    touched: tuple[str, ...]

    def names(self, name: str) -> bool:
        """Tell whether a name, with its class or without, is the end of one that is new."""
        return any(f".{new}".endswith(f".{name}") for new in self.new)

    def adds(self, path: str) -> bool:
        """Tell whether every name in a file is new."""
        return any(matches(pattern, path) for pattern in self.added)

    def touches(self, path: str) -> bool:
        """Tell whether a file is one that the change is about."""
        return any(matches(pattern, path) for pattern in self.touched)


def declaration(specs: Sequence[Spec]) -> Declaration:
    """Return what specs announce together."""
    points = [point for spec in specs for point in spec.touch_points]
    files = [file for spec in specs for file in spec.files_to_touch]
    new = [p.name.removeprefix(NEW) for p in points if p.name.startswith(NEW) and p.name != ALL]
    # A folder may be touched by added and by modified files: that alone makes no name new.
    plain = [f.path for f in files if f.kind == "add" and not f.path.endswith("/")]
    return Declaration(
        new=frozenset(new),
        points=frozenset(point.name.removeprefix(NEW) for point in points),
        added=(*(p.path for p in points if p.name == ALL), *plain),
        touched=(*(p.path for p in points), *(f.path for f in files)),
    )


def relied_on(spec: Spec, on_trial: Sequence[Spec]) -> tuple[Spec, ...]:
    """Return the other specs on trial that a spec depends on, also through one another.

    Args:
        spec: The spec.
        on_trial: All specs of the change. What a spec that is not among them depends on was there
            before.
    """
    by_number = {other.number: other for other in on_trial if other.number != spec.number}
    found: dict[int, Spec] = {}
    waiting = list(spec.depends_on)
    while waiting:
        number = waiting.pop()
        if number in by_number and number not in found:
            found[number] = by_number[number]
            waiting += by_number[number].depends_on
    return tuple(found[number] for number in sorted(found))


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What an exception says was not there.

    Attributes:
        what: For the message: ``module a.b``, ``name c of a.b``.
        names: Names of which one must be new.
        within: Class or function that lacks it, whole and without ``__init__``; may be empty.
        module: The module that was missing, or in which the name was; empty if that is not known,
            None if a name of this kind is in none.
    """

    what: str
    names: tuple[str, ...]
    module: str | None
    within: tuple[str, ...] = ()


def missing_of(fault: Fault) -> Missing | None:
    """Return what was missing, or None if the exception is of another kind."""
    for kind in fault.types:
        if kind == "UnboundLocalError":
            return None  # a NameError by its class, but no name outside is missing
        if kind in _READERS:
            return _READERS[kind](fault)
    return None


def foreign_module(fault: Fault, own: Mapping[str, str]) -> str | None:
    """Return the third-party module that an exception says is missing or other than wanted.

    Args:
        fault: The exception.
        own: The repository's own modules of both commits, dotted name -> file.
    """
    found = missing_of(fault)
    if found is None or found.module is None or "ImportError" not in fault.types:
        return None
    tops = {name.partition(".")[0] for name in own} | sys.stdlib_module_names
    return None if found.module.partition(".")[0] in tops else found.module


def is_declared(missing: Missing, told: Declaration, modules: Mapping[str, str]) -> bool:
    """Tell whether what was missing is announced as new.

    Args:
        missing: What was missing.
        told: What the specs announce.
        modules: Modules at HEAD, dotted name -> file.
    """
    members = (f"{owner}.{name}" for owner in missing.within for name in missing.names)
    if told.points.intersection(missing.within) or any(map(told.names, members)):
        return True
    is_own = missing.module is None or bool(_files_of(missing.module, modules))
    if is_own and any(map(told.names, missing.names)):
        return True
    if missing.module is None:
        return False
    inner = tuple(f"{missing.module}.{name}" for name in missing.names)
    return any(_is_added(name, told, modules) for name in (missing.module, *inner))


def _is_added(module: str, told: Declaration, modules: Mapping[str, str]) -> bool:
    return any(told.adds(path) for path in _files_of(module, modules))


def _files_of(module: str, modules: Mapping[str, str]) -> list[str]:
    """Return the file of a module, or those below it if it is a folder without __init__.py."""
    if module in modules:
        return [modules[module]]
    return [path for name, path in modules.items() if name.startswith(f"{module}.")]


def _of_module(fault: Fault) -> Missing:
    name = fault.name or _first(r"No module named '([\w.]+)'", fault.text)
    return Missing(what=f"module {name}", names=(), module=name)


def _of_import(fault: Fault) -> Missing:
    match = re.search(r"cannot import name '(\w+)' from .*?'([\w.]+)'", fault.text)
    if match is None:
        return Missing(what=f"module {fault.name}", names=(), module=fault.name)
    return Missing(what=f"name {match[1]} of {match[2]}", names=(match[1],), module=match[2])


def _of_attribute(fault: Fault) -> Missing:
    name = fault.name or _first(r"has no attribute '(\w+)'", fault.text)
    where = f" of {fault.owner}" if fault.owner else ""
    owner = _first(r"'(\w+)' object has no|type object '(\w+)' has no", fault.text)
    return Missing(
        what=f"name {name}{where}",
        names=(name or "",),
        module=fault.owner or "",
        within=(owner,) if owner else (),
    )


def _of_name(fault: Fault) -> Missing:
    name = fault.name or _first(r"name '(\w+)' is not defined", fault.text)
    return Missing(what=f"name {name}", names=(name or "",), module=None)


def _of_call(fault: Fault) -> Missing | None:
    match = re.search(r"([\w.]+)\(\) (got an unexpected|takes |missing |got some pos)", fault.text)
    if match is None:
        return None
    function = match[1].removesuffix(".__init__")
    parameter = _first(r"unexpected keyword argument '(\w+)'", fault.text)
    what = f"parameter {parameter} of {match[1]}" if parameter else f"signature of {match[1]}"
    names = (parameter,) if parameter else ()
    return Missing(what=what, names=names, module=None, within=(match[1], function))


def _first(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return next((group for group in match.groups() if group), None) if match else None


_READERS = {
    "ModuleNotFoundError": _of_module,
    "ImportError": _of_import,
    "AttributeError": _of_attribute,
    "NameError": _of_name,
    "TypeError": _of_call,
}
"""Class of an exception -> how to read what was missing."""
