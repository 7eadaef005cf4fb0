"""``python -m canary``: plants canaries and prints a table; exit code 1 unless all are red."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from canary.catalogue import CANARIES
from canary.runner import Outcome, Runner
from canary.scene import IDENTITY, Stage


def main() -> int:
    """Run the canaries that are named, or all; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="part of a canary's name; none: all"
    )
    parser.add_argument("--isolated", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    given = parser.parse_args()
    chosen = [one for one in CANARIES if not given.names or any(n in one.name for n in given.names)]
    if not chosen:
        parser.error(f"no canary is called {', '.join(given.names)}")
    os.environ.update(IDENTITY)
    for name in [name for name in os.environ if name.startswith("GIT_") and name not in IDENTITY]:
        del os.environ[name]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tracemill-canary-") as scratch:
        runner = Runner(Stage(Path(scratch)), given.isolated)
        outcomes = runner.run(
            chosen, lambda one: None if given.json else print(_line(one), flush=True)
        )
    seconds = time.monotonic() - started
    wrong = [one for one in outcomes if one.state != "red"]
    if given.json:
        print(json.dumps([dataclasses.asdict(one) for one in outcomes]))
    for one in wrong:
        print(f"\n{one.name}: {one.state}: {one.detail}", file=sys.stderr)
    if not given.json:
        print(f"{len(outcomes)} canaries in {seconds:.0f} s")
        print(f"checked: {len(outcomes)}, failed: {len(wrong)}")
    return 1 if wrong else 0


def _line(one: Outcome) -> str:
    return f"{one.state:12} {one.seconds:5.1f} s  {one.name}"


sys.exit(main())
