"""Uses the loaded libraries once, so that runs find their caches filled.

Many libraries finish loading at the first use (parsers, group-by kernels, lazily imported parts).
What is done here once is inherited by every run; what is not, each run would do again.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Set as AbstractSet

from tracemill_sandbox.inside import program
from tracemill_sandbox.inside.frame import NONCE_BYTES, encode

_PARTS = {
    "numpy": ("numpy.linalg", "numpy.random", "numpy.fft"),
}
_TABLE = "g,h,v,w,d\na,x,1,0.5,2020-01-01\nb,y,2,1.5,2020-01-02\na,y,3,,2020-01-03\n"
_SAMPLE = "answer = sorted(str(n * n) for n in range(50))\n"
_PANDAS_SAMPLE = f"""
import io
import pandas as pd
table = pd.read_csv(io.StringIO({_TABLE!r}))
answer = table.groupby("g")["v"].mean().round(2).to_dict()
"""


def up(loaded: AbstractSet[str]) -> None:
    """Import the usual parts of what is loaded, and put a tiny table through pandas."""
    for name in sorted(loaded & _PARTS.keys()):
        for part in _PARTS[name]:
            with contextlib.suppress(ImportError):
                importlib.import_module(part)
    if "pandas" in loaded:
        _use_pandas()


def sample(loaded: AbstractSet[str]) -> None:
    """Do what a typical run does, the runner's part included; only in a process of its own."""
    code = _PANDAS_SAMPLE if "pandas" in loaded else _SAMPLE
    main = program.new_main()
    answer = program.execute(code, main, outputs=("answer",), room=1 << 20, bindings=True)
    encode(answer, bytes(NONCE_BYTES))


def _use_pandas() -> None:
    pandas = importlib.import_module("pandas")
    table = pandas.read_csv(io.StringIO(_TABLE), parse_dates=["d"])
    groups = table.groupby("g")
    groups["v"].mean().round(2).to_dict()
    groups.agg({"v": "sum", "w": "median"}).reset_index().sort_values("v")
    table.merge(table, on="h", how="left").drop_duplicates().fillna(0)
    table.pivot_table(index="g", columns="h", values="v", aggfunc="sum")
    table["g"].value_counts().head(1)
    table["v"].quantile(0.9), table["v"].std(), table["v"].corr(table["w"])
    table[(table["v"] > 1) & table["g"].isin(["a"])].describe()
    table["d"].dt.month.astype("int64").cumsum().rolling(2).mean()
    table["g"].str.upper().apply(len).to_numpy().tolist()
    repr(table)
