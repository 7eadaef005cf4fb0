from __future__ import annotations

import platform

from tracemill_trainer.versions import LIBRARIES, versions


def test_python_and_every_library_have_a_version() -> None:
    found = versions()
    assert set(found) == {"python", *LIBRARIES}
    assert found["python"] == platform.python_version()
    assert all(found.values())
