from __future__ import annotations

from pathlib import Path

from tracemill.stage import Stage, folder_digest, stage_key

STAGE = Stage(
    name="s", kind="k", says="does", config={"a": 1}, reads=("in",), leaves=("out",), code=()
)


def test_every_file_counts_but_temporary_ones(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a").write_text("a")
    (tmp_path / "in" / ".b.json.a1_b2c3d").write_text("b")
    (tmp_path / "in" / ".zarray").write_text("z")
    (tmp_path / "one").write_text("1")
    assert list(folder_digest(tmp_path, ("in", "one", "absent"))) == [
        "in/.zarray",
        "in/deep/a",
        "one",
    ]


def test_a_file_outside_the_workspace_counts_by_its_own_path(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    workspace = tmp_path / "w"
    workspace.mkdir()
    assert list(folder_digest(workspace, (str(outside),))) == [outside.as_posix()]


def test_the_key_changes_with_config_inputs_and_code() -> None:
    keys = {
        stage_key(STAGE, {}, {}),
        stage_key(STAGE, {"in/a": "0"}, {}),
        stage_key(STAGE, {}, {"p": "0"}),
    }
    assert len(keys) == 3
    assert stage_key(STAGE, {}, {}) == stage_key(STAGE, {}, {})
