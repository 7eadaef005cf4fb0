"""Measures how long tables take to be read and profiled, beside pandas.

    nox -s bench -- tables ../shared/tables

Each table is read and profiled in turn with ``pandas.read_csv`` and ``describe`` of the same file,
both in processor time of one process; the ratio is of their medians. Bytes that are read for the
first time are read for both. The result is written to docs/benchmarks/tables.json.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pandas as pd
from figure import rounded, told_spread

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.profile import profile
from tracemill_datagen.table.reader import read_sheet
from tracemill_sandbox.measure import Spread, in_turn, spread
from tracemill_schema.jsonl import write_bytes

OUT = Path(__file__).parents[2] / "docs" / "benchmarks" / "tables.json"
MOST_SECONDS = 1.0
"""What reading and profiling the largest table may take."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Processor seconds of one table.

    Attributes:
        name: The file's stem.
        megabytes: Size of the file.
        read: Seconds of ``read_sheet``.
        whole: Seconds of ``read_sheet`` and ``profile``.
        pandas: Seconds of ``read_csv`` and ``describe`` of all columns.
    """

    name: str
    megabytes: float
    read: Spread
    whole: Spread
    pandas: Spread

    @property
    def ratio(self) -> float:
        """Our seconds over those of pandas."""
        return self.whole.median / self.pandas.median


def _seconds(action: Callable[[], object]) -> float:
    begun = time.process_time()
    action()
    return time.process_time() - begun


def _measured(path: Path, rounds: int) -> Cost:
    samples = in_turn(
        {
            "read": lambda: _seconds(lambda: read_sheet(path)),
            "whole": lambda: _seconds(
                lambda: profile(read_sheet(path), source=path.name, licence="unstated")
            ),
            "pandas": lambda: _seconds(lambda: pd.read_csv(path).describe(include="all")),
        },
        rounds=rounds,
    )
    return Cost(
        name=path.stem,
        megabytes=path.stat().st_size / 1e6,
        read=spread(samples["read"]),
        whole=spread(samples["whole"]),
        pandas=spread(samples["pandas"]),
    )


def _costs(folder: Path, rounds: int) -> tuple[list[Cost], list[str]]:
    """Measure every CSV file of a folder; return the costs, and the names of refused files."""
    costs, refused = [], []
    for path in sorted(folder.glob("*.csv")):
        try:
            read_sheet(path)
        except NotATable as error:
            refused.append(f"{path.stem} ({error.reason})")
            continue
        costs.append(_measured(path, rounds))
        sys.stderr.write(f"{path.stem}: {costs[-1].ratio:.2f} x pandas\n")
    return costs, refused


def _figures(costs: list[Cost]) -> list[dict[str, object]]:
    largest = max(costs, key=lambda cost: cost.megabytes)
    ours, theirs = (sum(getattr(c, name).median for c in costs) for name in ("whole", "pandas"))
    ratios = spread([cost.ratio for cost in costs])
    seconds = largest.whole.median
    return [
        {
            "name": "all_over_pandas",
            "says": f"reading and profiling {len(costs)} tables / pandas read_csv and describe",
            "value": rounded(ours / theirs),
            "samples": told_spread(ratios),
        },
        {
            "name": "largest_over_pandas",
            "says": f"the same of the largest, {largest.name}, {largest.megabytes:.1f} MB",
            "value": rounded(largest.ratio),
        },
        {
            "name": "largest_seconds",
            "says": f"reading and profiling {largest.name}, one core (s)",
            "value": rounded(seconds),
            "samples": told_spread(largest.whole),
            "target": {"at_most": MOST_SECONDS},
            "met": seconds <= MOST_SECONDS,
        },
        {
            "name": "megabytes_per_second",
            "says": "read and profiled a second, one core, all tables (MB)",
            "value": rounded(sum(cost.megabytes for cost in costs) / ours),
        },
    ]


def main() -> None:
    """Measure every table of a folder and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="nox -s bench -- tables")
    parser.add_argument("folder", type=Path, help="folder of CSV files")
    parser.add_argument("--rounds", type=int, default=5, help="samples of each table")
    options = parser.parse_args()
    busy = round(os.getloadavg()[0], 2)
    costs, refused = _costs(options.folder, options.rounds)
    if not costs:
        sys.exit(f"{options.folder}: wanted CSV files, got none that can be read; check the path")
    figures = _figures(costs)
    result = {
        "command": f"nox -s bench -- tables FOLDER --rounds {options.rounds}",
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
            "busy_before": busy,
        },
        "pandas": pd.__version__,
        "refused": refused,
        "figures": figures,
        "tables": {
            cost.name: {
                "seconds": rounded(cost.whole.median),
                "read_seconds": rounded(cost.read.median),
                "over_pandas": rounded(cost.ratio),
            }
            for cost in costs
        },
        "all_met": all(figure.get("met", True) for figure in figures),
    }
    write_bytes(OUT, orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.write(OUT.read_text())


if __name__ == "__main__":
    main()
