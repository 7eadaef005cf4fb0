"""Reading planning files as text: UTF-8 with plain line ends, or a fault that says so."""

from __future__ import annotations

from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault


def read_text(path: Path, *, name: str) -> str:
    """Return the text of a planning file.

    Args:
        path: The file.
        name: What the faults call it.

    Raises:
        SpecFaults: it cannot be read, is binary, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _faults(name, f"wanted a readable file, got: {error.strerror}") from error
    return decoded(data, name=name)


def decoded(data: bytes, *, name: str) -> str:
    """Return bytes as text; raises like ``read_text``."""
    if b"\0" in data:
        raise _faults(name, "wanted UTF-8 text, got a binary file")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"wanted UTF-8 text, got the byte 0x{data[error.start]:02x}"
        raise _faults(f"{name}:{line}", message) from error


def text_faults(text: str, *, name: str) -> tuple[FileFault, ...]:
    """Return the fault of the first line end of another kind."""
    position = text.find("\r")
    if position < 0:
        return ()
    line = text.count("\n", 0, position) + 1
    message = "wanted lines that end with a newline alone, got a carriage return"
    return (FileFault(where=f"{name}:{line}", message=message),)


def _faults(where: str, message: str) -> SpecFaults:
    return SpecFaults((FileFault(where=where, message=message),))
