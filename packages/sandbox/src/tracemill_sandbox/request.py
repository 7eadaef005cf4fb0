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
    """Bounds of one run. File size, CPU and open files hold per process of the run.

    Attributes:
        wall_seconds: Seconds of real time; the host kills the run after them.
        cpu_seconds: Seconds of processor time, rounded up to whole seconds by the kernel.
        memory_bytes: Private memory that the run may add to what the worker has preloaded: each
            process by the kernel, all of them together by a look twenty times a second.
        file_bytes: Size of the largest single file.
        disk_bytes: Size of all files together; checked about twenty times a second.
        processes: Processes and threads at the same time.
        open_files: Descriptors of one process.
        output_bytes: Bytes kept of stdout, and as many of stderr; more is cut and marked.
        flood_bytes: Bytes of stdout and stderr together after which the run is ended.
        result_bytes: Bytes of the result channel (outputs and bindings together).
        kept_bytes: Bytes of the files that ``RunRequest.keep`` names, together; more are left out.
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
    kept_bytes: int = 8 * MIB

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
        keep: Paths of files whose content is wanted when the run is over; ``*`` as in a shell,
            never across ``/``.
        subprocess: Whether the program may start other programs and fork; threads it always may.
    """

    code: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    outputs: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    subprocess: bool = True

    def __post_init__(self) -> None:
        """Refuse paths that leave the folder and outputs that are no names.

        Raises:
            RequestInvalid: naming the path or the output.
        """
        _check(self.files, self.keep, self.outputs)


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """Snippets to run one after the other in one fresh process.

    Each has a ``__main__`` of its own, but they share the process and the folder: what one does to
    a module, the next one sees, and one that sets out to can speak for those behind it. So a batch
    is for snippets that trust each other. A snippet that takes the process with it ends only
    itself; those behind it run in another.

    Attributes:
        codes: Python sources.
        files: As in ``RunRequest``; laid out once.
        limits: ``wall_seconds`` and ``output_bytes`` hold for each snippet, all else for the
            process.
        outputs: As in ``RunRequest``, of each snippet; other variables are not told.
        subprocess: As in ``RunRequest``.
    """

    codes: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    outputs: tuple[str, ...] = ()
    subprocess: bool = True

    def __post_init__(self) -> None:
        """Refuse as ``RunRequest`` does, and a batch without snippets."""
        if not self.codes:
            raise RequestInvalid("batch: wanted at least one snippet, got none")
        _check(self.files, (), self.outputs)


@dataclass(frozen=True, kw_only=True)
class SessionRequest:
    """What a stateful episode begins with; its cells may start other programs.

    Attributes:
        files: As in ``RunRequest``; all cells and branches share the folder.
        limits: Hold for each cell; ``memory_bytes``, ``disk_bytes`` and ``processes`` for the
            session.
        seconds: Seconds after which the session is ended, whatever it does.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    seconds: float = 3600.0

    def __post_init__(self) -> None:
        """Refuse as ``RunRequest`` does, and a session without time."""
        if not self.seconds > 0:
            raise RequestInvalid(f"session: wanted seconds above 0, got {self.seconds!r}")
        _check(self.files, (), ())


def _check(files: Mapping[str, bytes], keep: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    for path in (*files, *keep):
        _check_path(path)
    for name in outputs:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise RequestInvalid(f"output: wanted the name of a variable, got {name!r}")


def _check_path(path: str) -> None:
    parts = PurePosixPath(path).parts
    inside = bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path
    if not inside:
        raise RequestInvalid(f"file: wanted a relative path inside the run's folder, got {path!r}")
