"""What a container is made of: image, mounts, user, limits. Values only; no call is made here."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.kernel.tier import RUN_USERS, needed_paths
from tracemill_sandbox.oci.ledger import Entry
from tracemill_sandbox.request import MIB

EMPTY_NAME = "tracemill-sandbox-empty"
"""Image of nothing but two empty folders; made once per engine and left there, about 10 kB. Its tag
is the digest of its archive."""

MEMORY_BYTES = 3072 * MIB
"""By default: a run of the default size, the template with its libraries, and files in memory."""

LINK = "/link"
"""Folder in the container that is shared with the host; the relay's socket stands in it."""

SOCKET_NAME = "relay"

_RELAY = "tracemill_sandbox.oci.relay"
_SYSTEM_PATHS = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/fonts",
    "/etc/mime.types",
    "/etc/alternatives",
    "/etc/ssl/openssl.cnf",
)
"""Of the host's system, what an interpreter and its libraries need; all of it read-only."""

_EMPTY_FOLDERS = (("etc", 0o755), ("tmp", 0o1777))
"""A scratch folder that is mounted on an image's takes on its mode."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What all containers of a pool have in common.

    Attributes:
        image: Name of the image.
        python: Interpreter in the container.
        mounts: Paths of the host that stand at the same place in the container, read-only.
        memory_bytes: Memory of the whole container, its scratch folder included.
        scratch_bytes: Size of its scratch folder, in memory.
        processes: Processes and threads of the whole container.
    """

    image: str
    python: str
    mounts: tuple[str, ...]
    memory_bytes: int = MEMORY_BYTES
    scratch_bytes: int = 1024 * MIB
    processes: int = 1024

    def options(self, entry: Entry, user: int) -> Mapping[str, object]:
        """Return the container's own options, in docker-py's words."""
        return {
            "name": entry.name,
            "labels": entry.labels(),
            "entrypoint": [self.python, "-s", "-P", "-B", "-X", "utf8", "-m", _RELAY],
            "command": [f"{LINK}/{SOCKET_NAME}"],
            "user": f"{user}:{user}",
            "environment": {"LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp"},  # noqa: S108
            "working_dir": "/",
            "hostname": "sandbox",
            "network_disabled": True,
            "use_config_proxy": False,  # it would hand in the proxies of the host's user
        }

    def host(self, entry: Entry) -> Mapping[str, object]:
        """Return what the host grants it, in docker-py's words."""
        binds = [f"{path}:{path}:ro" for path in self.mounts]
        scratch = f"rw,nosuid,nodev,exec,mode=1777,size={self.scratch_bytes}"
        return {
            "binds": [*binds, f"{entry.folder}:{LINK}:rw"],
            "tmpfs": {"/tmp": scratch},  # noqa: S108 - the container's own
            "network_mode": "none",
            "ipc_mode": "private",
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "read_only": True,
            "pids_limit": self.processes,
            "mem_limit": self.memory_bytes,
            "memswap_limit": self.memory_bytes,
            "auto_remove": True,
            "init": True,
            "log_config": {"Type": "none", "Config": {}},
        }


def new_user(proc: Path = Path("/proc"), users: Sequence[int] = RUN_USERS) -> int:
    """Return a user for one more container: one that runs may have and nobody has now.

    The kernel counts processes per user, on the whole machine where users in containers are the
    host's own: one that nobody shares makes the limit on a run's processes exact.
    """
    busy = set()
    for folder in proc.iterdir():
        with contextlib.suppress(OSError):  # it has ended
            if folder.name.isdecimal():
                busy.add(folder.stat().st_uid)
    return secrets.choice([user for user in users if user not in busy])


def host_mounts() -> tuple[str, ...]:
    """Return the paths that this process's interpreter needs, none inside another."""
    wanted = [path for path in _SYSTEM_PATHS if Path(path).exists()]
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    wanted += [os.path.realpath(sys.executable), *prefixes, *needed_paths()]
    return outermost(tuple(wanted))


def outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths that lie in no other of them, each once, in order."""
    unique = [Path(path) for path in dict.fromkeys(paths)]
    return tuple(str(path) for path in unique if not any(other in path.parents for other in unique))


def empty_archive() -> tuple[str, bytes]:
    """Return tag and archive of the empty image; the engine makes the places of the mounts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, mode in _EMPTY_FOLDERS:
            member = tarfile.TarInfo(name)
            member.type, member.mode = tarfile.DIRTYPE, mode
            archive.addfile(member)
    data = buffer.getvalue()
    return hashlib.sha256(data).hexdigest()[:12], data
