"""TOML as far as the standard library leaves it open: faults with lines, limits, and writing it.

The written form is that of the specs: a list of strings or tables has one item a line, a list of
numbers stands on one line, a table inside a value is an inline table. The grammar is TOML 1.0
(https://toml.io/en/v1.0.0); ``tomllib`` reads it, but keeps neither lines nor comments.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_schema.canonical import Value
from tracemill_schema.pointer import escaped

MAX_DEPTH = 32
"""Brackets, and parts of a key, inside each other. Our records have 3; ``tomllib`` runs out of
stack at about 300."""

MAX_WORD = 1000
"""Characters of a number or a bare key. Python makes a number of at most 4,300 digits
(https://docs.python.org/3/library/stdtypes.html#int-max-str-digits)."""

_COLUMN = re.compile(r" \(at line (\d+), column (\d+)\)")
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}
_TOKEN = re.compile(
    r"""
    (?P<string> \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' )
    | (?P<comment> \#[^\n]* )
    | (?P<end> \n )
    | (?P<mark> [\[\]{},=] )
    | (?P<word> [^\s"'\#\[\]{},=]+ )
    | (?P<blank> \s )
    """,
    re.VERBOSE | re.DOTALL,
)


def loads(text: str, *, where: str, before: int = 0) -> dict[str, object]:
    """Return what a TOML text says.

    Args:
        text: The text.
        where: What the fault calls its file.
        before: Lines of the file that stand before the text.

    Raises:
        SpecFaults: with one fault and its line: it is not TOML, or goes beyond ``MAX_DEPTH`` or
            ``MAX_WORD``.
    """
    wrong = _excess(text)
    if wrong is None:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            wrong = _decode_fault(str(error), text)
    line, message = wrong
    raise SpecFaults((FileFault(where=f"{where}:{before + line}", message=message),))


def _decode_fault(said: str, text: str) -> tuple[int, str]:
    """Return line and message; the line within the text is no line of the file, and left out."""
    match = _COLUMN.search(said)
    if match is None:
        return max(1, len(text.splitlines())), f"not TOML: {said}"
    return int(match[1]), f"not TOML: {_COLUMN.sub('', said)} at column {match[2]}"


def _excess(text: str) -> tuple[int, str] | None:
    """Return line and message of what ``tomllib`` would not survive, None if nothing is there."""
    depth = parts = 0
    for token in _tokens(text):
        if token.kind == "word":
            if len(token.text) > MAX_WORD:
                message = f"wanted a number or a key of up to {MAX_WORD} characters"
                return token.line, f"{message}, got one of {len(token.text)}"
            parts += token.text.count(".")
        elif token.kind in {"mark", "end"}:
            parts = 0
            depth += (token.text in "[{") - (token.text in "]}")
        if max(depth, parts) > MAX_DEPTH:
            return token.line, f"wanted values at most {MAX_DEPTH} deep, got deeper ones"
    return None


def write(values: Mapping[str, Value], *, tables: Sequence[str] = ()) -> str:
    """Return values as TOML, each key on a line of its own.

    Args:
        values: Bare keys and their values; a value None is left out.
        tables: Keys whose values are written as tables with a header, behind all others.
    """
    plain = [(k, v) for k, v in values.items() if k not in tables and v is not None]
    lines = [f"{key} = {_value(value)}" for key, value in plain]
    for name in tables:
        table = values.get(name)
        if isinstance(table, Mapping):
            lines += ["", f"[{name}]", *(f"{key} = {_value(v)}" for key, v in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + "}"
    if not isinstance(value, Sequence):
        return str(value)
    if all(isinstance(item, int) for item in value):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if ord(char) < 0x20 or ord(char) == 0x7F else char


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment.

    Attributes:
        text: With its sign.
        line: Line in the text, counted from 1.
    """

    text: str
    line: int


def comments(text: str) -> tuple[Comment, ...]:
    """Return the comments of a TOML text."""
    found = (token for token in _tokens(text) if token.kind == "comment")
    return tuple(Comment(text=token.text, line=token.line) for token in found)


def line_of(pointer: str, text: str) -> int | None:
    """Return the line, counted from 1, on which the value at a JSON pointer starts.

    Args:
        pointer: JSON pointer; where it leads nowhere, its longest part that leads somewhere counts.
        text: TOML that ``tomllib`` reads.

    Returns:
        The line of the value's key, or of a list's item; None if no part of the pointer is there.
    """
    reader = _Reader(tokens=[t for t in _tokens(text) if t.kind not in {"comment", "blank"}])
    lines = reader.read()
    parts = pointer.split("/")
    longest = ("/".join(parts[:count]) for count in range(len(parts), 1, -1))
    return next((lines[part] for part in longest if part in lines), None)


@dataclass(frozen=True, kw_only=True)
class _Token:
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        yield _Token(kind=str(match.lastgroup), text=match[0], line=line)
        line += match[0].count("\n")


@dataclass(kw_only=True)
class _Reader:
    """Walks through the tokens of a valid TOML text and notes where each value starts."""

    tokens: list[_Token]
    lines: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def read(self) -> dict[str, int]:
        """Return JSON pointer -> line."""
        self.tokens.reverse()  # the next token is the last of the list
        prefix = ""
        while self.tokens:
            if self.skipped("\n"):
                continue
            prefix = self.header() if self.tokens[-1].text == "[" else self.pair(prefix)
        return self.lines

    def skipped(self, text: str) -> bool:
        """Take the next token if it is ``text``; tell whether it was."""
        if self.tokens and self.tokens[-1].text == text:
            self.tokens.pop()
            return True
        return False

    def header(self) -> str:
        """Read ``[a.b]`` or ``[[a.b]]``; return the pointer of what stands below it."""
        line = self.tokens.pop().line
        many = self.skipped("[")
        pointer = ""
        for part in self.key("]"):
            pointer = f"{pointer}/{part}"
            self.lines.setdefault(pointer, line)
        if many:
            self.skipped("]")
            count = self.counts.get(pointer, 0)
            self.counts[pointer] = count + 1
            pointer = f"{pointer}/{count}"
            self.lines[pointer] = line
        return pointer

    def pair(self, prefix: str) -> str:
        """Read ``key = value`` below ``prefix``, which is returned."""
        line = self.tokens[-1].line
        pointer = prefix
        for part in self.key("="):
            pointer = f"{pointer}/{part}"
            self.lines.setdefault(pointer, line)
        self.value(pointer)
        return prefix

    def key(self, end: str) -> list[str]:
        """Read a key up to the sign behind it; return its parts."""
        parts: list[str] = []
        while (token := self.tokens.pop()).text != end:
            if token.kind == "string":
                parts.append(token.text[1:-1])
            else:
                parts += [part for part in token.text.split(".") if part]
        return [escaped(part) for part in parts]

    def value(self, pointer: str) -> None:
        """Read a value, of which ``pointer`` is known already."""
        if self.skipped("["):
            self.items(pointer)
        elif self.skipped("{"):
            while not self.skipped("}"):
                if not self.skipped(",") and not self.skipped("\n"):
                    self.pair(pointer)
        else:
            self.tokens.pop()
            while self.tokens and self.tokens[-1].kind == "word":
                self.tokens.pop()  # a date and its time may stand apart

    def items(self, pointer: str) -> None:
        """Read the items of a list behind its opening bracket."""
        index = 0
        while not self.skipped("]"):
            if self.skipped("\n"):
                continue
            if self.skipped(","):
                index += 1
                continue
            self.lines[f"{pointer}/{index}"] = self.tokens[-1].line
            self.value(f"{pointer}/{index}")
