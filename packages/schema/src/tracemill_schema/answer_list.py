"""Reading lists and mappings from text, and comparing their items in any order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NoReturn

from tracemill_schema.answer_text import bare
from tracemill_schema.canonical import Value

_BRACKETS = {"[": "]", "(": ")", "{": "}"}
_QUOTED = re.compile(r"""\s*("[^"]*"|'[^']*')\s*(?=[,;\])}]|$)""")
_PAIR = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*:\s*(.*\S)\s*""", re.DOTALL)
_BULLET = re.compile(r"[-*•]\s+")
_NUMBERED = re.compile(r"(\d{1,4})[.)]\s+", re.ASCII)


def readings(value: Value) -> Iterator[Sequence[Value]]:
    """Yield the ways to read a list or a text as a list; none if it is blank or has names.

    JSON has one reading. Other text may be parted by lines (bullets or numbers are taken off), by
    semicolons, by commas, or by commas with "and" before the last item. Brackets around the whole
    are taken off; what stands in brackets or quotes inside is not parted.
    """
    if not isinstance(value, str):
        yield from [value] if isinstance(value, Sequence) else []
        return
    text = bare(value)
    text = text.removesuffix(".") if text[:1] in _BRACKETS else text
    parsed = from_json(text)
    if isinstance(parsed, list):
        yield parsed
    elif text and not (isinstance(parsed, dict) and parsed):
        yield from _parted(text)


def mapping(value: Value) -> Mapping[str, Value] | None:
    """Read an object of JSON, or one in Python's quotes; None for others and for a name twice."""
    text = bare(value) if isinstance(value, str) else ""
    parsed = from_json(text) if isinstance(value, str) else value
    if isinstance(parsed, Mapping):
        return parsed
    inner = _inside(text)
    if inner is None or not text.startswith("{"):
        return None
    pairs = [_PAIR.fullmatch(part) for part in _split(inner, ",")]
    found = {pair[1] or pair[2] or "": pair[3] for pair in pairs if pair is not None}
    return found if len(found) == len(pairs) else None


def from_json(text: str) -> Value:
    """Read JSON; its numbers stay the text that stands there, which every kind can read.

    Return None if it is no JSON, or if an object has a name twice: then it says two things.
    """
    try:
        parsed: Value = json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_distinct_names,
        )
    except (ValueError, RecursionError):
        return None
    return parsed


def paired_off(size: int, equal: Callable[[int, int], bool]) -> bool:
    """Tell whether each of ``size`` items on the left has one on the right for itself.

    Equality within a tolerance is not transitive, so the first fit may be the wrong one; this looks
    for augmenting paths (Berge, "Two theorems in graph theory", 1957).
    """
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    return all(_placed(left, size, equal, right_of, left_of) for left in range(size))


def _placed(
    root: int,
    size: int,
    equal: Callable[[int, int], bool],
    right_of: dict[int, int],
    left_of: dict[int, int],
) -> bool:
    reached_from: dict[int, int] = {}
    queue = [root]
    for left in queue:
        for right in range(size):
            if right in reached_from or not equal(left, right):
                continue
            reached_from[right] = left
            if right not in left_of:
                _shift(right, reached_from, right_of, left_of)
                return True
            queue.append(left_of[right])
    return False


def _shift(
    free: int, reached_from: dict[int, int], right_of: dict[int, int], left_of: dict[int, int]
) -> None:
    """Give each item of the path the place after it, the last one the free place."""
    place: int | None = free
    while place is not None:
        left = reached_from[place]
        before = right_of.get(left)
        right_of[left], left_of[place] = place, left
        place = before


def _parted(text: str) -> Iterator[Sequence[Value]]:
    inner = _inside(text)
    body = (text if inner is None else inner).strip()
    if not body:
        yield []
        return
    lines = [line.strip().rstrip(",;") for line in body.splitlines() if line.strip()]
    if len(lines) > 1:
        yield _without_bullets(lines)
    if ";" in body:
        yield _split(body, ";")
    items = _split(body, ",")
    yield items
    if inner is not None and len(items) == 1:
        yield [text]
    head, joined, tail = items[-1].rpartition("and ")
    if inner is None and joined and (not head or head.endswith(" ")):
        yield [*items[:-1], *([head.strip()] if head else []), tail]


def _without_bullets(lines: Sequence[str]) -> list[str]:
    if all(_BULLET.match(line) for line in lines):
        return [_BULLET.sub("", line, count=1) for line in lines]
    numbers = [_NUMBERED.match(line) for line in lines]
    if all(number and int(number[1]) == place for place, number in enumerate(numbers, start=1)):
        return [_NUMBERED.sub("", line, count=1) for line in lines]
    return list(lines)


def _split(text: str, mark: str) -> list[str]:
    """Part a text at a mark outside brackets and quotes; if brackets do not match, everywhere."""
    parts: list[str] = []
    start = depth = position = 0
    while position < len(text):
        quoted = _QUOTED.match(text, position) if position == start else None
        if quoted is not None:
            position = quoted.end()
            continue
        char = text[position]
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        if depth < 0:
            break
        position += 1
        if char == mark and depth == 0:
            parts.append(text[start : position - 1].strip())
            start = position
    if depth != 0:
        return [part.strip() for part in text.split(mark)]
    return [*parts, text[start:].strip()]


def _inside(text: str) -> str | None:
    """Return what stands in one pair of brackets around the whole text, else None."""
    if text[:1] not in _BRACKETS or text[-1:] != _BRACKETS[text[:1]]:
        return None
    depth = 0
    for char in text[:-1]:
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        if depth == 0:
            return None
    return text[1:-1]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _distinct_names(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found
