from __future__ import annotations

from pathlib import Path

from tracemill.stage import Stage
from tracemill.stamp import write_stamp
from tracemill.standing import always_needed, key_of, standing_of

STAGE = Stage(
    name="s",
    kind="k",
    says="does",
    config={},
    reads=("in.csv",),
    leaves=("out",),
    code=("tracemill_schema",),
)


def test_a_file_it_reads_is_part_of_the_key(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a\n1\n")
    before = key_of(STAGE, tmp_path)
    assert key_of(STAGE, tmp_path) == before
    (tmp_path / "in.csv").write_text("a\n2\n")
    assert key_of(STAGE, tmp_path) != before


def test_a_finished_stage_stands_until_something_changes(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("made")
    assert standing_of(STAGE, tmp_path).stale == "not finished before"
    key = key_of(STAGE, tmp_path)
    write_stamp(tmp_path, STAGE, key=key, result={}, seconds=1.0)
    assert standing_of(STAGE, tmp_path).stale is None
    (tmp_path / "in.csv").write_text("new")
    assert standing_of(STAGE, tmp_path).stale == "its inputs, settings or code changed"


def test_what_only_an_extra_brings_need_not_be_installed() -> None:
    requirements = (
        "click>=8.2",
        "cosmic-ray>=8.4; extra == 'mutants'",
        "tomli; python_version < '3.12' and extra == \"old\"",
        "typing-extensions; python_version < '3.13'",
    )
    assert always_needed(requirements) == ["click", "typing-extensions"]
