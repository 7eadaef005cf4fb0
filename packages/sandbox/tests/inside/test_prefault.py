from __future__ import annotations

import ctypes
import mmap
import os
import resource
from pathlib import Path

import pytest

from tracemill_sandbox.inside import prefault

PAGE = resource.getpagesize()
PAGES = 64


@pytest.fixture
def memory() -> tuple[mmap.mmap, int]:
    """Private memory of this process, all of it written to; and its address."""
    block = mmap.mmap(-1, PAGES * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block.write(bytes(PAGES * PAGE))
    view = (ctypes.c_char * len(block)).from_buffer(block)
    return block, ctypes.addressof(view)


def _inside(pages: prefault.Pages, start: int) -> list[int]:
    """Return which pages of the block stand in ``pages``."""
    return [page for page in range(PAGES) if start + page * PAGE in pages.addresses]


def test_exactly_the_pages_that_the_sample_wrote_to_are_learned(
    memory: tuple[mmap.mmap, int],
) -> None:
    block, start = memory

    def sample() -> None:
        for page in (3, 4, 5, 40):
            block[page * PAGE] = 7

    pages = prefault.learn(sample)
    assert _inside(pages, start) == [3, 4, 5, 40]
    assert block[3 * PAGE] == 0  # the sample ran in a process of its own


def test_looking_at_the_tables_teaches_nothing() -> None:
    """Keeping what was seen as objects had made hundreds of pages the process's own."""
    assert len(prefault.learn(lambda: None).addresses) < 100


def test_free_memory_is_given_back() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE

    prefault.give_back()
    blocks = [bytes(100_000) for _ in range(400)]  # each below what malloc maps apart
    kept = bytes(100_000)
    full = resident()
    del blocks
    prefault.give_back()
    assert full - resident() > 20_000_000
    assert len(kept) == 100_000


def test_a_sample_that_fails_teaches_nothing() -> None:
    assert prefault.learn(lambda: os._exit(1)).addresses == ()


def test_populated_pages_are_the_processes_own_and_hold_what_they_held(
    memory: tuple[mmap.mmap, int],
) -> None:
    block, start = memory
    block[8 * PAGE] = 5
    wanted = prefault.Pages((start + 8 * PAGE, start + 9 * PAGE))

    def populate() -> None:
        wanted.populate()
        assert block[8 * PAGE] == 5

    assert _inside(prefault.learn(populate), start) == [8, 9]
    many = prefault.Pages(tuple(start + page * PAGE for page in range(PAGES)) * 40)
    assert _inside(prefault.learn(many.populate), start) == list(range(PAGES))


def test_what_is_not_there_is_left_alone() -> None:
    prefault.Pages((0, 1 << 60)).populate()
