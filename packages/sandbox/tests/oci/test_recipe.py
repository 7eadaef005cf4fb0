from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path

import pytest

from tracemill_sandbox.kernel.tier import RUN_USERS
from tracemill_sandbox.oci.ledger import Entry
from tracemill_sandbox.oci.recipe import Recipe, empty_archive, host_mounts, new_user, outermost

RECIPE = Recipe(image="i:1", python="/usr/bin/python3", mounts=("/usr", "/opt/env"))
ENTRY = Entry(name="box", engine="e", owner="o", folder="/run/box")


def test_a_container_has_nothing_that_it_does_not_need() -> None:
    host = RECIPE.host(ENTRY)
    closed = {
        "network_mode": "none",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "read_only": True,
        "auto_remove": True,
        "init": True,
        "ipc_mode": "private",
        "pids_limit": RECIPE.processes,
        "mem_limit": RECIPE.memory_bytes,
        "memswap_limit": RECIPE.memory_bytes,
    }
    assert {key: host[key] for key in closed} == closed
    assert host["binds"] == ["/usr:/usr:ro", "/opt/env:/opt/env:ro", "/run/box:/link:rw"]
    assert not {"privileged", "cap_add", "devices", "pid_mode"} & host.keys()


def test_a_container_gets_nothing_of_the_hosts_environment() -> None:
    options = RECIPE.options(ENTRY, 5)
    assert set(options["environment"]) == {"LANG", "HOME", "TMPDIR"}
    assert options["use_config_proxy"] is False
    assert options["network_disabled"] is True


def test_a_container_runs_the_relay_as_an_unprivileged_user_whatever_the_image_says() -> None:
    options = RECIPE.options(ENTRY, 5)
    assert options["user"] == "5:5"
    assert options["entrypoint"][0] == "/usr/bin/python3"
    assert options["entrypoint"][-2:] == ["-m", "tracemill_sandbox.oci.relay"]
    assert options["command"] == ["/link/relay"]
    assert (options["name"], options["labels"]) == ("box", ENTRY.labels())


def test_each_container_has_a_user_of_its_own_that_nobody_has(tmp_path: Path) -> None:
    assert len({new_user() for _ in range(20)}) > 10
    assert new_user() in RUN_USERS
    (tmp_path / "1").mkdir()
    (tmp_path / "self").mkdir()
    assert new_user(tmp_path, (os.getuid(), 7)) == 7


@pytest.mark.parametrize(
    ("paths", "kept"),
    [
        (("/usr", "/usr/lib", "/usr"), ("/usr",)),
        (("/usr/lib", "/usr"), ("/usr",)),
        (("/usr", "/usrlocal"), ("/usr", "/usrlocal")),
        ((), ()),
    ],
)
def test_a_path_inside_another_needs_no_mount(
    paths: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert outermost(paths) == kept


def test_the_mounts_hold_the_interpreter_and_this_package_and_not_the_home() -> None:
    mounts = [Path(path) for path in host_mounts()]
    for needed in (Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2] / "src"):
        inside = Path(needed, "tracemill_sandbox") if needed.name == "src" else needed
        assert any(inside.is_relative_to(mount) for mount in mounts)
    assert Path.home() not in mounts
    assert Path("/") not in mounts


def test_the_empty_image_is_always_the_same() -> None:
    tag, archive = empty_archive()
    assert (tag, archive) == empty_archive()
    with tarfile.open(fileobj=io.BytesIO(archive)) as found:
        members = {member.name: member.mode for member in found if member.isdir()}
    assert members == {"etc": 0o755, "tmp": 0o1777}
