"""Keeps programs that a test starts within its tree; copied into a scratch folder.

There it is called ``sitecustomize.py``, which every Python imports after its ``.pth`` files. The
process of the tests runs with ``-S`` and reads no such files; a program that it starts does, and
would find the editable install of the repository. So what they added is taken away again. A
program that is started with ``-I``, ``-E`` or without its environment is out of reach.
"""

import os
import sys

FOLDERS = ("site-packages", "dist-packages")
FINDERS = ("BuiltinImporter", "FrozenImporter", "PathFinder")


def kept(path: list[str], given: str, library: str) -> list[str]:
    """Return the folders of ``sys.path`` that are not the work of a ``.pth`` file.

    Args:
        path: ``sys.path`` as it is.
        given: ``PYTHONPATH``.
        library: Folder of the standard library.
    """
    wanted = {"", *given.split(os.pathsep)}
    return [
        folder
        for folder in path
        if folder in wanted
        or os.path.basename(folder) in FOLDERS  # noqa: PTH119 - pathlib would slow every start
        or folder.startswith(library)
        or folder.endswith(".zip")
    ]


def isolate() -> None:
    """Take away folders and import hooks that ``.pth`` files have added."""
    library = os.path.dirname(os.__file__)  # noqa: PTH120 - pathlib would slow every start
    sys.path[:] = kept(sys.path, os.environ.get("PYTHONPATH", ""), library)
    sys.meta_path[:] = [f for f in sys.meta_path if getattr(f, "__name__", "") in FINDERS]


if __name__ == "sitecustomize":
    isolate()
