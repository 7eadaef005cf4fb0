"""Gives a forked process ahead of its run the memory pages that runs are known to write to.

After a fork every first write to a page is a fault, and a run of pandas makes more than a thousand
of them: most of its time. Which pages those are hardly depends on the program, for they are the
interpreter's and the libraries' own. So the template lets a sample run once in a fork and looks
which pages it made its own; each process that waits for a run then has the kernel copy these in a
few calls: ``process_vm_writev`` writes the first byte of each page over itself. Only the kernel's
page tables are read: nothing of the sample but the addresses comes back.

Sources: ``Documentation/admin-guide/mm/pagemap.rst`` of the kernel, ``man 2 process_vm_writev``.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

_ENTRY_BYTES = 8
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56
_MOST_IN_A_CALL = 1024  # IOV_MAX
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) .w.p ")
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Span(ctypes.Structure):
    """``struct iovec`` of ``<sys/uio.h>``."""

    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


class Pages:
    """Addresses of pages, laid out once for the kernel.

    Args:
        addresses: One in each page, all of them mapped.
    """

    def __init__(self, addresses: tuple[int, ...] = ()) -> None:
        self.addresses = addresses
        self._parts = []
        for first in range(0, len(addresses), _MOST_IN_A_CALL):
            part = addresses[first : first + _MOST_IN_A_CALL]
            self._parts.append((_Span * len(part))(*(_Span(address, 1) for address in part)))

    def populate(self) -> None:
        """Have them copied for this process; what the kernel refuses is left to the faults."""
        write = getattr(_LIBC, "process_vm_writev", None)
        if write is None:
            return
        for part in self._parts:
            count = ctypes.c_ulong(len(part))
            write(os.getpid(), part, count, part, count, ctypes.c_ulong(0))


def learn(sample: Callable[[], object]) -> Pages:
    """Run ``sample`` in a fork; return the pages that it wrote to. None where it fails."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _tell(sample, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return Pages(tuple(json.loads(data or b"[]")))


def give_back() -> None:
    """Give the kernel back what is free of our memory, so that no fork has to copy it."""
    trim = getattr(_LIBC, "malloc_trim", None)  # only glibc has it
    if trim is not None:
        trim(0)


def _tell(sample: Callable[[], object], writer: int) -> None:
    try:
        spans = _writable()
        before = _tables(spans)
        sample()
        after = _tables(spans)
        with os.fdopen(writer, "wb") as stream:
            stream.write(json.dumps(_made_own(spans, before, after)).encode())
    finally:
        os._exit(0)


def _tables(spans: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the page tables of mappings, raw: objects made of them would be written to pages."""
    page = resource.getpagesize()
    with Path("/proc/self/pagemap").open("rb", buffering=0) as pagemap:
        return [
            os.pread(
                pagemap.fileno(),
                (end - start) // page * _ENTRY_BYTES,
                start // page * _ENTRY_BYTES,
            )
            for start, end in spans
        ]


def _made_own(
    spans: Sequence[tuple[int, int]], before: Sequence[bytes], after: Sequence[bytes]
) -> list[int]:
    """Return the pages that were shared with the parent before, and are our own after."""
    page = resource.getpagesize()
    found: list[int] = []
    for (start, _), old, new in zip(spans, before, after, strict=True):
        entries = zip(array("Q", old), array("Q", new), strict=True)
        found += [
            start + index * page
            for index, (was, now) in enumerate(entries)
            if was & _PRESENT and now & _PRESENT and now & _EXCLUSIVE and not was & _EXCLUSIVE
        ]
    return found


def _writable() -> list[tuple[int, int]]:
    found = (_MAPPING.match(line) for line in Path("/proc/self/maps").read_text().splitlines())
    return [(int(match[1], 16), int(match[2], 16)) for match in found if match is not None]
