"""Which containers are ours, written down before they are made.

Every container stands in a folder of its user's as a file of its own, and carries the same words
as labels: who owns it, and of which pool it is. A host that was killed can not remove anything, so
a later start looks here and at the labels. It takes only what belongs to a process of this machine
that is certainly dead: neighbours use the same engine.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

LABEL = "tracemill.sandbox"
OWNER_LABEL = "tracemill.sandbox.owner"

State = Literal["alive", "dead", "unknown"]
"""unknown: it lives in a process namespace that can not be seen from here."""

_ENDED = ("Z", "X")
_STATE_FIELD, _START_FIELD = 0, 19  # of /proc/PID/stat, counted behind the command's name


@dataclass(frozen=True, kw_only=True)
class Owner:
    """One process, told apart from all that had or will have its number.

    Attributes:
        boot: Boot id of the kernel that it runs on.
        namespace: Its process namespace, as ``/proc/self/ns/pid`` names it.
        pid: Its number in there.
        started: Clock ticks after the boot at which it started.
    """

    boot: str
    namespace: str
    pid: int
    started: int

    @classmethod
    def of_this_process(cls, proc: Path = Path("/proc")) -> Owner:
        """Return the calling process as an owner.

        Raises:
            OSError: where there is no ``/proc``.
        """
        pid = os.getpid()
        _, started = _look(proc, pid)
        return cls(boot=_boot(proc), namespace=_namespace(proc), pid=pid, started=started)

    @classmethod
    def from_label(cls, text: str) -> Owner | None:
        """Read what ``label`` wrote; None if it is anything else."""
        parts = text.split("/")
        if len(parts) != 4 or not (parts[2].isdecimal() and parts[3].isdecimal()):
            return None
        return cls(boot=parts[0], namespace=parts[1], pid=int(parts[2]), started=int(parts[3]))

    @property
    def label(self) -> str:
        """Return it as one word."""
        return f"{self.boot}/{self.namespace}/{self.pid}/{self.started}"

    def state(self, proc: Path = Path("/proc")) -> State:
        """Return whether it still runs."""
        if self.boot != _boot(proc):
            return "dead"  # containers are reached through this kernel only: it was booted since
        if self.namespace != _namespace(proc):
            return "unknown"
        try:
            letter, started = _look(proc, self.pid)
        except (FileNotFoundError, ProcessLookupError):
            return "unknown" if _answers(self.pid) else "dead"
        return "alive" if started == self.started and letter not in _ENDED else "dead"


def _boot(proc: Path) -> str:
    return (proc / "sys/kernel/random/boot_id").read_text().strip()


def _namespace(proc: Path) -> str:
    return str((proc / "self/ns/pid").readlink())


def _look(proc: Path, pid: int) -> tuple[str, int]:
    words = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    return words[_STATE_FIELD], int(words[_START_FIELD])


def _answers(pid: int) -> bool:
    """Ask the kernel itself: ``/proc`` may hide the processes of other users."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One container that was made or is about to be.

    Attributes:
        name: Name of the container, unique.
        engine: Id of the engine that was asked for it.
        owner: Process that made it, as ``Owner.label``.
        folder: Folder of the owner's that is shared with the container.
    """

    name: str
    engine: str
    owner: str
    folder: str

    def labels(self) -> dict[str, str]:
        """Return the labels of the container."""
        return {LABEL: self.name, OWNER_LABEL: self.owner}


class Ledger:
    """A folder with one file per container; several processes may use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> None:
        """Make the folder.

        Raises:
            OSError: if it can not be made or written to.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "may not be written to", str(self._folder))

    def enter(self, entry: Entry) -> None:
        """Write an entry down; it is on the disk when this returns.

        Raises:
            OSError: if the disk refuses.
        """
        path = self._path(entry.name)
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as stream:
            json.dump(asdict(entry), stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
        self._sync()

    def erase(self, name: str) -> None:
        """Strike an entry; only for containers that were seen to be gone.

        Raises:
            OSError: if the disk refuses.
        """
        self._path(name).unlink(missing_ok=True)
        self._sync()

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries that can be read, of all processes."""
        found = (_read(path) for path in sorted(self._folder.glob("*.json")))
        return tuple(entry for entry in found if entry is not None)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(path: Path) -> Entry | None:
    with contextlib.suppress(OSError, ValueError, TypeError):  # struck meanwhile, or not ours
        entry = Entry(**json.loads(path.read_text(encoding="utf-8")))
        if all(isinstance(word, str) for word in vars(entry).values()):
            return entry
    return None


def default_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return where a user's ledger is; by the XDG base directory specification."""
    state = environment.get("XDG_STATE_HOME", "")
    root = Path(state) if state.startswith("/") else home / ".local" / "state"
    return root / "tracemill" / "sandbox-containers"
