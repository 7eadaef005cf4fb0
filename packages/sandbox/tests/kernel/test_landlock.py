from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracemill_sandbox import kernel, landlock


@pytest.mark.filterwarnings("ignore:.*fork")  # threads of other tests: the child only opens files
@pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
def test_only_what_is_listed_can_be_opened(tmp_path: Path) -> None:
    for name in ("read", "write", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kernel.no_new_privileges()
            landlock.restrict(
                readable=(str(tmp_path / "read"), str(tmp_path / "missing")),
                writable=(str(tmp_path / "write"),),
            )
            for name in ("read", "write", "other"):
                for flags in (os.O_RDONLY, os.O_WRONLY):
                    os.write(writer, _opens(str(tmp_path / name / "file"), flags))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        seen = stream.read()
    os.waitpid(child, 0)
    assert seen == b"yn" + b"yy" + b"nn"


def _opens(path: str, flags: int) -> bytes:
    try:
        os.close(os.open(path, flags))
    except PermissionError:
        return b"n"
    return b"y"
