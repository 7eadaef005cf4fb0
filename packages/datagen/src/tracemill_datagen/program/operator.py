"""What an operator is: its types, its meaning in two engines, its pandas text and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tracemill_datagen.program.datum import Datum, ValueType
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import Value

Parameters = Mapping[str, Value]

Evaluate = Callable[[Sheet, Parameters, Sequence[Datum]], Datum]
"""Meaning: (table, literals, operands) -> value. Raises Rejected where the value is undefined."""

Bind = Callable[[Roles, Random], Parameters | None]
"""Draws literals that fit a table, or None if the operator cannot be used on it."""

Bindings = Callable[[Roles], Sequence[Parameters]]
"""Lists all literals that fit a table, in an order that depends on the table only."""


class SqlScope:
    """Names and literals of one SQL text: columns by position, values as bound parameters."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.values: dict[str, int | float | str] = {}

    def column(self, parameters: Parameters, key: str = "column") -> str:
        """Return the SQL name of the column that a parameter names."""
        return f"c{self._sheet.positions[text(parameters, key)]}"

    def sparse_columns(self) -> list[str]:
        """Return the SQL names of all columns with cells without a value."""
        return [f"c{index}" for index, column in enumerate(self._sheet.columns) if column.nulls]

    def literal(self, value: Value) -> str:
        """Bind a value and return its placeholder; TypeError for other than text or number."""
        if not isinstance(value, int | float | str):
            raise TypeError(f"wanted text or a number, got {value!r}")
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f":{name}"


Said = Mapping[int, str] | Mapping[float, str] | Mapping[str, str] | Mapping[int | float | str, str]
"""Values of one parameter -> their words."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One typed operation.

    Attributes:
        name: Its name in program.v1.
        inputs: Types of its operands.
        output: Type of its value.
        evaluate: Its meaning over columns (the gold engine).
        sql: The same in SQL, from the operands' SQL: a condition for ``rows``, a scalar expression
            for ``number`` and ``label``, a SELECT of ``id, v`` for columns, of ``label, value`` for
            ``groups``, of ``v`` for ``list``.
        pandas: The same as one pandas expression, from the operands' variable names.
        variable: Words of the variable that holds the value.
        wordings: English, one or more patterns that mean the same; a seed chooses, the first is the
            plainest. The pattern language stands in ``program/wording/pattern.py``, in short:
            ``{0}`` is an operand (``{0:bare}`` without its "the"), ``{column}`` or ``{n}`` a
            parameter, ``[ over {0}]`` goes without saying where the operand is all rows, and a
            pattern that starts with ``where `` is a condition on the cells of a row, joined to
            operand 0.
        words: For parameters whose values are said in words, the words by value, for instance
            ``{"n": {2: "second", 3: "third"}}``; text there stands bare, elsewhere in quotes.
        bind: Draws literals for a table; only read where ``bindings`` is not given (a new operator
            gives ``bindings``; of a ``bind`` as many draws as ``program/binding.py`` says are
            enumerated, repeated ones once).
        bindings: All literals that fit a table, for instance
            ``lambda roles: [{"column": column.name} for column in roles.measures]``; nothing if the
            operator cannot be used on it. The grammar counts and indexes these.
        selects: True if it narrows rows; dropping it must change the answer.
        commutes: True if its order among other commuting selections does not matter.
        symmetric: Parameters whose values may change places without changing the meaning.
        keeps_unit: True if the value has the unit of the column that it measures.
        unit: The unit of its value, whatever it measures, for instance "%"; None if there is none.
        exchanges: True if its two operands may change places without changing the meaning.
    """

    name: str
    inputs: tuple[ValueType, ...]
    output: ValueType
    evaluate: Evaluate
    sql: Callable[[SqlScope, Parameters, Sequence[str]], str]
    pandas: Callable[[Parameters, Sequence[str]], str]
    variable: Callable[[Parameters, Sequence[str]], str]
    wordings: tuple[str, ...]
    words: Mapping[str, Said] = field(default_factory=dict)
    bind: Bind = field(default=lambda _roles, _rng: {})
    bindings: Bindings | None = None
    selects: bool = False
    commutes: bool = False
    symmetric: tuple[str, ...] = ()
    keeps_unit: bool = False
    unit: str | None = None
    exchanges: bool = False

    @property
    def decides(self) -> bool:
        """True if the first operand, a flag, selects between the second and the third."""
        return len(self.inputs) == 3 and self.inputs[0] == "flag"


def text(parameters: Parameters, key: str) -> str:
    """Return a text parameter; TypeError if it is none."""
    value = parameters[key]
    if not isinstance(value, str):
        raise TypeError(f"parameter {key}: wanted text, got {value!r}")
    return value


def number(parameters: Parameters, key: str) -> int | float:
    """Return a number parameter; TypeError if it is none."""
    value = parameters[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"parameter {key}: wanted a number, got {value!r}")
    return value


def integer(parameters: Parameters, key: str) -> int:
    """Return an integer parameter; TypeError if it is none."""
    value = number(parameters, key)
    if not isinstance(value, int):
        raise TypeError(f"parameter {key}: wanted an integer, got {value!r}")
    return value


COLUMN_KEYS = ("column", "by", "x", "y", "key")
"""Parameters that name columns; all others are literals."""


def columns_of(parameters: Parameters) -> tuple[str, ...]:
    """Return the names of the columns that an operation reads itself."""
    return tuple(str(parameters[key]) for key in COLUMN_KEYS if key in parameters)
