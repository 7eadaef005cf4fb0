"""Texts that a regular expression takes, as seeds for the search for witnesses.

Understood are literals, classes, groups, alternatives, quantifiers and the anchors ``^`` and ``$``:
what contracts use. Of a pattern with anything else (look-around, back references) there are no
texts. A text is only a guess until the engines have judged a document with it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST = 80
"""Texts of one pattern, and of each part of it."""
LONGEST = 300
"""How often a part is repeated at most; a larger bound is not reached."""
PROBES = "a0 _-./:A\u00e9"
"""Characters among which one outside a negated class is looked for."""
ESCAPED: Mapping[str, str] = {"d": "09", "w": "a_0Z", "s": " \t", "D": "a ", "W": " -", "S": "a0"}
CONTROL: Mapping[str, str] = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
QUANTIFIER = re.compile(r"([*+?]|\{(\d+)(,?)(\d*)\})\??")
PIECE = re.compile(r"\\.|[\[\]]", re.DOTALL)
GROUP = re.compile(r"\((\?:|\?P?<[A-Za-z_]\w*>|(?!\?))")


class NotUnderstood(ValueError):
    """The pattern uses something that no texts are made of."""


def samples(pattern: str) -> tuple[str, ...]:
    """Return different texts of a pattern, the shortest repetitions first; none if too hard."""
    reader = _Reader(text=pattern)
    try:
        found = reader.alternatives()
    except (NotUnderstood, IndexError, re.error):
        return ()
    return tuple(found) if reader.position == len(pattern) else ()


def with_ten_digits(pattern: str) -> str:
    r"""Return a pattern with ``[0-9]`` for ``\d`` outside of classes.

    They are the same in JSON Schema, whose patterns are those of ECMA-262 (section 22.2.2.9,
    CharacterClassEscape), also where an engine takes digits of other scripts for ``\d``.
    """
    in_class = False

    def spelt(piece: re.Match[str]) -> str:
        nonlocal in_class
        if piece[0] in ("[", "]"):
            in_class = piece[0] == "["
        return "[0-9]" if piece[0] == r"\d" and not in_class else piece[0]

    return PIECE.sub(spelt, pattern)


@dataclass(kw_only=True)
class _Reader:
    """A recursive descent over a pattern; each method returns the texts of what it has read."""

    text: str
    position: int = 0

    def alternatives(self) -> list[str]:
        found = self._sequence()
        while self._next() == "|":
            self.position += 1
            found = found + self._sequence()
        return _distinct(found)

    def _next(self) -> str:
        return self.text[self.position : self.position + 1]

    def _sequence(self) -> list[str]:
        parts: list[list[str]] = []
        while self._next() not in ("", "|", ")"):
            atom = self._atom()
            parts.append(self._repeated(atom))
        return _one_changed(parts)

    def _atom(self) -> list[str]:
        if group := GROUP.match(self.text, self.position):
            self.position = group.end()
            found = self.alternatives()
            if self._next() != ")":
                raise NotUnderstood(self.text)
            self.position += 1
            return found
        char = self.text[self.position]
        self.position += 1
        if char in "()*+?{":
            raise NotUnderstood(self.text)
        if char in "^$":
            return [""]
        if char == ".":
            return ["a", "\u00e9"]
        if char == "[":
            return self._class()
        return list(self._escape()) if char == "\\" else [char]

    def _escape(self) -> str:
        char = self.text[self.position]
        self.position += 1
        if char in ESCAPED:
            return ESCAPED[char]
        if char in CONTROL:
            return CONTROL[char]
        if char.isalnum():
            raise NotUnderstood(self.text)
        return char

    def _class(self) -> list[str]:
        start = self.position
        negated = self._next() == "^"
        self.position += negated
        found: list[str] = []
        while self._next() != "]":
            char = self.text[self.position]
            self.position += 1
            found += list(self._escape()) if char == "\\" else [char]
            if self._next() == "-" and self.text[self.position + 1] != "]":
                self.position += 1
                end = self.text[self.position]
                self.position += 1
                found.append(self._escape() if end == "\\" else end)
        self.position += 1
        if not negated:
            return _distinct(found)
        whole = re.compile(f"[{self.text[start : self.position]}")
        return [char for char in PROBES if whole.fullmatch(char)]

    def _repeated(self, atom: list[str]) -> list[str]:
        quantifier = QUANTIFIER.match(self.text, self.position)
        if quantifier is None or not atom:
            return atom
        self.position = quantifier.end()
        least, most = _bounds(quantifier)
        counts = dict.fromkeys(n for n in (least, least + 1, most) if least <= n <= most)
        found = [atom[0] * count for count in counts if count <= LONGEST]
        found += [text * max(least, 1) for text in atom[1:] if least <= LONGEST]
        found += [text + atom[0] * (least - 1) for text in atom[1:] if 1 < least <= LONGEST]
        return _distinct(found)


def _bounds(quantifier: re.Match[str]) -> tuple[int, int]:
    signs = {"*": (0, LONGEST + 1), "+": (1, LONGEST + 1), "?": (0, 1)}
    if bounds := signs.get(quantifier[1]):
        return bounds
    least = int(quantifier[2])
    if not quantifier[3]:
        return least, least
    return least, int(quantifier[4]) if quantifier[4] else LONGEST + 1


def _one_changed(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the text of all first choices, then those in which one part has another choice."""
    if not all(parts):
        return []
    first = [part[0] for part in parts]
    changed = (
        "".join((*first[:index], choice, *first[index + 1 :]))
        for index, part in enumerate(parts)
        for choice in part[1:]
    )
    return _distinct(itertools.chain(["".join(first)], changed))


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))[:MOST]
