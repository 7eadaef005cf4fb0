"""The text files that hygiene looks at: what git tracks or would track, as it lies on disk."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from tracemill_gate.config import Config, matches
from tracemill_gate.git import Repository

COMMENTS = {
    ".cfg": ("#", ";"),
    ".ini": ("#", ";"),
    ".sh": ("#",),
    ".sql": ("--",),
    ".toml": ("#",),
    ".yaml": ("#",),
    ".yml": ("#",),
}
"""Suffix -> what starts a comment. All text of any other file, as of a page, is for its readers."""

Documented = ast.AsyncFunctionDef | ast.FunctionDef | ast.ClassDef | ast.Module
"""Nodes that may have a docstring."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One text file.

    Attributes:
        path: Relative to the top folder.
        text: What stands in it.
        is_test: True for a file that holds tests, or what only tests use.
    """

    path: str
    text: str
    is_test: bool

    @property
    def lines(self) -> int:
        """Number of lines, blank ones and comments included."""
        return len(self.text.splitlines())

    @property
    def is_python(self) -> bool:
        """Tell whether it can be parsed as Python."""
        return self.path.endswith(".py")

    @property
    def is_module(self) -> bool:
        """Tell whether it is a Python file that others import by its name."""
        stem = PurePosixPath(self.path).stem
        return self.is_python and not self.is_test and not stem.startswith("__")

    @cached_property
    def tree(self) -> ast.Module:
        """Syntax tree; raises SyntaxError."""
        return ast.parse(self.text, filename=self.path)

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield the number and the text of each line of every comment and docstring.

        Raises:
            SyntaxError: it is no Python.
        """
        if not self.is_python:
            yield from self._after(COMMENTS.get(PurePosixPath(self.path).suffix, ("",)))
            return
        for node in ast.walk(self.tree):
            if isinstance(node, Documented):
                yield from _docstring(node)
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string

    def _after(self, signs: Sequence[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self.text.splitlines(), start=1):
            starts = [line.find(sign) for sign in signs if sign in line]
            if starts:
                yield number, line[min(starts) :]


def _docstring(node: Documented) -> Iterator[tuple[int, str]]:
    text = ast.get_docstring(node, clean=False)
    if text is not None:
        yield from enumerate(text.splitlines(), start=node.body[0].lineno)


def sources(repository: Repository, config: Config) -> Sequence[Source]:
    """Return the files that ``[tool.tracemill.gate.hygiene] files`` means, sorted by path."""
    found = []
    for path in sorted(repository.working_files()):
        if (
            any(matches(p, path) for p in config.hygiene.files)
            and (repository.root / path).is_file()
        ):
            data = (repository.root / path).read_bytes()
            if b"\0" not in data:  # what git takes for text
                text = data.decode(errors="replace")
                found.append(Source(path=path, text=text, is_test=config.is_test(path)))
    return found
