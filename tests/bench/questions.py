"""Measures how fast questions about tables are made and verified, beside reasoning-core.

    nox -s bench -- questions ../shared/tables

Procedural questions are made of every table of a folder, on one core, each confirmed by two
engines; reading the tables is not counted. In turn with them ``reasoning-core`` draws its
``table_qa`` in an environment of its own (``.nox/reasoning-core``); both in processor time. Then
programs of depth 4 to 8 are enumerated on a table of 20 columns, and one small folder of questions
is made with 1 and 2 processes under two hash seeds. The result is written to
docs/benchmarks/questions.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from figure import rounded, told_spread

from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate
from tracemill_datagen.table.named import named_tables
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_sandbox.measure import spread
from tracemill_schema.jsonl import write_bytes

OUT = Path(__file__).parents[2] / "docs" / "benchmarks" / "questions.json"
PEER = Path(__file__).with_name("peer.py")
PEER_SECONDS = 10
LEAST_RATE = 1_000
LEAST_RATIO = 20
PROGRAMS = 10_000
DEPTHS = (4, 8)
MOST_SECONDS = 5.0
WIDE_ROWS = 400
SEEDS = ("1", "4711")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What one table gave: questions and the processor seconds that they took."""

    table: str
    questions: int
    tried: int
    seconds: float


def _made(sheet: Sheet, count: int, seed: int) -> Made:
    begun = time.process_time()
    with Bench(sheet) as bench:
        batch = generate(bench, "procedural", count=count, seed=seed)
    seconds = time.process_time() - begun
    made = len(batch.questions)
    sys.stderr.write(f"{sheet.name}: {made / seconds:,.0f} questions/s\n")
    return Made(table=sheet.name, questions=made, tried=batch.tried, seconds=seconds)


def _peer(python: Path) -> dict[str, float]:
    run = subprocess.run(
        [python, PEER, str(PEER_SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
    )
    if run.returncode:
        sys.exit(f"{python}: reasoning-core did not run: {run.stderr.strip()[-400:]}")
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _wide() -> Sheet:
    """Return a table of 8 quantities, 6 columns of groups, 3 of small integers, 2 days, a key."""
    names = [f"q{n}" for n in range(8)] + [f"g{n}" for n in range(6)]
    names += [f"i{n}" for n in range(3)] + ["day", "end", "name"]
    lines = [",".join(names)]
    for row in range(WIDE_ROWS):
        cells = [f"{(row * (37 + 2 * n) % 997) / 7 + n:.3f}" for n in range(8)]
        cells += ["abcdefgh"[(row * (n + 3) // (n + 2)) % (n + 2)] for n in range(6)]
        cells += [str((row * (n + 5)) % (7 + n)) for n in range(3)]
        cells += [f"20{10 + row % 9}-0{1 + row % 9}-{10 + row % 18}" for _ in range(2)]
        lines.append(",".join([*cells, f"row {row}"]))
    return parse_sheet("\n".join([*lines, ""]).encode(), name="wide", where="wide")


def _enumerated(sheet: Sheet) -> tuple[int, float]:
    """Return how many distinct programs were enumerated, and processor seconds."""
    begun = time.process_time()
    grammar = Grammar(roles_of(sheet), sheet, depths=DEPTHS)
    seen: set[str] = set()
    for item in range(grammar.items):
        program = grammar.program(item, seed=0, table=sheet.digest)
        if program is not None:
            seen.add(program.canonical)
        if len(seen) == PROGRAMS:
            break
    return len(seen), time.process_time() - begun


def _same_bytes(tables: Sequence[str]) -> bool:
    """Make one folder of questions in four ways; tell whether all files are the same."""
    digests = set()
    with tempfile.TemporaryDirectory() as scratch:
        for seed in SEEDS:
            for processes in ("1", "2"):
                out = Path(scratch, f"{seed}-{processes}")
                words = ["--source", "all", "--count", "40", "--at-most", "--out", str(out)]
                words += ["--processes", processes, *tables]
                subprocess.run(
                    [sys.executable, "-m", "tracemill", "question", "generate", *words],
                    env={**os.environ, "PYTHONHASHSEED": seed},
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
                digests.add(_digest(out))
    return len(digests) == 1


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def _figures(
    made: list[Made], rates: list[float], peers: list[dict[str, float]]
) -> list[dict[str, object]]:
    theirs = spread([peer["items"] / peer["cpu_seconds"] for peer in peers])
    ours = spread(rates)
    ratio = ours.median / theirs.median
    rate_of_tables = spread([each.questions / each.seconds for each in made if each.questions])
    tables = len({each.table for each in made})
    return [
        {
            "name": "questions_per_second",
            "says": f"verified procedural questions of {tables} tables, one core (1/s)",
            "value": rounded(ours.median),
            "samples": told_spread(ours),
            "target": {"at_least": LEAST_RATE},
            "met": ours.median >= LEAST_RATE,
        },
        {
            "name": "of_one_table",
            "says": "the same of one table, the median table (1/s)",
            "value": rounded(rate_of_tables.median),
            "samples": told_spread(rate_of_tables),
        },
        {
            "name": "over_reasoning_core",
            "says": "the first over reasoning-core's table_qa",
            "value": rounded(ratio),
            "target": {"at_least": LEAST_RATIO},
            "met": ratio >= LEAST_RATIO,
        },
        {
            "name": "reasoning_core_per_second",
            "says": "items of reasoning-core's table_qa, one core (1/s)",
            "value": rounded(theirs.median),
            "samples": told_spread(theirs),
        },
        {
            "name": "kept",
            "says": "items of the grammar that are kept",
            "value": rounded(sum(m.questions for m in made) / sum(m.tried for m in made)),
        },
    ]


def _of_programs(rounds: int) -> dict[str, object]:
    sheet = _wide()
    runs = [_enumerated(sheet) for _ in range(rounds)]
    seconds = spread([took for _, took in runs])
    found = min(number for number, _ in runs)
    return {
        "name": "enumerate_seconds",
        "says": f"enumerating {found:,} distinct programs of depth {DEPTHS[0]} to {DEPTHS[1]} on "
        f"{len(sheet.columns)} columns (s)",
        "value": rounded(seconds.median),
        "samples": told_spread(seconds),
        "target": {"at_most": MOST_SECONDS},
        "met": found == PROGRAMS and seconds.median <= MOST_SECONDS,
    }


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="nox -s bench -- questions")
    parser.add_argument("folder", type=Path, help="folder of tables")
    parser.add_argument("--count", type=int, default=500, help="questions of each table and round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each with other seeds")
    parser.add_argument("--peer", type=Path, required=True, help="python that has reasoning-core")
    options = parser.parse_args()
    busy = round(os.getloadavg()[0], 2)
    found = named_tables([options.folder])
    made: list[Made] = []
    rates: list[float] = []
    peers: list[dict[str, float]] = []
    for seed in range(options.rounds):
        batch = [_made(sheet, options.count, seed) for sheet in found.sheets]
        rates.append(sum(m.questions for m in batch) / sum(m.seconds for m in batch))
        made += batch
        peers.append(_peer(options.peer))
    same = _same_bytes(["penguins", "state_crime", "elements"])
    figures = [
        *_figures(made, rates, peers),
        _of_programs(options.rounds),
        {
            "name": "same_bytes",
            "says": "files are the same for 1 and 2 processes and two hash seeds (1: yes)",
            "value": float(same),
            "target": {"at_least": 1},
            "met": same,
        },
    ]
    result = {
        "command": f"nox -s bench -- questions FOLDER --count {options.count} "
        f"--rounds {options.rounds}",
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
            "busy_before": busy,
        },
        "reasoning_core": peers[0]["version"],
        "questions": sum(each.questions for each in made),
        "refused": [Path(refusal.split(" ")[0]).stem for refusal in found.refused],
        "figures": figures,
        "all_met": all(figure.get("met", True) for figure in figures),
    }
    write_bytes(OUT, orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.write(OUT.read_text())


if __name__ == "__main__":
    main()
