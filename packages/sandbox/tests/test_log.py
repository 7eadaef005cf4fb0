from __future__ import annotations

import logging
import threading

import pytest

from tracemill_sandbox.log import LateLog, say, say_by


def test_a_thread_speaks_for_itself_unless_another_does(caplog: pytest.LogCaptureFixture) -> None:
    late = LateLog()
    late.start()

    def speak() -> None:
        late.serve_this_thread()
        for number in range(3):
            say(logging.ERROR, "late %d", number)
        say_by(lambda: logging.getLogger("other").warning("other"))

    with caplog.at_level(logging.INFO, logger="tracemill_sandbox"):
        say(logging.INFO, "at once")
        say(logging.DEBUG, "never")
        speaker = threading.Thread(target=speak, name="speaker")
        speaker.start()
        speaker.join()
        late.end()
        late.join(20.0)
    assert [(each.message, each.threadName, each.levelname) for each in caplog.records] == [
        ("at once", "MainThread", "INFO"),
        *((f"late {number}", "tracemill-sandbox-log", "ERROR") for number in range(3)),
        ("other", "tracemill-sandbox-log", "WARNING"),
    ]


def test_an_error_comes_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    say(logging.CRITICAL, "it %s", "broke", error=ValueError("why"))
    (record,) = caplog.records
    assert record.message == "it broke"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "why"
