from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracemill_sandbox.kernel.syscall_table import MACHINES, numbers

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
NOT_ARM = {"sync_file_range2", "syscalls", "arch_specific_syscall"}
RENAMED = {"fstatat": "newfstatat"}


def header(machine: str) -> dict[str, int]:
    text = HEADERS[machine].read_text()
    found: dict[str, int] = {}
    for old, name, number in re.findall(r"#define __NR(3264)?_(\w+)\s+(\d+)", text):
        if machine == "aarch64" and (name in NOT_ARM or name.endswith("time64")):
            continue  # of 32-bit machines
        found[RENAMED.get(name, name) if old else name] = int(number)
    return found


@pytest.mark.needs("kernel-headers")
@pytest.mark.parametrize("machine", MACHINES)
def test_the_table_is_the_kernels_own(machine: str) -> None:
    wanted = {name: n for name, n in header(machine).items() if not 403 <= n <= 423}
    known = numbers(machine)
    assert len(wanted) > 290
    assert {name: known.get(name) for name in wanted} == wanted
    assert [
        n for name, n in known.items() if name not in wanted and n <= max(wanted.values())
    ] == []


@pytest.mark.parametrize(
    ("machine", "name", "number"),
    [
        ("x86_64", "read", 0),
        ("aarch64", "read", 63),
        ("x86_64", "clone", 56),
        ("aarch64", "clone", 220),
        ("x86_64", "file_setattr", 469),
        ("aarch64", "file_setattr", 469),
    ],
)
def test_numbers_by_name(machine: str, name: str, number: int) -> None:
    assert numbers(machine)[name] == number


def test_no_number_stands_twice_and_what_a_machine_lacks_is_absent() -> None:
    for machine in MACHINES:
        assert len(set(numbers(machine).values())) == len(numbers(machine))
    assert "open" not in numbers("aarch64")
    with pytest.raises(ValueError, match="machine: wanted one of x86_64, aarch64, got riscv64"):
        numbers("riscv64")
