"""Draws questions about tables with reasoning-core; run by ``questions.py`` in its environment.

    python peer.py SECONDS

prints a line of JSON: items made, processor seconds, real seconds, and the version.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib.metadata import version

TASK = "table_qa"


def main() -> None:
    """Draw examples for some seconds after a first one, which loads what is loaded once."""
    warnings.simplefilter("ignore")
    from reasoning_core import get_task

    task = get_task(TASK)
    task.generate_example()
    wanted, made = float(sys.argv[1]), 0
    begun, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - begun < wanted:
        task.generate_example()
        made += 1
    found = {
        "items": made,
        "cpu_seconds": time.process_time() - cpu,
        "seconds": time.monotonic() - begun,
        "version": version("reasoning-core"),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
