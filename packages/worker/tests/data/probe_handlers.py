"""Run handlers that behave and misbehave in every way that the supervisor must survive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tracemill_schema.errors import TracemillError, UsageFault

CONSTANT = 3


def echo(config: Any, folder: Path) -> Any:
    print("working on", config)
    return {"config": config, "folder": str(folder)}


def append(config: Any, folder: Path) -> Any:
    with (folder / "done.txt").open("a") as stream:
        stream.write(f"{config['i']}\n")
    return {}


def user_error(config: Any, folder: Path) -> Any:
    raise TracemillError("tables/a.csv: wanted a header, got nothing; add one")


def usage_fault(config: Any, folder: Path) -> Any:
    raise UsageFault("unknown family 'sums'; did you mean 'sum'?")


def crash(config: Any, folder: Path) -> Any:
    raise ZeroDivisionError("division by zero")


def leave(config: Any, folder: Path) -> Any:
    sys.exit(7)


def leave_at_once(config: Any, folder: Path) -> Any:
    os._exit(config["code"])


def out_of_memory(config: Any, folder: Path) -> Any:
    raise MemoryError


def by_signal(config: Any, folder: Path) -> Any:
    os.kill(os.getpid(), config["signal"])
    time.sleep(10)


def not_an_object(config: Any, folder: Path) -> Any:
    return [1]


def not_json(config: Any, folder: Path) -> Any:
    return {"path": Path("x")}


def not_finite(config: Any, folder: Path) -> Any:
    return {"loss": float("nan")}


def too_large(config: Any, folder: Path) -> Any:
    return {"text": "x" * 1_100_000}


def flood(config: Any, folder: Path) -> Any:
    for i in range(config["lines"]):
        print(f"line {i} " + "x" * 90)
    return {}


def bytes_out(config: Any, folder: Path) -> Any:
    sys.stdout.buffer.write(b"caf\xe9 \xff\x00|\n\xe2\x82")
    sys.stdout.buffer.flush()
    time.sleep(0.02)
    sys.stdout.buffer.write(b"\xac no line end")
    return {}


def forge(config: Any, folder: Path) -> Any:
    print('{"result": {"forged": true}, "failure": null}')
    os._exit(0)


def sleep(config: Any, folder: Path) -> Any:
    """Sleep with a grandchild; both note their process numbers."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "pids.draft").write_text(f"{os.getpid()} {other.pid} {os.getppid()}")
    (folder / "pids.draft").replace(folder / "pids")
    print("asleep")
    time.sleep(config.get("seconds", 60))
    other.kill()
    other.wait()
    return {}


def leave_grandchild(config: Any, folder: Path) -> Any:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "pids").write_text(str(other.pid))
    other.returncode = 0  # nobody waits for it
    return {}


def polite(config: Any, folder: Path) -> Any:
    """Write a last word on SIGTERM."""

    def last_word(number: int, frame: object) -> None:
        (folder / "saved").write_text("yes")
        sys.exit(0)

    signal.signal(signal.SIGTERM, last_word)
    print("ready")
    time.sleep(60)


def stubborn(config: Any, folder: Path) -> Any:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready")
    time.sleep(60)


def environment(config: Any, folder: Path) -> Any:
    return {"url": os.environ.get("TRACEMILL_DATABASE_URL"), "stdin": sys.stdin.read()}


def slow_once(config: Any, folder: Path) -> Any:
    """Sleep for ever the first time, end at once the second time."""
    if (folder / "pids").exists():
        print("second time")
        return {"time": 2}
    return sleep(config, folder)
