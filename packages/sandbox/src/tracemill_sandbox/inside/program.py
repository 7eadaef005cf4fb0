"""The guest runner: executes a program in the run's own process and says what it bound.

Runs after the process is confined. Top-level statements are compiled one group at a time, so that
the value of each single-name assignment can be taken right after its line, without adding
anything to the program.
"""

from __future__ import annotations
import __future__

import ast
import atexit
import linecache
import os
import resource
import sys
import tempfile
import threading
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tracemill_sandbox.inside.frame import Answer, encode, weight_of
from tracemill_sandbox.inside.value import bind, type_name
from tracemill_sandbox.result import Binding
from tracemill_schema.canonical import encode_finite

FILE_NAME = "main.py"
_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag
_OUTPUT_INLINE_BYTES = 1 << 20
_MOST_BINDINGS = 10_000
_OVERHEAD_BYTES = 200


@dataclass(frozen=True, kw_only=True)
class Step:
    """Compiled statements; ``name`` is bound by the last of them, at ``line``, if not None."""

    code: types.CodeType
    line: int
    name: str | None


class Recorder:
    """Keeps what was bound, within the room of the result channel."""

    def __init__(self, *, room: int) -> None:
        self.bindings: list[Binding] = []
        self.dropped = 0
        self._room = room

    def take(self, line: int, name: str, value: object) -> None:
        """Record the value that ``name`` has right now."""
        if len(self.bindings) >= _MOST_BINDINGS:
            self.dropped += 1
            return
        entry = bind(line_number=line, name=name, value=value)
        size = size_of(entry)
        if size > self._room:
            self.dropped += 1
            return
        self._room -= size
        self.bindings.append(entry)


def size_of(binding: Binding) -> int:
    """Return about how many bytes of its channel a binding takes; see ``weight_of``."""
    return weight_of(encode_finite(binding.value)) + len(binding.name) + _OVERHEAD_BYTES


def compile_steps(code: str, *, apart: bool) -> list[Step]:
    """Compile a program into groups of statements, each ending in a recorded assignment.

    Args:
        code: Python source.
        apart: False makes one group of it all: that much quicker, where no binding is wanted.

    Raises:
        SyntaxError: for the whole program, before any of it runs.
    """
    if not apart:
        whole = compile(code, FILE_NAME, "exec", dont_inherit=True)
        return [Step(code=whole, line=1, name=None)]
    tree = ast.parse(code, FILE_NAME)
    steps: list[Step] = []
    group: list[ast.stmt] = []
    flags = 0
    for statement in tree.body:
        group.append(statement)
        name = bound_name(statement)
        if name is None and statement is not tree.body[-1]:
            continue
        module = ast.Module(body=group, type_ignores=[])
        compiled = compile(module, FILE_NAME, "exec", flags, dont_inherit=True)
        flags |= compiled.co_flags & _FUTURE
        steps.append(Step(code=compiled, line=statement.lineno, name=name))
        group = []
    return steps


def bound_name(statement: ast.stmt) -> str | None:
    """Return the variable that a statement binds, if it is an assignment to a single name."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.AnnAssign) and statement.value is not None
    ):
        target = statement.target
    else:
        return None
    return target.id if isinstance(target, ast.Name) else None


def run_program(
    *, code: str, outputs: tuple[str, ...], room: int, nonce: bytes, channel: int
) -> int:
    """Execute a program and hand over what it bound; returns the exit code.

    Args:
        code: Python source.
        outputs: Names whose values are wanted at the end.
        room: Bytes of the result channel.
        nonce: Begins the frame.
        channel: Descriptor of the result channel.
    """
    write, process = os.write, Process()
    streams = (sys.stdout, sys.stderr)
    answer = execute(code, new_main(), outputs=outputs, room=room, bindings=True)
    finish(streams)
    if process.is_this:
        send_frame(encode(answer, nonce), channel, write)
    return answer.exit_code


def execute(
    code: str,
    module: types.ModuleType,
    *,
    outputs: tuple[str, ...],
    room: int,
    bindings: bool,
) -> Answer:
    """Execute a source in a module; whatever it raises becomes part of the answer.

    Args:
        code: Python source.
        module: Where its names live.
        outputs: Names whose values are wanted at the end.
        room: Bytes that the answer may take, about.
        bindings: Whether to tell what each assignment binds, beside the outputs.
    """
    recorder = Recorder(room=room // 2)
    lines = code.splitlines(keepends=True)
    for name in (FILE_NAME, str(Path.cwd() / FILE_NAME)):  # for tracebacks, and for inspect
        linecache.cache[name] = (len(code), None, lines, name)
    raised = _execute(code, module, recorder if bindings else None)
    _grant_reserve()
    exit_code = _tell(raised)
    return Answer(
        exception=None if raised is None or isinstance(raised, SystemExit) else type_name(raised),
        memory=isinstance(raised, MemoryError),
        outputs=_outputs(outputs, vars(module), room // 2),
        bindings=tuple(recorder.bindings),
        dropped=recorder.dropped,
        exit_code=exit_code,
    )


def send_frame(frame: bytes, channel: int, write: Callable[[int, memoryview], int]) -> None:
    """Write a whole frame."""
    view = memoryview(frame)
    while view:
        view = view[write(channel, view) :]


def new_main() -> types.ModuleType:
    """Make a fresh ``__main__``, with the working directory first on the path as for a script."""
    module = types.ModuleType("__main__")
    vars(module)["__builtins__"] = __builtins__
    module.__file__ = str(Path.cwd() / FILE_NAME)
    sys.modules["__main__"] = module
    sys.argv = [FILE_NAME]
    tempfile.tempdir = None  # the fork server may have looked one up
    if sys.path[0] != str(Path.cwd()):
        sys.path.insert(0, str(Path.cwd()))
    return module


def _execute(
    code: str, module: types.ModuleType, recorder: Recorder | None
) -> BaseException | None:
    namespace = vars(module)
    try:
        for step in compile_steps(code, apart=recorder is not None):
            exec(step.code, namespace)  # noqa: S102 - this process exists to run untrusted code
            if recorder is not None and step.name is not None and step.name in namespace:
                recorder.take(step.line, step.name, namespace[step.name])
    except BaseException as error:  # noqa: BLE001 - boundary: what the program raised is data
        return error
    return None


def _grant_reserve() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _tell(raised: BaseException | None) -> int:
    """Say on stderr what the program raised, as the interpreter would; return the exit code."""
    if raised is None:
        return 0
    if isinstance(raised, SystemExit):
        code = raised.code
        if code is None or isinstance(code, int):
            return (code or 0) & 0xFF
        text = f"{code}\n"
    else:
        text = "".join(traceback.format_exception(type(raised), raised, _own_frames(raised)))
    if sys.__stderr__ is not None:
        sys.__stderr__.write(text)
    return 1


def _own_frames(raised: BaseException) -> types.TracebackType | None:
    """Return the traceback from the program's first frame on; the runner's are no news."""
    trace = raised.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != FILE_NAME:
        trace = trace.tb_next
    return trace


def _outputs(
    names: tuple[str, ...], namespace: dict[str, object], room: int
) -> tuple[Binding, ...]:
    """Describe the wanted variables that were bound; large ones are summarised."""
    spoken: list[Binding] = []
    for name in names:
        if name not in namespace:
            continue
        inline = min(_OUTPUT_INLINE_BYTES, room)
        entry = bind(line_number=0, name=name, value=namespace[name], inline=inline, room=room)
        room -= min(room, size_of(entry))
        spoken.append(entry)
    return tuple(spoken)


class Process:
    """The process that makes this, to be known from what the program forks.

    Such a copy comes back from the program like the process itself. It has nothing to say for it:
    it ends as a script does.
    """

    def __init__(self) -> None:
        self._ask = os.getpid
        self._pid = self._ask()

    @property
    def is_this(self) -> bool:
        """Whether it is the one that asks."""
        return self._ask() == self._pid


def finish(streams: tuple[TextIO, ...]) -> None:
    """Do what the interpreter does at its end: join threads, call exit functions, flush."""
    threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter itself calls
    atexit._run_exitfuncs()
    flush(streams)


def flush(streams: tuple[TextIO, ...]) -> None:
    """Flush the streams of the beginning, and those that the program may have put there."""
    for stream in (*streams, sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
