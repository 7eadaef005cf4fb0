"""Which code made the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tracemill_datagen
import tracemill_schema
from tracemill_datagen import source
from tracemill_datagen.source import GENERATOR, deciding_trees, source_tree
from tracemill_schema.canonical import tree_digest


def test_the_generator_is_name_and_version() -> None:
    assert re.fullmatch(r"tracemill-datagen \d+\.\d+\.\d+", GENERATOR)


def test_what_decides_an_answer_is_the_code_of_both_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = deciding_trees()
    assert before == deciding_trees()
    for module in (source, tracemill_schema):
        with monkeypatch.context() as patch:
            patch.setattr(module, "__file__", str(tmp_path / "x.py"))
            source_tree.cache_clear()
            deciding_trees.cache_clear()
            assert deciding_trees() != before
    source_tree.cache_clear()
    deciding_trees.cache_clear()


def test_the_tree_is_that_of_the_installed_package() -> None:
    (root,) = tracemill_datagen.__path__
    source_tree.cache_clear()
    assert source_tree() == tree_digest(Path(root))
