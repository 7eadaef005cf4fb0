"""What a caller asks of the sandbox: a program, its files, its limits, the variables wanted."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tracemill_sandbox.errors import RequestInvalid

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one run. Memory, file size, CPU and open files hold per process of the run.

    Attributes:
        wall_seconds: Seconds of real time; the host kills the run after them.
        cpu_seconds: Seconds of processor time, rounded up to whole seconds by the kernel.
        memory_bytes: Private memory that a process may add to what the worker has preloaded.
        file_bytes: Size of the largest single file.
        disk_bytes: Size of all files together; checked about ten times a second.
        processes: Processes and threads at the same time.
        open_files: Descriptors of one process.
        output_bytes: Bytes kept of stdout, and as many of stderr; more is cut and marked.
        flood_bytes: Bytes of stdout and stderr together after which the run is ended.
        result_bytes: Bytes of the result channel (outputs and bindings together).
    """

    wall_seconds: float = 10.0
    cpu_seconds: float = 10.0
    memory_bytes: int = 1024 * MIB
    file_bytes: int = 64 * MIB
    disk_bytes: int = 256 * MIB
    processes: int = 64
    open_files: int = 256
    output_bytes: int = 1 * MIB
    flood_bytes: int = 32 * MIB
    result_bytes: int = 8 * MIB

    def __post_init__(self) -> None:
        """Refuse limits that no run could live in."""
        for name, value in vars(self).items():
            if not value > 0:
                raise RequestInvalid(f"limit {name}: wanted a number above 0, got {value!r}")
        if self.open_files < 32:
            raise RequestInvalid(f"limit open_files: wanted at least 32, got {self.open_files}")


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """One program to run in a fresh process.

    Attributes:
        code: Python source, run as ``__main__`` with the run's folder as working directory.
        files: Relative POSIX path -> content; laid into the working directory before the run.
        limits: Bounds of the run.
        outputs: Names of top-level variables whose values are wanted when the code has ended.
    """

    code: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse paths that leave the folder and outputs that are no names.

        Raises:
            RequestInvalid: naming the path or the output.
        """
        for path in self.files:
            _check_path(path)
        for name in self.outputs:
            if not name.isidentifier() or keyword.iskeyword(name):
                raise RequestInvalid(f"output: wanted the name of a variable, got {name!r}")


def _check_path(path: str) -> None:
    parts = PurePosixPath(path).parts
    inside = bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path
    if not inside:
        raise RequestInvalid(f"file: wanted a relative path inside the run's folder, got {path!r}")
