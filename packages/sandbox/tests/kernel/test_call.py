from __future__ import annotations

import errno

import pytest

from tracemill_sandbox import kernel


def test_a_refused_call_names_itself_and_the_reason() -> None:
    with pytest.raises(OSError, match="mount /no/such/place") as refused:
        kernel.mount("tmpfs", "/no/such/place", 0)
    assert refused.value.errno in (errno.ENOENT, errno.EPERM)


def test_an_unknown_system_call_is_refused() -> None:
    with pytest.raises(OSError, match="nothing") as refused:
        kernel.syscall("nothing", 100_000)
    assert refused.value.errno == errno.ENOSYS
