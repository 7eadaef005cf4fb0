"""Turns a guest's values into JSON, by exact type, never by calling methods the guest wrote.

Lists, tuples, sets and arrays become lists (sets sorted by their canonical bytes); mappings
become objects; dates become ISO text; NaN and missing become null; infinities become text. A
pandas Series becomes an object from index to value, or a list where its index is only a count or
not unique; a DataFrame becomes columns and rows (and index, where it is not only a count). numpy
and pandas are recognised by name, so that neither is imported here.
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import math
from collections.abc import Iterable
from typing import Any

from tracemill_sandbox.inside.frame import weight_of
from tracemill_sandbox.result import Binding, Coverage
from tracemill_schema.canonical import Value, encode_finite
from tracemill_schema.errors import RecordError

INLINE_BYTES = 64 << 10
"""Canonical bytes up to which a binding's value travels whole."""

_MOST_ITEMS = 1_000_000
_MOST_CHARACTERS = 16 << 20
"""Of all text in one value: encoding takes several times its memory."""

_DEEPEST = 64
_SUMMARY_CHARACTERS = 240


class NoJsonForm(Exception):
    """The value is of a type, a depth or a size that is not converted."""


def bind(
    *,
    line_number: int,
    name: str,
    value: object,
    inline: int = INLINE_BYTES,
    room: int | None = None,
) -> Binding:
    """Describe a value as a binding: whole, summarised or opaque.

    Args:
        line_number: Line of the assignment; 0 for an output.
        name: The variable.
        value: Anything.
        inline: Canonical bytes up to which the value is kept whole.
        room: What it may weigh, see ``weight_of``; None for no bound.
    """
    coverage: Coverage
    try:
        whole = Converter().convert(value)
        data = encode_finite(whole)  # the converter lets no other number through
    except (NoJsonForm, RecordError, RecursionError, MemoryError):
        shown = f"<{type_name(value)}>"
        content: Value = shown
        coverage = "opaque"
        data = encode_finite(content)
    else:
        text = data.decode()
        fits = len(data) <= inline and (room is None or weight_of(data) <= room)
        content = whole if fits else f"<{type_name(value)}> {_cut(text)}"
        coverage = "whole" if fits else "summary"
    return Binding(
        line_number=line_number,
        name=name,
        value=content,
        value_hash=hashlib.sha256(data).hexdigest(),
        coverage=coverage,
    )


def type_name(value: object) -> str:
    """Return module and name of a value's type, as the interpreter itself knows them."""
    kind = type(value)
    module = type.__getattribute__(kind, "__module__")
    name = type.__getattribute__(kind, "__qualname__")
    return name if module == "builtins" else f"{module}.{name}"


class Converter:
    """Converts one value; counts items so that a huge one is refused early."""

    def __init__(self) -> None:
        self._items = self._characters = 0

    def convert(self, value: object, depth: int = 0) -> Value:
        """Return the JSON form of ``value``.

        Raises:
            NoJsonForm: for a type without one, more than 1,000,000 items, 16 Mi characters or 64
                levels.
        """
        self._items += 1
        if self._items > _MOST_ITEMS or depth > _DEEPEST:
            raise NoJsonForm
        kind = type(value)
        if kind in (list, tuple, set, frozenset, dict):
            return self._container(value, kind, depth)
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]  # narrowed by exact type
        if value is None or kind is bool:
            return value  # type: ignore[return-value]  # narrowed by exact type, not isinstance
        if kind in (int, float, decimal.Decimal):
            return _number(value)
        if kind in (datetime.datetime, datetime.date, datetime.time):
            return value.isoformat()  # type: ignore[attr-defined, no-any-return]  # exact type
        return self._library(value, depth)

    def _text(self, text: str) -> str:
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            raise NoJsonForm
        return text

    def _container(self, value: Any, kind: type, depth: int) -> Value:  # noqa: ANN401 - by exact type
        if kind is dict:
            return self._object(value.items(), depth)
        items = self._list(value, depth)
        return sorted(items, key=encode_finite) if kind in (set, frozenset) else items

    def _list(self, values: Iterable[object], depth: int) -> list[Value]:
        return [self.convert(item, depth + 1) for item in values]

    def _object(self, pairs: Iterable[tuple[object, object]], depth: int) -> Value:
        converted = [
            (self.convert(key, depth + 1), self.convert(item, depth + 1)) for key, item in pairs
        ]
        named = {_key(key): item for key, item in converted}
        if len(named) == len(converted):
            return named
        return [[key, item] for key, item in converted]

    def _library(self, value: Any, depth: int) -> Value:  # noqa: ANN401 - numpy and pandas are not imported here
        name = type_name(value)
        root = name.partition(".")[0]
        if root == "numpy":
            return self._numpy(value, name, depth)
        if root == "pandas":
            return self._pandas(value, name.rpartition(".")[2], depth)
        raise NoJsonForm

    def _numpy(self, value: Any, name: str, depth: int) -> Value:  # noqa: ANN401 - see _library
        if name == "numpy.ndarray":
            if value.size > _MOST_ITEMS:
                raise NoJsonForm
            return self.convert(value.tolist(), depth + 1)
        if name in ("numpy.datetime64", "numpy.timedelta64"):
            text = str(value)
            return None if text == "NaT" else text
        is_scalar = hasattr(value, "item") and not getattr(value, "ndim", 0)
        plain = value.item() if is_scalar else None  # else an array of another kind
        if type(plain) in (bool, int, float, str):
            return self.convert(plain, depth + 1)
        raise NoJsonForm

    def _pandas(self, value: Any, name: str, depth: int) -> Value:  # noqa: ANN401 - see _library
        if name in ("NAType", "NaTType"):
            return None
        if name == "Timestamp":
            return str(value.isoformat())
        if name in ("Timedelta", "Period", "Interval"):
            return str(value)
        if getattr(value, "size", 0) > _MOST_ITEMS:
            raise NoJsonForm
        if name == "Series":
            return self._series(value, depth)
        if name == "DataFrame":
            return self._frame(value, depth)
        if name.endswith(("Index", "Array")) or name == "Categorical":
            return self._list(list(value), depth)
        raise NoJsonForm

    def _series(self, series: Any, depth: int) -> Value:  # noqa: ANN401 - see _library
        values = list(series)
        if type(series.index).__name__ == "RangeIndex":
            return self._list(values, depth)
        return self._object(zip(list(series.index), values, strict=True), depth)

    def _frame(self, frame: Any, depth: int) -> Value:  # noqa: ANN401 - see _library
        rows = frame.itertuples(index=False, name=None)
        shape: dict[str, Value] = {
            "columns": self._list(list(frame.columns), depth),
            "rows": [self._list(row, depth + 1) for row in rows],
        }
        if type(frame.index).__name__ != "RangeIndex":
            shape["index"] = self._list(list(frame.index), depth)
        return shape


def _number(value: Any) -> Value:  # noqa: ANN401 - int, float or Decimal by exact type
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 64:
            raise NoJsonForm
        return value
    number = float(value)
    if math.isnan(number):
        return None
    return number if math.isfinite(number) else str(number)


def _key(key: Value) -> str:
    return key if isinstance(key, str) else encode_finite(key).decode()


def _cut(text: str) -> str:
    return text if len(text) <= _SUMMARY_CHARACTERS else text[:_SUMMARY_CHARACTERS] + "..."
