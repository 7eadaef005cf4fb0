"""What a caller asks of the sandbox: a program, its files, its limits, the variables wanted."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tracemill_sandbox.errors import RequestInvalid

MIB = 1 << 20

MOST_FOLDERS = 64
"""Folders one within the other, in the path of a file: so deep the sandbox looks into them."""

_NAME_BYTES = 255
_PATH_BYTES = 2_048
"""What Linux takes as a name; and half of what it takes as a path, as the place of the run's folder
stands before it."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """What a number may be.

    Attributes:
        most: The largest.
        why: Why it is no larger.
        least: The smallest whole number; None for seconds, which are more than 0.
    """

    most: int
    why: str
    least: int | None = 1

    def check(self, name: str, value: object) -> None:
        """Refuse what is outside, not finite or of another type.

        Raises:
            RequestInvalid: naming it.
        """
        whole = self.least is not None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            inside = 0 < value <= self.most and value >= (self.least or 0)
            if inside and (isinstance(value, int) or not whole):
                return
        wanted = f"a whole number from {self.least}" if whole else "a number above 0 and"
        raise RequestInvalid(
            f"{name}: wanted {wanted} up to {self.most} ({self.why}), got {value!r}"
        )


SECONDS = Span(least=None, most=7 * 24 * 3600, why="a week")
_TAKEN = Span(most=1 << 47, why="as much as a process can address")
_HELD = Span(most=1 << 30, why="the host holds it in memory")

SPANS: Mapping[str, Span] = {
    "wall_seconds": SECONDS,
    "cpu_seconds": SECONDS,
    "memory_bytes": _TAKEN,
    "file_bytes": _TAKEN,
    "disk_bytes": _TAKEN,
    "processes": Span(most=1 << 22, why="the kernel counts no further"),
    "open_files": Span(least=32, most=1 << 16, why="what lies above is closed at a run's start"),
    "output_bytes": _HELD,
    "flood_bytes": _TAKEN,
    "result_bytes": _HELD,
    "kept_bytes": _HELD,
}
"""What each of ``Limits`` may be. The kernel counts in 63 bits what it is told, and is told up to
five times ``memory_bytes`` (``confine.limit``); its process ids end at ``PID_MAX_LIMIT``
(``include/linux/threads.h``); 32 descriptors are what the runner itself needs, with some room."""


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
        """Refuse limits that no run could live in, and those that no kernel or host could keep.

        Raises:
            RequestInvalid: naming the limit, and what it may be.
        """
        for name, span in SPANS.items():
            span.check(f"limit {name}", getattr(self, name))


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
        """Refuse as ``RunRequest`` does, and a session without time or without end."""
        SECONDS.check("session seconds", self.seconds)
        _check(self.files, (), ())


def _check(files: Mapping[str, bytes], keep: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    for path in (*files, *keep):
        _check_path(path)
    _check_together([(path, PurePosixPath(path).parts) for path in files])
    for name in outputs:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise RequestInvalid(f"output: wanted the name of a variable, got {name!r}")


def _check_path(path: str) -> None:
    parts = PurePosixPath(path).parts
    inside = bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path
    if not inside:
        raise RequestInvalid(f"file: wanted a relative path inside the run's folder, got {path!r}")


def _check_together(files: list[tuple[str, tuple[str, ...]]]) -> None:
    """Refuse paths that can not be laid out, each or beside the others."""
    folders: set[tuple[str, ...]] = set()
    for path, parts in files:
        _check_length(path, parts)
        folders.update(parts[:length] for length in range(1, len(parts)))
    taken: dict[tuple[str, ...], str] = {}
    for path, parts in files:
        if parts in folders:
            raise RequestInvalid(f"file: {path!r} is the folder of another file")
        other = taken.setdefault(parts, path)
        if other != path:
            raise RequestInvalid(f"file: {path!r} and {other!r} are the same")


def _check_length(path: str, parts: tuple[str, ...]) -> None:
    if len(parts) - 1 > MOST_FOLDERS:
        wanted = f"wanted at most {MOST_FOLDERS} folders one within the other"
        raise RequestInvalid(f"file: {wanted}, got {len(parts) - 1} in {_short(path)}")
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError as error:
        raise RequestInvalid(f"file: wanted a name that is UTF-8, got {path!r}") from error
    if max(sizes) > _NAME_BYTES or sum(sizes) + len(parts) > _PATH_BYTES:
        wanted = f"wanted names of at most {_NAME_BYTES} bytes, and {_PATH_BYTES} in all"
        raise RequestInvalid(f"file: {wanted}, got {_short(path)}")


def _short(path: str) -> str:
    return f"{path[:40]!r}... of {len(path)} characters"
