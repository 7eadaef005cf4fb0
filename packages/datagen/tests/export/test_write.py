"""Exporting: the rows asked for, never an empty file, never from a damaged dataset."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

from tracemill_datagen.dataset.errors import FaultyLines, NothingToWrite
from tracemill_datagen.export.form import EXPORT_FORMS, ExportForm, by_name
from tracemill_datagen.export.write import export
from tracemill_schema.dataset import SPLITS


@pytest.mark.parametrize("form", EXPORT_FORMS, ids=lambda form: form.name)
def test_every_form_writes_one_line_per_trace(
    dataset: Path, tmp_path: Path, form: ExportForm
) -> None:
    out = tmp_path / "x.jsonl"
    rows = export(dataset, form, out, splits=SPLITS)
    lines = out.read_bytes().splitlines()
    assert rows == len(lines) == 30
    assert all(isinstance(orjson.loads(line), dict) for line in lines)


def test_families_and_splits_are_chosen(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    form = by_name("sft")
    assert export(dataset, form, out, splits=SPLITS, families=["percent"]) == 10
    families = {orjson.loads(line)["family"] for line in out.read_bytes().splitlines()}
    assert families == {"percent"}
    parts = [export(dataset, form, tmp_path / s, splits=[s]) for s in SPLITS]
    assert sum(parts) == 30


def test_an_empty_export_is_an_error_and_leaves_the_file(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    out.write_text("before")
    with pytest.raises(NothingToWrite) as caught:
        export(dataset, by_name("sft"), out, splits=["test"], families=["chain_sum"])
    assert str(caught.value) == (
        f"{dataset}: wanted traces of chain_sum in test, got none; "
        "the dataset holds: modular_chain 20, percent 10"
    )
    assert out.read_text() == "before"


def test_a_damaged_dataset_is_not_exported(dataset: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(dataset, tmp_path / "copy")
    with (folder / "traces/train.jsonl").open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(FaultyLines, match=r"traces/train.jsonl: is not the file [0-9a-f]{16}"):
        export(folder, by_name("sft"), tmp_path / "x.jsonl", splits=["train"])
