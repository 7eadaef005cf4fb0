"""The process that a run's handler works in: ``python -m tracemill_worker.child REQUEST OUTCOME``.

Two processes, so that nothing goes on working unobserved:

    supervisor --stdin pipe--> guardian --fork--> handler

The guardian leads the process group and only waits. When the pipe from the supervisor closes (it
ended, however), the guardian kills the whole group; no thread of the handler is needed for that,
which native code could starve. When the guardian is killed, the kernel ends the handler (Linux).
The outcome is a file, so that whatever the handler prints can't be taken for it.

Imports stay light here: the handler brings its own.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from tracemill_schema.errors import TracemillError
from tracemill_worker.errors import UnknownKind

PR_SET_PDEATHSIG = 1  # linux/prctl.h
MESSAGE_LIMIT = 20_000
Handler = Callable[[dict[str, Any], Path], object]
"""A RunHandler as it is found: what it returns is not believed yet."""


class HandlerBroken(Exception):
    """The handler exists by name but can't be imported, or did not return a JSON object."""


def main(request: Path, outcome: Path) -> NoReturn:
    """Guard a process that runs the handler; end as it ended."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)  # started by hand: the group that will be killed must be its own
    life = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # A polite stop is for the handler; the guardian stays until the handler has ended.
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, signal.SIG_IGN)
    guardian = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(life)
        _end_with(guardian)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        perform(request, outcome)
        sys.exit(0)
    threading.Thread(target=_watch, args=(life,), daemon=True).start()
    _, status = os.waitpid(pid, 0)
    _end_like(status)


def perform(request: Path, outcome: Path) -> None:
    """Run the handler that ``request`` asks for and write how it ended to ``outcome``.

    This is the boundary where whatever a handler raises becomes data; ``RunFailure`` has the kinds.
    """
    try:
        result, failure = _handled(request), None
    except TracemillError as error:
        result, failure = None, _failure("user_error", str(error), error, error.exit_code)
    except MemoryError as error:
        result, failure = None, _failure("memory", "the handler ran out of memory", error)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
        message = f"the handler called exit({error.code!r}) instead of returning a result"
        result, failure = None, _failure("crash", message, error, code)
    except HandlerBroken as error:
        traceback.print_exc()
        result, failure = None, _failure("crash", str(error), error)
    except KeyboardInterrupt as error:
        result, failure = None, _failure("crash", "the handler was interrupted", error)
    except Exception as error:  # noqa: BLE001 - the boundary that the docstring names
        traceback.print_exc()
        result, failure = None, _failure("crash", f"{type(error).__name__}: {error}", error)
    _write(outcome, json.dumps({"result": result, "failure": failure}))


def load(kind: str, target: str | None) -> Handler:
    """Return the handler of a kind.

    Args:
        kind: Name in the entry-point group ``tracemill.run_handlers``.
        target: ``module:function`` that is taken instead, if given.

    Raises:
        UnknownKind: if no package offers the kind, or two offer different ones.
        HandlerBroken: if it can't be imported.
    """
    value = target or _registered(kind)
    module, _, name = value.partition(":")
    try:
        handler = getattr(importlib.import_module(module), name)
    except Exception as error:
        raise HandlerBroken(
            f"the handler of {kind} runs ({value}) could not be imported: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not callable(handler):
        raise HandlerBroken(f"the handler of {kind} runs ({value}) is not a function")
    found: Handler = handler
    return found


def _registered(kind: str) -> str:
    from importlib.metadata import entry_points  # noqa: PLC0415 - only where it is needed

    from tracemill_schema.run import HANDLER_GROUP  # noqa: PLC0415 - brings pydantic

    offered = entry_points(group=HANDLER_GROUP)
    found = sorted({point.value for point in offered if point.name == kind})
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownKind(
            f"run kind {kind!r}: wanted one handler, got {' and '.join(found)}; uninstall one"
        )
    known = ", ".join(sorted({point.name for point in offered})) or "none"
    raise UnknownKind(
        f"run kind {kind!r}: wanted a handler in the entry-point group {HANDLER_GROUP}, got none; "
        f"known kinds: {known}"
    )


def _handled(request: Path) -> dict[str, Any]:
    try:
        wanted = json.loads(request.read_bytes())
        config = wanted["config"]
        handler = load(wanted["kind"], wanted["target"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HandlerBroken(f"{request}: the request can't be read: {error!r}") from error
    result = handler(config, Path(wanted["workspace"]))
    if not isinstance(result, dict):
        raise HandlerBroken(
            f"the handler of {wanted['kind']} runs: wanted a JSON object as result, "
            f"got {type(result).__name__}"
        )
    try:
        json.dumps(result, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise HandlerBroken(
            f"the handler of {wanted['kind']} runs: its result is not JSON: {error}"
        ) from error
    return result


def _failure(
    kind: str, message: str, error: BaseException, code: int | None = None
) -> dict[str, object]:
    text = message.strip() or type(error).__name__
    return {"kind": kind, "message": text[:MESSAGE_LIMIT], "exit_code": code}


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _watch(life: int) -> None:
    """Kill the group when the supervisor's end of the pipe closes; it never writes to it."""
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


def _end_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent (prctl(2)); Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _end_like(status: int) -> NoReturn:
    sys.stdout.flush()
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
