from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracemill_sandbox.inside.folder import collect, lay_out, measure, remove


def test_files_are_laid_out_and_measured_without_following_links(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lay_out(folder, {"a/b/c.txt": b"abc", "d": b""}, uid=os.getuid())
    (folder / "link").symlink_to("/usr")
    usage = measure(folder)
    assert usage.entries == 5
    assert usage.files["a/b/c.txt"] == 3
    assert set(usage.files) == {"a/b/c.txt", "d", "link"}


def _chain(folder: Path, depth: int, name: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def test_a_folder_that_is_too_deep_to_look_into_is_told(tmp_path: Path) -> None:
    assert measure(tmp_path).hidden == ""
    _chain(tmp_path, 30, "d" * 200)
    assert measure(tmp_path).hidden == ""
    assert measure(tmp_path).entries == 30
    _chain(tmp_path, 70, "e")
    assert measure(tmp_path).hidden == "File name too long"
    remove(tmp_path)


def test_a_folder_is_removed_even_without_rights_or_very_deep(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lay_out(folder, {"shut/x": b"1"}, uid=os.getuid())
    (folder / "shut").chmod(0)
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    remove(folder)
    assert not folder.exists()
    remove(folder)  # a second time is no fault


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        ((), []),
        (("a.txt",), ["a.txt"]),
        (("*.txt",), ["a.txt"]),
        (("in/*.txt", "a.txt"), ["a.txt", "in/b.txt"]),
        (("*",), ["a.txt"]),
        (("link", "linked/b.txt", "pipe", "in"), []),
        (("large",), []),
    ],
)
def test_only_regular_files_that_match_are_kept(
    patterns: tuple[str, ...], wanted: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lay_out(folder, {"a.txt": b"a", "in/b.txt": b"b", "large": b"x" * 100}, uid=os.getuid())
    (tmp_path / "secret").write_text("hidden")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(folder / "in")
    os.mkfifo(folder / "pipe")
    assert list(collect(folder, patterns, room=50)) == wanted


def test_a_folder_that_became_a_link_meanwhile_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lay_out(folder, {"in/b.txt": b"b"}, uid=os.getuid())
    (folder / "in").rename(tmp_path / "outside")
    (folder / "in").symlink_to(tmp_path / "outside")
    assert collect(folder, ("in/b.txt",), room=50) == {}


def test_kept_files_have_room_together(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"12345")
    assert sum(map(len, collect(tmp_path, ("*",), room=11).values())) == 10


def test_names_that_the_host_would_take_to_flatten_a_folder_are_no_obstacle(
    tmp_path: Path,
) -> None:
    for number in range(1, 50):
        (tmp_path / f".flat-{number}").write_text("")
    _chain(tmp_path, 1200, "d")
    remove(tmp_path)
    assert not tmp_path.exists()
