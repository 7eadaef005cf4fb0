"""The test files that stand as at HEAD on both sides, and their digests.

    folder of the test file, up to the nearest one called tests (or test)     every file below
    no such folder                                                            the test file
    every folder above                                                        its conftest.py

A helper, a table of cases or a conftest.py that is new at HEAD is so there at the base as well, and
a fix cannot be proved by a test that was changed with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TEST_FOLDERS = ("tests", "test")


@dataclass(frozen=True, kw_only=True)
class FrozenFiles:
    """Which files stand as at HEAD.

    Attributes:
        roots: Folders of which every file does.
        files: Single files beside them.
    """

    roots: tuple[str, ...]
    files: tuple[str, ...]

    def __contains__(self, path: str) -> bool:
        """Tell whether a path is one of a frozen file."""
        return path in self.files or any(path.startswith(f"{root}/") for root in self.roots)


def frozen_for(test_files: Iterable[str], paths: Iterable[str]) -> FrozenFiles:
    """Return what is frozen for some test files.

    Args:
        test_files: Files of the tests to prove.
        paths: All files of the base and of HEAD; a conftest.py in one of them counts.
    """
    roots, files = set(), set()
    conftests = {path for path in paths if PurePosixPath(path).name == "conftest.py"}
    for file in test_files:
        folders = PurePosixPath(file).parents
        root = next((folder for folder in folders if folder.name in TEST_FOLDERS), None)
        if root is None:
            files.add(file)
        else:
            roots.add(str(root))
        files |= conftests.intersection(str(folder / "conftest.py") for folder in folders)
    return FrozenFiles(roots=tuple(sorted(roots)), files=tuple(sorted(files)))


def digests(top: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return path -> SHA-256 of files in a tree; of a link, of where it leads; no entry if gone."""
    found = {}
    for path in paths:
        file = top / path
        if file.is_symlink():
            found[path] = hashlib.sha256(os.fsencode(os.readlink(file))).hexdigest()  # noqa: PTH115 - bytes
        elif file.is_file():
            found[path] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def changed(wanted: Mapping[str, str], got: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths whose digests differ, sorted."""
    return tuple(sorted(p for p in wanted.keys() | got.keys() if wanted.get(p) != got.get(p)))
