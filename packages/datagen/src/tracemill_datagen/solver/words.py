"""What an expression of pandas code computes, in words.

A noun phrase is made from the syntax tree alone, so the same line always gives the same words.
What has no phrase here stands as code between back quotes: never wrong, only less readable.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from copy import deepcopy

METHODS: Mapping[str, str] = {
    "mean": "the mean of {0}",
    "median": "the median of {0}",
    "sum": "the sum of {0}",
    "min": "the smallest of {0}",
    "max": "the largest of {0}",
    "std": "the standard deviation of {0}",
    "var": "the variance of {0}",
    "count": "the number of values in {0}",
    "nunique": "the number of distinct values in {0}",
    "unique": "the distinct values of {0}",
    "size": "the number of rows in {0}",
    "nlargest": "the largest {1} of {0}",
    "nsmallest": "the smallest {1} of {0}",
    "idxmax": "the label of the largest of {0}",
    "idxmin": "the label of the smallest of {0}",
    "quantile": "a quantile of {0}",
    "corr": "the correlation of {0} with {1}",
    "abs": "the absolute value of {0}",
    "dropna": "{0} without missing values",
    "notna": "where {0} is not missing",
    "isna": "where {0} is missing",
    "reset_index": "{0} with a fresh index",
    "sort_index": "{0} sorted by label",
    "sort_values": "{0} sorted by value",
    "value_counts": "how often each value of {0} occurs",
    "head": "the first rows of {0}",
    "tolist": "{0} as a list",
    "to_list": "{0} as a list",
    "to_dict": "{0} as a mapping",
    "item": "{0}",
    "copy": "{0}",
    "cumsum": "the running sum of {0}",
    "diff": "the change from row to row of {0}",
    "shift": "{0} moved by a row",
    "astype": "{0} as another type",
    "groupby": "{0} grouped by {1}",
    "read_csv": "the table",
    "to_datetime": "{1} as dates",
    "to_numeric": "{1} as numbers",
}
"""Method or function name -> phrase; {0} is what it is called on, {1} its first argument."""

FUNCTIONS: Mapping[str, str] = {
    "len": "the number of items in {0}",
    "float": "{0}",
    "int": "{0} as an integer",
    "str": "{0} as text",
    "bool": "whether {0}",
    "abs": "the absolute value of {0}",
    "min": "the smallest of {0}",
    "max": "the largest of {0}",
    "sum": "the sum of {0}",
    "sorted": "{0} in order",
    "list": "{0} as a list",
    "set": "the distinct values of {0}",
}

SIGN_OF: Mapping[str, str] = {
    "add": "plus",
    "subtract": "minus",
    "multiply": "times",
    "divide": "divided by",
    "round": "rounded at",
}
"""Claim operator -> what stands between its operands."""

SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: SIGN_OF["add"],
    ast.Sub: SIGN_OF["subtract"],
    ast.Mult: SIGN_OF["multiply"],
    ast.Div: SIGN_OF["divide"],
    ast.FloorDiv: "divided without remainder by",
    ast.Mod: "modulo",
    ast.Pow: "to the power of",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Gt: "is above",
    ast.GtE: "is at least",
    ast.Lt: "is below",
    ast.LtE: "is at most",
    ast.In: "is in",
}

MAX_WORDS = 1_000
"""Characters of a phrase; a longer expression stands shortened, the code has it whole."""


def in_words(expression: ast.expr) -> str:
    """Return a noun phrase for what ``expression`` computes, at most ``MAX_WORDS`` characters.

    The expression is read recursively: take it from ``assignments``, which bounds its depth.
    """
    text = _phrase(expression)
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 3] + "..."


def _phrase(node: ast.expr) -> str:
    for kind, phrase in _PHRASES:
        if isinstance(node, kind):
            return phrase(node) or _code(node)
    return _code(node)


def _code(node: ast.expr) -> str:
    return f"`{ast.unparse(node)}`"


def _constant(node: ast.expr) -> str | None:
    return ast.unparse(node)


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _operation(node: ast.expr) -> str | None:
    if not isinstance(node, ast.BinOp) or type(node.op) not in SIGNS:
        return None
    return f"{_part(node.left)} {SIGNS[type(node.op)]} {_part(node.right)}"


def _comparison(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in SIGNS:
        return None
    return f"{_part(node.left)} {SIGNS[type(node.ops[0])]} {_part(node.comparators[0])}"


def _part(node: ast.expr) -> str:
    compound = isinstance(node, ast.BinOp | ast.Compare | ast.BoolOp)
    return f"({_phrase(node)})" if compound else _phrase(node)


def _selection(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Subscript):
        return None
    whole, key = node.value, node.slice
    if isinstance(whole, ast.Attribute) and whole.attr in {"loc", "iloc", "at", "iat"}:
        return None
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return f"{key.value!r} of {_part(whole)}"
    if isinstance(key, ast.List):
        return f"{_phrase(key)} of {_part(whole)}"
    rows = isinstance(key, ast.Compare | ast.BinOp | ast.Name | ast.UnaryOp | ast.Call)
    if not rows:
        return None
    condition = _Bare(whole.id).visit(deepcopy(key)) if isinstance(whole, ast.Name) else key
    return f"the rows of {_part(whole)} where {_phrase(condition)}"


class _Bare(ast.NodeTransformer):
    """Turns ``name['column']`` into ``'column'`` where it is clear which table is meant."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        bare = isinstance(node.value, ast.Name) and node.value.id == self._name
        return node.slice if bare and isinstance(node.slice, ast.Constant) else node


def _call(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name):
        return _function(node, node.func.id)
    if isinstance(node.func, ast.Attribute):
        return _method(node, node.func)
    return None


def _function(node: ast.Call, name: str) -> str | None:
    if name == "round" and node.args:
        places = ast.unparse(node.args[1]) if len(node.args) > 1 else "0"
        return f"{_part(node.args[0])} rounded to {places} decimal{'' if places == '1' else 's'}"
    if name not in FUNCTIONS or len(node.args) != 1:
        return None
    return FUNCTIONS[name].format(_part(node.args[0])) + _options(node, skip=1)


def _attribute(node: ast.expr) -> str | None:
    labels = isinstance(node, ast.Attribute) and node.attr in {"index", "columns"}
    if not labels or not isinstance(node, ast.Attribute):
        return None
    return f"the {'labels' if node.attr == 'index' else 'columns'} of {_part(node.value)}"


def _method(node: ast.Call, called: ast.Attribute) -> str | None:
    phrase = METHODS.get(called.attr)
    if phrase is None or ("{1}" in phrase and not node.args):
        return None
    if called.attr == "read_csv":
        return phrase
    first = _phrase(node.args[0]) if node.args else ""
    return phrase.format(_part(called.value), first) + _options(node, skip="{1}" in phrase)


def _options(node: ast.Call, *, skip: int) -> str:
    said = [ast.unparse(argument) for argument in node.args[skip:]]
    said += [ast.unparse(keyword) for keyword in node.keywords]
    return f" ({', '.join(said)})" if said else ""


_PHRASES: tuple[tuple[type[ast.expr], Callable[[ast.expr], str | None]], ...] = (
    (ast.Constant, _constant),
    (ast.List, _constant),
    (ast.Name, _name),
    (ast.BinOp, _operation),
    (ast.Compare, _comparison),
    (ast.Subscript, _selection),
    (ast.Call, _call),
    (ast.Attribute, _attribute),
)
