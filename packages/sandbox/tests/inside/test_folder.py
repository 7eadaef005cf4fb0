from __future__ import annotations

import contextlib
import math
import os
import resource
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracemill_sandbox.inside.folder import (
    ENTRIES_PER_FOLDER,
    Deadline,
    collect,
    empty,
    lay_out,
    measure,
    put_away,
    remove,
)


def test_files_are_laid_out_and_measured_without_following_links(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lay_out(folder, {"a/b/c.txt": b"abc", "d": b""}, uid=os.getuid())
    (folder / "link").symlink_to("/usr")
    usage = measure(folder)
    assert usage.entries == 3 + 2 * ENTRIES_PER_FOLDER
    assert usage.files["a/b/c.txt"] == 3
    assert set(usage.files) == {"a/b/c.txt", "d", "link"}


def test_measuring_ends_when_the_time_is_up(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    with pytest.raises(TimeoutError):
        measure(tmp_path, until=time.monotonic())
    assert measure(tmp_path, until=time.monotonic() + 3600).entries == 1


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
    assert measure(tmp_path).entries == 30 * ENTRIES_PER_FOLDER
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


def test_each_folder_is_opened_once_however_deep_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _chain(tmp_path, 50, "d")
    bottom = tmp_path.joinpath(*("d",) * 50)
    for number in range(100):
        (bottom / str(number)).mkdir()
    opened: list[object] = []
    really = os.open

    def count(path: str, *more: int, **named: int) -> int:
        opened.append(path)
        return really(path, *more, **named)

    monkeypatch.setattr(os, "open", count)
    assert measure(tmp_path).entries == 150 * ENTRIES_PER_FOLDER
    assert len(opened) == 151


def test_a_file_that_goes_meanwhile_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        (tmp_path / str(number)).write_text("x" * 5000)
    whole = measure(tmp_path).size
    really = os.scandir

    @contextlib.contextmanager
    def late(place: int) -> Iterator[Iterator[os.DirEntry[str]]]:
        with really(place) as inside:
            found = list(inside)
        (tmp_path / "7").unlink()
        yield iter(found)

    monkeypatch.setattr(os, "scandir", late)
    usage = measure(tmp_path)
    assert (usage.entries, usage.hidden) == (19, "")
    assert usage.size == whole * 19 // 20


def test_a_folder_is_removed_without_recursion_and_with_few_descriptors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("a", "b"):
        _chain(folder, 1100, name)
    (folder / "a" / "file").write_text("x")
    (folder / "link").symlink_to("/usr")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    renamed: list[str] = []
    really = os.rename

    def count(name: str, target: str, **places: int) -> None:
        renamed.append(name)
        really(name, target, **places)

    monkeypatch.setattr(os, "rename", count)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_open_now() + 8, hard))
    try:
        remove(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not folder.exists()
    assert len(renamed) == 2200 - 2  # the innermost of each chain is empty, and goes where it is


def test_rights_are_given_back_to_folders_and_never_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o500)
    outside.chmod(0o500)
    (outside / "kept").symlink_to("nowhere")
    folder = tmp_path / "run"
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "link").symlink_to(outside)
    for inner in ("a/b/c", "a/b", "a", "."):
        (folder / inner).chmod(0)
    remove(folder)
    assert not folder.exists()
    assert stat.S_IMODE(outside.stat().st_mode) == 0o500
    assert list(outside.iterdir()) == [outside / "kept"]


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="Not a directory|symbolic links"):
        remove(tmp_path / "run")
    assert (tmp_path / "outside").exists()


def _open_now() -> int:
    return max(map(int, os.listdir("/proc/self/fd")))  # noqa: PTH208 - is fast


def test_a_folder_is_put_away_whole_under_a_name_that_nobody_can_guess(tmp_path: Path) -> None:
    folder, yard = tmp_path / "7", tmp_path / "yard"
    folder.mkdir()
    yard.mkdir()
    lay_out(folder, {"a/b": b"1"}, uid=os.getuid())
    folder.chmod(0)
    place = put_away(folder, yard)
    assert [path.name for path in tmp_path.iterdir()] == ["yard"]
    assert (list(yard.iterdir()), len(place.name)) == ([place], 32)
    remove(place)
    assert list(yard.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        put_away(folder, yard)


def test_a_folder_that_is_emptied_stays(tmp_path: Path) -> None:
    lay_out(tmp_path, {"a/b/c": b"1", "d": b"2"}, uid=os.getuid())
    before = tmp_path.stat().st_ino
    empty(tmp_path)
    assert (list(tmp_path.iterdir()), tmp_path.stat().st_ino) == ([], before)


def test_a_folder_below_a_link_of_the_hosts_goes_as_well(tmp_path: Path) -> None:
    (tmp_path / "real" / "7").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    remove(tmp_path / "link" / "7")
    assert list((tmp_path / "real").iterdir()) == []


def test_a_removal_ends_at_its_deadline_and_the_last_file_goes_with_all_else(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "pool"
    lay_out_in = {f"a/{number}/b/mark": b"1" for number in range(20)} | {"mark": b"1"}
    folder.mkdir()
    lay_out(folder, lay_out_in, uid=os.getuid())
    deadline = Deadline()
    really = deadline.check
    left = iter(range(12))

    def over() -> None:
        deadline.at = -math.inf if next(left, None) is None else math.inf
        really()

    deadline.check = over  # type: ignore[method-assign]  # time that is up after twelve steps
    with pytest.raises(TimeoutError, match="no more time"):
        remove(folder, deadline=deadline, last="mark")
    assert (folder / "mark").exists()
    assert len(list(folder.rglob("*"))) > 10
    remove(folder, last="mark")
    assert not folder.exists()
