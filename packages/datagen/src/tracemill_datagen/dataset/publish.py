"""Putting a finished dataset in its place, and never losing the one that stood there."""

from __future__ import annotations

import shutil
from pathlib import Path

from tracemill_datagen.dataset.content import MANIFEST
from tracemill_datagen.dataset.errors import VersionExists
from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import CannotWrite, read_record


class Place:
    """The folder of one dataset, and the two beside it that only exist while one is built.

    Attributes:
        folder: ``OUT/KEY``, where the dataset stands.
        staging: ``OUT/.KEY.building``, where a build writes.
        given_up: ``OUT/.KEY.old``, where a replaced version stands for an instant.
    """

    def __init__(self, out: Path, key: str) -> None:
        self.key = key
        self.folder = out / key
        self.staging = out / f".{key}.building"
        self.given_up = out / f".{key}.old"

    def recover(self) -> None:
        """Clear what a killed build left; a version that was about to be replaced comes back."""
        self.discard()
        if self.given_up.exists() and not self.folder.exists():
            self.given_up.rename(self.folder)
        shutil.rmtree(self.given_up, ignore_errors=True)

    def discard(self) -> None:
        """Remove what was being built."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def publish(self, manifest: Dataset, *, replace: bool) -> bool:
        """Move the build into place; return True if an identical dataset stood there already.

        Raises:
            VersionExists: if other content stands there and ``replace`` is not set.
            CannotWrite: if a folder could not be renamed.
        """
        existing = _existing_id(self.folder)
        if existing == manifest.id and _is_whole(self.folder, manifest):
            self.discard()
            return True
        if existing not in (None, manifest.id) and not replace:
            self.discard()
            raise VersionExists(
                key=self.key, folder=str(self.folder), existing=existing or "", built=manifest.id
            )
        try:
            if self.folder.exists():
                self.folder.rename(self.given_up)
            self.staging.rename(self.folder)
        except OSError as error:
            raise CannotWrite(
                f"{self.folder}: could not be put in place ({error.strerror or error}); "
                "run the same command again"
            ) from error
        shutil.rmtree(self.given_up, ignore_errors=True)
        return False


def _existing_id(folder: Path) -> str | None:
    """Return the id of what stands there, None if nothing does."""
    if not folder.exists():
        return None
    try:
        return read_record(folder / MANIFEST, Dataset).id
    except RecordError:
        return "0" * 64


def _is_whole(folder: Path, manifest: Dataset) -> bool:
    paths = [(folder / file.path, file.sha256) for file in manifest.files]
    return all(path.is_file() and file_digest(path) == digest for path, digest in paths)
