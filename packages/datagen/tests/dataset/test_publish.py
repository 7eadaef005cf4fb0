"""Publishing: renames only, and the version that stood there is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.dataset.errors import VersionExists
from tracemill_datagen.dataset.publish import Place
from tracemill_schema.dataset import Dataset
from tracemill_schema.jsonl import CannotWrite, read_record


def manifest_of(folder: Path) -> Dataset:
    return read_record(folder / "manifest.json", Dataset)


def test_a_build_is_moved_into_an_empty_place(folder: Path, tmp_path: Path) -> None:
    place = Place(tmp_path / "out", "demo-v1")
    (tmp_path / "out").mkdir()
    manifest = manifest_of(folder)
    folder.rename(place.staging)
    assert place.publish(manifest, replace=False) is False
    assert manifest_of(place.folder) == manifest
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["demo-v1"]


def test_a_folder_with_a_broken_manifest_is_not_overwritten_unasked(
    folder: Path, tmp_path: Path
) -> None:
    place = Place(tmp_path / "out", "demo-v1")
    manifest = manifest_of(folder)
    place.folder.mkdir(parents=True)
    (place.folder / "precious.txt").write_text("x")
    folder.rename(place.staging)
    with pytest.raises(VersionExists):
        place.publish(manifest, replace=False)
    assert (place.folder / "precious.txt").exists()
    assert not place.staging.exists()


def test_a_rename_that_fails_is_told(folder: Path, tmp_path: Path) -> None:
    place = Place(tmp_path / "out", "demo-v1")
    with pytest.raises(CannotWrite, match=r"could not be put in place \(No such file"):
        place.publish(manifest_of(folder), replace=False)
