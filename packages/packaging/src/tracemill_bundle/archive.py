"""The archive: a zip whose bytes depend on the files alone.

Names are sorted, times are the zip format's first day, modes are 0644, nothing is compressed
(compressors differ between zlib builds, and checkpoints hardly shrink). So two builds of the same
files are bit-identical on any machine, and an archive cannot unfold to more than its own size.

Reading is strict: anything a build would not write (compression, links, folders, comments, extra
fields, bytes between or after the entries, names that leave the folder) is refused.
Source of the format: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tracemill_bundle.errors import BundleBroken, BundleUsage
from tracemill_bundle.shelf import BLOCK, Shelf, Stamp, stamp_of
from tracemill_schema.jsonl import replacing

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644 << 16
UNIX = 3
VERSION = 20
FIRST_DAY_BITS = (1 << 5) | 1
"""Month 1 and day 1 of year 0, which is 1980; the time of day is 0."""
LISTING_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
END_RECORD = struct.Struct("<4s4H2LH")
LARGE = int(zipfile.ZIP64_LIMIT / 1.05)
"""From this size on zipfile writes 64-bit headers (it leaves 5 % for growth by compression)."""

MAX_ENTRIES = 100_000
"""A checkpoint of a sharded model has some thousand files; a listing beyond this is an attack."""

_PART = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]+"
SAFE_NAME = re.compile(rf"(?=[A-Za-z0-9_]){_PART}(?:/{_PART})*")
"""Relative, without ``.`` and ``..``; array stores name files ``.zarray``, so dots may lead."""


def write(path: Path, shelf: Shelf) -> None:
    """Write all files of a shelf as an archive; it appears whole or not at all.

    Raises:
        CannotWrite: the disk refused; what stood there before still does.
    """
    for torn in path.parent.glob(f".{path.name}.*"):
        torn.unlink()  # of a build that was killed
    with replacing(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in shelf.names():
            _add(archive, name, shelf)


@dataclass(frozen=True)
class ArchiveShelf:
    """The files of an opened archive."""

    archive: zipfile.ZipFile
    path: Path
    _stamps: dict[str, Stamp] = field(default_factory=dict, compare=False)

    def names(self) -> tuple[str, ...]:
        """Return all paths, sorted."""
        return tuple(sorted(self.archive.namelist()))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file in blocks.

        Raises:
            BundleBroken: the stored checksum does not fit the content.
        """
        try:
            with self.archive.open(name) as stream:
                while block := stream.read(BLOCK):
                    yield block
        except (zipfile.BadZipFile, EOFError) as error:
            raise BundleBroken(str(self.path), (f"{name}: {error}",)) from error

    def stamp(self, name: str) -> Stamp:
        """Return digest and size of a file; it is read once."""
        if name not in self._stamps:
            self._stamps[name] = stamp_of(self.chunks(name))
        return self._stamps[name]


@contextmanager
def opened(path: Path) -> Iterator[ArchiveShelf]:
    """Open an archive for reading.

    Raises:
        BundleUsage: there is no such file.
        BundleBroken: it is no archive that a build would write.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise BundleUsage(f"{path}: wanted a bundle, got: {error.strerror}") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BundleBroken(str(path), (f"not a zip archive: {error}",)) from error
    with archive:
        if faults := _form_faults(archive, path):
            raise BundleBroken(str(path), faults)
        yield ArchiveShelf(archive, path)


def _add(archive: zipfile.ZipFile, name: str, shelf: Shelf) -> None:
    info = _plain(name, shelf.stamp(name).size)
    with archive.open(info, "w") as entry:
        for block in shelf.chunks(name):
            entry.write(block)


def _plain(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIRST_DAY)
    info.create_system = UNIX
    info.external_attr = FILE_MODE
    info.compress_type = zipfile.ZIP_STORED
    info.file_size = info.compress_size = size
    return info


def _form_faults(archive: zipfile.ZipFile, path: Path) -> list[str]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        return [f"wanted at most {MAX_ENTRIES} entries, got {len(infos)}"]
    faults = [f"{info.filename!r}: {fault}" for info in infos for fault in _entry_faults(info)]
    names = [info.filename for info in infos]
    if names != sorted(set(names)):
        faults.append("wanted each name once and sorted")
    return faults or _byte_faults(archive, path)


def _entry_faults(info: zipfile.ZipInfo) -> Iterator[str]:
    if not SAFE_NAME.fullmatch(info.filename) or info.orig_filename != info.filename:
        yield "a name that may leave the folder it is unpacked to"
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        yield "compressed, which a build never does"
    if info.external_attr != FILE_MODE or info.create_system != UNIX or info.flag_bits:
        yield "not a plain file with mode 0644"
    large = max(info.file_size, info.header_offset) > LARGE
    versions = (info.create_version, info.extract_version, info.reserved, info.volume)
    if not large and (versions != (VERSION, VERSION, 0, 0) or info.extra):
        yield "fields that a build never writes"
    if info.date_time != FIRST_DAY or info.comment or info.internal_attr:
        yield "a time or a comment, which a build never writes"


def _byte_faults(archive: zipfile.ZipFile, path: Path) -> list[str]:
    """Look for bytes that a build would not write: in, between or behind the entries."""
    end = 0
    with path.open("rb") as stream:
        for info in archive.infolist():
            if info.header_offset != end:
                return [f"{info.filename}: wanted it at byte {end}, got {info.header_offset}"]
            plain = _plain(info.filename, info.file_size)
            plain.CRC = info.CRC
            header = plain.FileHeader(zip64=info.file_size > LARGE)
            stream.seek(end)
            if stream.read(len(header)) != header:
                return [f"{info.filename}: its header is not what a build writes"]
            end += len(header) + info.file_size
        stream.seek(end)
        if end <= LARGE and stream.read() != _listing(archive.infolist(), end):
            return ["its listing is not what a build writes"]
    return [] if archive.start_dir == end else ["it holds bytes that belong to no file"]


def _listing(infos: list[zipfile.ZipInfo], end: int) -> bytes:
    """Return the central directory and the end record of a small archive."""
    entries = b"".join(
        LISTING_ENTRY.pack(
            b"PK\x01\x02",
            *(VERSION, UNIX, VERSION, 0, 0, zipfile.ZIP_STORED, 0, FIRST_DAY_BITS, info.CRC),
            *(info.file_size, info.file_size, len(info.filename), 0, 0, 0, 0, FILE_MODE),
            info.header_offset,
        )
        + info.filename.encode()
        for info in infos
    )
    size = len(entries)
    end_record = END_RECORD.pack(b"PK\x05\x06", 0, 0, len(infos), len(infos), size, end, 0)
    return entries + end_record
