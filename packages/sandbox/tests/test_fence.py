"""The command lines of the launchers: what they show, keep and take away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tracemill_sandbox import fence
from tracemill_sandbox.fence import View, bubblewrap_command, nsjail_command, view_of

SEEN = View(readable=("/opt/python", "/usr"), links=(("usr/lib", "/lib"),), folder="/pool")
COMMAND = ("/opt/python/bin/python", "-c", "pass")


def pairs(words: list[str], option: str) -> list[str]:
    """Return what follows each ``option``."""
    return [words[at + 1] for at, word in enumerate(words) if word == option]


@pytest.mark.parametrize("as_root", [True, False])
def test_both_show_the_same_and_let_only_the_folder_be_written(*, as_root: bool) -> None:
    bubblewrap = bubblewrap_command("/bwrap", COMMAND, SEEN, as_root=as_root)
    nsjail = nsjail_command("/nsjail", COMMAND, SEEN, 7, as_root=as_root)
    assert pairs(bubblewrap, "--ro-bind") == ["/opt/python", "/usr"]
    assert pairs(nsjail, "--bindmount_ro") == ["/opt/python", "/usr"]
    assert pairs(bubblewrap, "--bind") == ["/pool"]
    assert [path for path in pairs(nsjail, "--bindmount") if "/dev/" not in path] == ["/pool"]
    assert pairs(bubblewrap, "--symlink") == ["usr/lib"]
    assert pairs(nsjail, "--symlink") == ["usr/lib:/lib"]


def test_bubblewrap_dies_with_its_parent_and_shares_no_namespace() -> None:
    words = bubblewrap_command("/bwrap", COMMAND, SEEN, as_root=False)
    assert words[0] == "/bwrap"
    assert tuple(words[-4:]) == ("--", *COMMAND)
    wanted = {f"--unshare-{kind}" for kind in ("ipc", "net", "pid", "uts")}
    assert wanted | {"--die-with-parent", "--new-session"} <= set(words)
    assert "--disable-userns" not in words, "runs make user namespaces of their own"
    assert pairs(words, "--proc") == ["/proc"]


def test_bubblewrap_as_root_keeps_what_a_change_of_user_needs_and_mounts_a_bare_proc() -> None:
    words = bubblewrap_command("/bwrap", COMMAND, SEEN, as_root=True)
    assert pairs(words, "--cap-drop") == ["ALL"]
    assert {"CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN"} <= set(pairs(words, "--cap-add"))
    assert not {"CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_SYS_MODULE"} & set(
        pairs(words, "--cap-add")
    )
    assert "--proc" not in words
    assert words[words.index("--") :] == ["--", "/bin/sh", "-c", words[-4], *COMMAND]
    assert words[-4].endswith('proc /proc && exec "$0" "$@"')


def test_nsjail_closes_all_but_the_control_descriptor_and_sets_no_limits_of_its_own() -> None:
    words = nsjail_command("/nsjail", COMMAND, SEEN, 7, as_root=False)
    assert pairs(words, "--pass_fd") == ["7"]
    assert (pairs(words, "--time_limit"), pairs(words, "--nice_level")) == (["0"], ["0"])
    assert {"--disable_rlimits", "--proc_rw", "--keep_env"} <= set(words)
    assert tuple(words[-4:]) == ("--", *COMMAND)


@pytest.mark.parametrize(("as_root", "kept"), [(True, 6), (False, 0)])
def test_nsjail_keeps_capabilities_only_as_root(*, as_root: bool, kept: int) -> None:
    words = nsjail_command("/nsjail", COMMAND, SEEN, 7, as_root=as_root)
    assert len(pairs(words, "--cap")) == kept
    assert ("--disable_clone_newuser" in words) is as_root


def test_the_view_holds_the_interpreter_and_our_code_but_no_home() -> None:
    seen = view_of(Path("/pool"))
    needed = (sys.prefix, sys.base_prefix, Path(fence.__file__).parent)
    for path in needed:
        assert any(Path(path).is_relative_to(shown) for shown in seen.readable), path
    assert seen.folder == "/pool"
    shown = {Path(path) for path in seen.readable}
    assert not shown & {Path("/"), Path("/etc"), Path("/home"), Path("/root"), Path.home()}


def test_no_path_of_the_view_lies_in_another_one() -> None:
    readable = [Path(path) for path in view_of(Path("/pool")).readable]
    nested = [(a, b) for a in readable for b in readable if a != b and a.is_relative_to(b)]
    assert nested == []
