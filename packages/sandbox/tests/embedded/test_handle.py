from __future__ import annotations

import fcntl
import os
import signal

import pytest

from tracemill_sandbox.embedded.handle import has_ended, pid_of

pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # threads of other tests


def test_a_handle_tells_its_process_and_whether_it_ended_whatever_its_number() -> None:
    child = os.fork()
    if child == 0:
        signal.pause()
    low = os.pidfd_open(child)
    high = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 1_500)
    os.close(low)
    assert (pid_of(high), has_ended(high)) == (child, False)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert (pid_of(high), has_ended(high)) == (None, True)
    os.close(high)
