"""What a run prints: bytes into lines, lines into log chunks of bounded size."""

from __future__ import annotations

import codecs
from collections import deque

LINE_LIMIT = 16 * 1024
"""Characters of a line; a longer one is cut into several."""
CHUNK_LIMIT = 64 * 1024
"""Characters after which a chunk is sent at once."""
TAIL_LIMIT = 64 * 1024
"""Characters kept of the end of a log that went over its budget: the traceback stands there."""


class LineSplitter:
    """Turns bytes into lines; what is not UTF-8 becomes U+FFFD.

    A line that was drawn over itself with carriage returns is taken as it was left.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that ``data`` completes."""
        *lines, self._rest = (self._rest + self._decoder.decode(data)).split("\n")
        while len(self._rest) > LINE_LIMIT:
            lines.append(self._rest[:LINE_LIMIT])
            self._rest = self._rest[LINE_LIMIT:]
        return [piece for line in lines for piece in _pieces(line)]

    def end(self) -> list[str]:
        """Return what stood behind the last line end."""
        rest = self._rest + self._decoder.decode(b"", final=True)
        self._rest = ""
        return _pieces(rest) if rest else []


class LogBuffer:
    """Collects lines until they are sent; over ``budget`` characters only the end is kept."""

    def __init__(self, *, budget: int) -> None:
        self._left = budget
        self._chunk: list[str] = []
        self._size = 0
        self._tail: deque[str] = deque()
        self._tail_size = 0
        self._dropped = 0

    @property
    def full(self) -> bool:
        """Whether there is enough for a chunk."""
        return self._size >= CHUNK_LIMIT

    def add(self, line: str) -> bool:
        """Add a line; return whether it was within the budget."""
        size = len(line) + 1
        if size <= self._left:
            self._left -= size
            self._size += size
            self._chunk.append(line)
            return True
        self._left = 0  # what follows belongs to the tail, even if it is short
        self._tail.append(line)
        self._tail_size += size
        while self._tail_size > TAIL_LIMIT:
            self._dropped += 1
            self._tail_size -= len(self._tail.popleft()) + 1
        return False

    def take(self) -> str:
        """Return what was collected since the last call, each line with its end."""
        text = "".join(line + "\n" for line in self._chunk)
        self._chunk, self._size = [], 0
        return text

    def end(self) -> str:
        """Return the kept end of a log that went over its budget, or what ``take`` would."""
        if self._dropped:
            self._chunk.append(f"... {self._dropped} lines were left out: the log is full ...")
        self._chunk += self._tail
        self._tail, self._dropped = deque(), 0
        return self.take()


def _pieces(line: str) -> list[str]:
    shown = line.rstrip("\r").rpartition("\r")[2]
    return [shown[i : i + LINE_LIMIT] for i in range(0, max(len(shown), 1), LINE_LIMIT)]
