from __future__ import annotations

import sys
from pathlib import Path

from tracemill_sandbox.kernel import readable


def test_the_interpreter_is_executable_and_no_folder_lies_in_another() -> None:
    found = readable.executable()
    for prefix in (sys.prefix, sys.base_prefix):
        assert any(Path(prefix).resolve().is_relative_to(path) for path in found)
    assert not [a for a in found for b in found if a != b and Path(a).is_relative_to(b)]
    assert all(Path(path) == Path(path).resolve() for path in found)


def test_what_is_readable_is_there_and_holds_no_secrets() -> None:
    found = readable.readable()
    assert all(Path(path).exists() for path in found)
    assert not {"/etc", "/etc/passwd", "/proc", "/sys", "/sys/fs/cgroup", "/"} & set(found)


def test_limits_of_control_groups_are_files_of_our_own_groups() -> None:
    for path in readable._cgroup_limits():
        assert path.startswith("/sys/fs/cgroup/")
        assert Path(path).name in {
            "cpu.max",
            "memory.max",
            "cpu.cfs_quota_us",
            "cpu.cfs_period_us",
            "memory.limit_in_bytes",
        }
