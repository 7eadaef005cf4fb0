"""Lets runs leave user 0 although the interpreter lies in a folder closed to others.

Root's own Python often lies under a home folder of mode 0700. Staying user 0 is no way out: the
kernel does not count processes of user 0, so a fork bomb would not be bounded. Instead the fork
server, in a mount namespace of its own, lays an empty open folder over the closed one and binds
the paths that runs need back to their places. It hides the rest of the closed folder, too.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tracemill_sandbox.kernel import call


def closed_folder(path: str) -> Path | None:
    """Return the outermost folder on the way to ``path`` that others may not enter, or None."""
    real = Path(path).resolve()
    for part in reversed((real, *real.parents)):
        if not part.stat().st_mode & stat.S_IXOTH:
            return part
    return None


def open_up(needed: tuple[str, ...]) -> None:
    """Make ``needed`` reachable for other users, in this process's own mount namespace.

    Raises:
        OSError: if the kernel refuses mounts.
    """
    targets = [Path(path).resolve() for path in dict.fromkeys(needed)]
    closed = {folder for path in targets if (folder := closed_folder(str(path))) is not None}
    if not closed:
        return
    call.unshare(call.CLONE_NEWNS)
    call.mount(None, "/", call.MS_REC_PRIVATE)
    held = {  # opened in the new namespace: the kernel binds nothing across two of them
        target: os.open(target, os.O_PATH)
        for target in targets
        if any(target.is_relative_to(folder) for folder in closed)
    }
    for folder in sorted(closed):
        call.mount("tmpfs", str(folder), call.MS_NOSUID | call.MS_NODEV, "mode=0755,size=1m")
    for target, descriptor in held.items():
        target.mkdir(parents=True, exist_ok=True)
        call.bind(f"/proc/self/fd/{descriptor}", str(target))
        os.close(descriptor)
