"""What is no text has its own message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.source import decoded, read_text, text_faults

BAD = [
    (b"a\n\xff\xfe", "x.md:2: wanted UTF-8 text, got the byte 0xff"),
    (b"\x89PNG\r\n\x1a\n\x00", "x.md: wanted UTF-8 text, got a binary file"),
]


@pytest.mark.parametrize(("data", "message"), BAD)
def test_bytes_that_are_no_text(data: bytes, message: str) -> None:
    with pytest.raises(SpecFaults) as caught:
        decoded(data, name="x.md")
    assert str(caught.value) == message


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SpecFaults, match=r"^x.md: wanted a readable file, got: No such file"):
        read_text(tmp_path / "x.md", name="x.md")
    with pytest.raises(SpecFaults, match=r"^x: wanted a readable file, got: Is a directory"):
        read_text(tmp_path, name="x")


def test_text_is_returned_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes("é\n".encode())
    assert read_text(tmp_path / "x.md", name="x.md") == "é\n"


def test_a_carriage_return_is_a_fault_of_its_line() -> None:
    assert text_faults("a\nb", name="x.md") == ()
    message = "x.md:2: wanted lines that end with a newline alone, got a carriage return"
    assert [str(fault) for fault in text_faults("a\nb\r\nc\r\n", name="x.md")] == [message]
