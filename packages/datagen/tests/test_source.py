"""Which code made the data."""

from __future__ import annotations

import re
from pathlib import Path

import tracemill_datagen
from tracemill_datagen.source import GENERATOR, source_tree
from tracemill_schema.canonical import tree_digest


def test_the_generator_is_name_and_version() -> None:
    assert re.fullmatch(r"tracemill-datagen \d+\.\d+\.\d+", GENERATOR)


def test_the_tree_is_that_of_the_installed_package() -> None:
    (root,) = tracemill_datagen.__path__
    source_tree.cache_clear()
    assert source_tree() == tree_digest(Path(root))
