"""What a Python file defines and imports, read from its syntax; nothing is run.

Names are those of ``binding``. Defined are those that others can call or build on: functions,
classes, lambdas, other names for them, and what the file hands on from elsewhere. A plain value
has a name, and is not defined.

handed on   what stands in ``__all__``; in an ``__init__`` also what is taken from its own package
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracemill_gate.change.binding import Binding, bindings, is_code
from tracemill_gate.change.imported import imports, module_parts, source_of
from tracemill_gate.errors import BrokenSource
from tracemill_gate.git import shown

PYTHON = (".py", ".pyi", ".pyw")
ANY_NAME = "__getattr__"
"""A function of this name at the top of a module answers for every name of it (PEP 562)."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A Python file as its syntax has it.

    Attributes:
        names: Qualified name -> its syntax, the same for the same code whatever its comments and
            layout; one line for each binding of that name.
        defined: The names that can be called, or are handed on.
        imports: Dotted names of the modules that it imports anywhere, and of what it takes
            from them.
    """

    names: Mapping[str, str]
    defined: frozenset[str]
    imports: frozenset[str]

    @property
    def public(self) -> tuple[str, ...]:
        """The defined names no part of which begins with an underscore, and ``ANY_NAME``."""
        names = (name for name in self.names if name in self.defined)
        return tuple(n for n in names if n == ANY_NAME or not _is_private(n))

    def newly_defines(self, name: str, before: Source) -> bool:
        """Tell whether a name is defined here and was not in the file as it was before."""
        return name in self.defined and name not in before.defined


NOTHING = Source(names={}, defined=frozenset(), imports=frozenset())
"""A file that is not there."""


def is_python(path: str) -> bool:
    """Tell whether a file is Python by the end of its name."""
    return path.lower().endswith(PYTHON)


def read_source(data: bytes, *, path: str, roots: Sequence[str]) -> Source:
    """Read a Python file.

    Args:
        data: Its bytes.
        path: Its path, for messages and for what a relative import means.
        roots: Patterns of the folders that Python imports from.

    Raises:
        BrokenSource: it cannot be parsed by the Python that runs this.
    """
    tree = parse_source(data, path=path)
    parts = module_parts(path, roots)
    names: dict[str, str] = {}
    try:
        found = bindings(tree)
        for name, node in found:
            names[name] = "\n".join(filter(None, (names.get(name), ast.dump(node))))
    except RecursionError as error:
        raise _broken(path, "it is nested too deeply") from error
    defined = {name for name, node in found if is_code(node)} | set(_handed_on(found, parts))
    return Source(
        names=names, defined=frozenset(defined), imports=frozenset(imports(tree, parts[:-1]))
    )


def parse_source(data: bytes, *, path: str) -> ast.Module:
    """Return the syntax tree of a Python file; raises like ``read_source``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file is warned of is not for this reader
            return ast.parse(data, filename=path)
    except SyntaxError as error:
        raise _broken(path, f"{error.msg} in line {error.lineno}") from error
    except ValueError as error:  # a NUL byte, in Python 3.11
        raise _broken(path, str(error)) from error
    except RecursionError as error:
        raise _broken(path, "it is nested too deeply") from error


def _handed_on(found: Sequence[Binding], module: tuple[str, ...]) -> Iterator[str]:
    """Yield the imported names that are part of what a module offers.

    Args:
        found: What it binds.
        module: The names by which Python imports it.
    """
    lists = [node for name, node in found if name == "__all__"]
    listed = {c.value for node in lists for c in ast.walk(node) if isinstance(c, ast.Constant)}
    is_package, package = module[-1] == "__init__", module[:-1]
    for name, node in found:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if name in listed or (is_package and _is_of(node, package)):
            yield name


def _is_of(node: ast.Import | ast.ImportFrom, package: tuple[str, ...]) -> bool:
    """Tell whether something is taken from the package whose file imports it."""
    source = source_of(node, package) if isinstance(node, ast.ImportFrom) else ""
    return source.partition(".")[0] in package[:1]


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def _broken(path: str, why: str) -> BrokenSource:
    return BrokenSource(
        f"{shown(path)}: wanted Python that can be parsed, got: {why}; mend it (or, if a newer "
        "Python can read it, run this with that one)"
    )
