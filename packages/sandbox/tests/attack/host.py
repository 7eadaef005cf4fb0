"""The host that is attacked: a process of its own that holds a secret and serves runs from a pool.

Started as ``python host.py SETTINGS`` with SETTINGS in JSON. It becomes the user of the settings,
opens the pool, writes its greeting to stdout and then answers each request on stdin with a result,
all as pickles; None ends it, and it answers with the report of the pool's end.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from typing import Any, BinaryIO

from tracemill_sandbox.kernel import call, veil
from tracemill_sandbox.kernel.tier import needed_paths
from tracemill_sandbox.sync import SyncSandboxPool

HOST_SECRET = {"HOST_SECRET": os.environ.get("HOST_SECRET", "")}
"""What attacks look for in the memory of their parents; the environment holds it, too."""


def main(settings: dict[str, Any], requests: BinaryIO, answers: BinaryIO) -> None:
    if settings["uid"] != os.getuid():
        veil.open_up(needed_paths())
        call.become(settings["uid"], settings["uid"])
    pool = SyncSandboxPool(
        workers=1, avoid=tuple(settings["avoid"]), spares=settings["spares"], require=("landlock",)
    )
    with pool:
        _say(answers, pool.offer())
        while (request := pickle.load(requests)) is not None:  # noqa: S301 - our own tests wrote it
            _say(answers, pool.run(request))
        _say(answers, pool.stop())


def _say(answers: BinaryIO, what: object) -> None:
    pickle.dump(what, answers)
    answers.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
