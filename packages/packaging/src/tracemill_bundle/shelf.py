"""Where the files of a bundle are read from: the workspace before, the archive after.

Building and verifying judge the same material by the same rules; only the shelf differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tracemill_bundle.errors import CannotBundle

BLOCK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What identifies a file: SHA-256 in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


class Shelf(Protocol):
    """Files by their path in the bundle."""

    def names(self) -> tuple[str, ...]:
        """Return all paths, sorted."""
        ...

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file in blocks."""
        ...

    def stamp(self, name: str) -> Stamp:
        """Return digest and size of a file."""
        ...


@dataclass(frozen=True)
class StagedShelf:
    """Files that lie in a workspace, and texts that were just made.

    Attributes:
        sources: Path in the bundle -> file, or the content itself.
    """

    sources: Mapping[str, Path | bytes]
    _stamps: dict[str, Stamp] = field(default_factory=dict, compare=False)

    def names(self) -> tuple[str, ...]:
        """Return all paths, sorted."""
        return tuple(sorted(self.sources))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file in blocks.

        Raises:
            CannotBundle: the file could not be read.
        """
        source = self.sources[name]
        if isinstance(source, bytes):
            yield source
            return
        try:
            with source.open("rb") as stream:
                while block := stream.read(BLOCK):
                    yield block
        except OSError as error:
            raise CannotBundle(f"{source}: could not be read ({error.strerror})") from error

    def stamp(self, name: str) -> Stamp:
        """Return digest and size of a file; it is read once."""
        if name not in self._stamps:
            self._stamps[name] = stamp_of(self.chunks(name))
        return self._stamps[name]

    def with_texts(self, texts: Mapping[str, str]) -> StagedShelf:
        """Return a shelf that holds these texts too."""
        made = {name: text.encode() for name, text in texts.items()}
        return StagedShelf({**self.sources, **made}, dict(self._stamps))


def stamp_of(chunks: Iterator[bytes]) -> Stamp:
    """Return digest and size of a content that comes in blocks."""
    digest, size = hashlib.sha256(), 0
    for block in chunks:
        digest.update(block)
        size += len(block)
    return Stamp(sha256=digest.hexdigest(), size=size)
