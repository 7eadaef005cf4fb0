from __future__ import annotations

import ast

import pytest

from tracemill_datagen.solver.words import MAX_WORDS, in_words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('pd.read_csv("table.csv")', "the table"),
        ("t[t['kind'] == 'red']", "the rows of t where 'kind' is 'red'"),
        ("t[t['kind'] != 'red']", "the rows of t where 'kind' is not 'red'"),
        ("t[t['mass'] > mean_mass]", "the rows of t where 'mass' is above mean_mass"),
        (
            "t[(t['a'] > 1) & (t['b'] < 2)]",
            "the rows of t where ('a' is above 1) and ('b' is below 2)",
        ),
        ("t['mass']", "'mass' of t"),
        ("t[['a', 'b']]", "['a', 'b'] of t"),
        ("t.dropna(subset=['a'])", "t without missing values (subset=['a'])"),
        ("x.mean()", "the mean of x"),
        ("x.std(ddof=1)", "the standard deviation of x (ddof=1)"),
        (
            "x.quantile(0.9, interpolation='linear')",
            "a quantile of x (0.9, interpolation='linear')",
        ),
        ("x.nunique()", "the number of distinct values in x"),
        (
            "x.value_counts().idxmax()",
            "the label of the largest of how often each value of x occurs",
        ),
        ("t.groupby('k')['m'].mean()", "the mean of 'm' of t grouped by 'k'"),
        ("t.groupby('k').size()", "the number of rows in t grouped by 'k'"),
        ("t.nlargest(5, 'm')", "the largest 5 of t ('m')"),
        ("s.nlargest(2).index.tolist()", "the labels of the largest 2 of s as a list"),
        ("t['a'].corr(t['b'])", "the correlation of 'a' of t with 'b' of t"),
        ("len(rows)", "the number of items in rows"),
        ("a - b", "a minus b"),
        ("100 * a / b", "(100 times a) divided by b"),
        ("round(float(x), 2)", "x rounded to 2 decimals"),
        ("round(x, 1)", "x rounded to 1 decimal"),
        ("round(x)", "x rounded to 0 decimals"),
        ("str(x)", "x as text"),
        ("int(x)", "x as an integer"),
        ("x", "x"),
        ("{'a': 1}", "`{'a': 1}`"),
        ("t.loc[0]", "`t.loc[0]`"),
        ("f(x)", "`f(x)`"),
        ("t.rolling(3)", "`t.rolling(3)`"),
        ("a if b else c", "`a if b else c`"),
        ("x[0]", "`x[0]`"),
    ],
)
def test_an_expression_has_words_or_stands_as_code(code: str, words: str) -> None:
    assert in_words(ast.parse(code, mode="eval").body) == words


def test_words_are_bounded() -> None:
    long = ast.parse(f"[{', '.join(['number'] * 500)}]", mode="eval").body
    assert len(in_words(long)) == MAX_WORDS
    assert in_words(long).endswith("...")
