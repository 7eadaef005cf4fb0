"""Measures the demo: how long it takes, how long again when nothing changed, and what it reaches.

    nox -s bench -- demo

Figures are ratios within one run on one machine; the seconds stand beside them as a guide. The
result is written to docs/benchmarks/demo.json, and the evaluation of each model to
docs/benchmarks/evaluation/NAME.json, so that an experiment card can be decided from the repository:

    tracemill experiment check specs/experiment/traces-beat-answers.toml \
      --evaluation docs/benchmarks/evaluation/traces.json \\
      --baseline docs/benchmarks/evaluation/answers.json
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from tracemill_schema.jsonl import write_bytes

BENCHMARKS = Path(__file__).parents[2] / "docs" / "benchmarks"
OUT = BENCHMARKS / "demo.json"


def _run(folder: str) -> tuple[float, list[dict[str, object]]]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tracemill", "run", "--json"],
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    return time.monotonic() - begun, [orjson.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Run the demo twice in an empty folder and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        first, events = _run(folder)
        second, _ = _run(folder)
        for found in sorted(Path(folder).glob("*/evaluations/*/eval_summary.json")):
            write_bytes(BENCHMARKS / "evaluation" / f"{found.parent.name}.json", found.read_bytes())
    stages = {e["stage"]: e["seconds"] for e in events if e.get("event") == "finished"}
    summary = events[-1]
    models = summary["models"]
    figures = {
        "command": "nox -s bench",
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
        },
        "first_seconds": round(first, 1),
        "second_seconds": round(second, 2),
        "second_over_first": round(second / first, 4),
        "stage_seconds": stages,
        "dataset": {"key": summary["dataset_key"], "id": summary["dataset_id"]},
        "traces": summary["traces"],
        "accuracy": {
            model["name"]: {"before": model["before"], "after": model["after"]}
            for model in models  # type: ignore[attr-defined] - JSON of our own summary
        },
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write_bytes(OUT, orjson.dumps(figures, option=options))
    sys.stdout.write(OUT.read_text())


if __name__ == "__main__":
    main()
