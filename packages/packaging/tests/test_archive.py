"""The archive's bytes depend on its files alone, and reading refuses all else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tracemill_bundle import archive
from tracemill_bundle.errors import BundleBroken
from tracemill_bundle.shelf import StagedShelf

FILES = {"b/two": b"22", "a": b"1"}


def hostile(path: Path, change: str) -> Path:
    """Write a zip that a build never writes, in one respect."""
    info = zipfile.ZipInfo("a", archive.FIRST_DAY)
    info.create_system, info.external_attr = archive.UNIX, archive.FILE_MODE
    with zipfile.ZipFile(path, "w") as there:
        if change == "compressed":
            info.compress_type = zipfile.ZIP_DEFLATED
        elif change == "time":
            info.date_time = (2024, 1, 1, 0, 0, 0)
        elif change == "link":
            info.external_attr = 0o120777 << 16
        elif change == "extra":
            info.extra = b"\x01\x99\x00\x00"
        elif change == "comment":
            there.comment = b"hello"
        elif change == "entry comment":
            info.comment = b"hello"
        elif change.startswith("name "):
            info.filename = change.removeprefix("name ")
        there.writestr(info, b"0" * 1000)
    return path


REFUSED = [
    ("compressed", "'a': compressed, which a build never does"),
    ("time", "'a': a time or a comment, which a build never writes"),
    ("entry comment", "'a': a time or a comment, which a build never writes"),
    ("link", "'a': not a plain file with mode 0644"),
    ("extra", "'a': fields that a build never writes"),
    ("comment", "its listing is not what a build writes"),
    ("name ../a", "'../a': a name that may leave the folder it is unpacked to"),
    ("name /a", "'/a': a name that may leave the folder it is unpacked to"),
    ("name a/../../b", "a name that may leave the folder it is unpacked to"),
    ("name a\\b", "a name that may leave the folder it is unpacked to"),
    ("name a/", "'a/': a name that may leave the folder it is unpacked to"),
    ("name C:a", "'C:a': a name that may leave the folder it is unpacked to"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_a_build_never_writes_is_refused(tmp_path: Path, change: str, message: str) -> None:
    path = hostile(tmp_path / "a.zip", change)
    with pytest.raises(BundleBroken) as caught, archive.opened(path):
        pass
    assert message in str(caught.value)


def test_the_zip_of_these_tests_is_taken_when_nothing_is_hostile(tmp_path: Path) -> None:
    with archive.opened(hostile(tmp_path / "a.zip", "nothing")) as there:
        assert there.names() == ("a",)


@pytest.mark.parametrize("where", ["before", "behind"])
def test_bytes_outside_the_entries_are_refused(tmp_path: Path, where: str) -> None:
    path = tmp_path / "a.zip"
    archive.write(path, StagedShelf(dict(FILES)))
    data = path.read_bytes()
    path.write_bytes(b"evil" + data if where == "before" else data + b"evil")
    with pytest.raises(BundleBroken), archive.opened(path):
        pass


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    info = zipfile.ZipInfo("a", archive.FIRST_DAY)
    info.create_system, info.external_attr = archive.UNIX, archive.FILE_MODE
    with zipfile.ZipFile(path, "w") as there:
        there.writestr(info, b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            there.writestr(info, b"2")
    message = "wanted each name once and sorted"
    with pytest.raises(BundleBroken, match=message), archive.opened(path):
        pass


NAMES = [
    ("a", True),
    ("models/a/weights/layer.0/.zarray", True),
    ("_METADATA", True),
    ("a..b/c-d", True),
    ("", False),
    (".hidden", False),
    ("-option", False),
    ("a/.", False),
    ("a/..", False),
    ("a/../b", False),
    ("a//b", False),
    ("a\nb", False),
    ("a\n", False),
    ("\u00e4", False),
]


@pytest.mark.parametrize(("name", "safe"), NAMES)
def test_safe_names(name: str, *, safe: bool) -> None:
    assert (archive.SAFE_NAME.fullmatch(name) is not None) is safe


def test_bytes_do_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    archive.write(tmp_path / "a.zip", StagedShelf(dict(FILES)))
    archive.write(tmp_path / "b.zip", StagedShelf(dict(sorted(FILES.items()))))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with archive.opened(tmp_path / "a.zip") as there:
        assert {name: b"".join(there.chunks(name)) for name in there.names()} == FILES


def test_what_a_killed_build_left_is_cleared(tmp_path: Path) -> None:
    torn = tmp_path / ".a.zip.k1ll3d"
    torn.write_bytes(b"half")
    archive.write(tmp_path / "a.zip", StagedShelf(dict(FILES)))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_too_many_entries_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(tmp_path / "a.zip", StagedShelf(dict(FILES)))
    monkeypatch.setattr(archive, "MAX_ENTRIES", 1)
    message = "wanted at most 1 entries, got 2"
    with pytest.raises(BundleBroken, match=message), archive.opened(tmp_path / "a.zip"):
        pass
