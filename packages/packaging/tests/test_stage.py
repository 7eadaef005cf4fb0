"""The run handler of the stage."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracemill_bundle import signature, stage
from tracemill_schema.canonical import JsonObject
from tracemill_schema.errors import RecordError
from tracemill_schema.run import HANDLER_GROUP, RunHandler


def test_the_handler_is_found_by_its_kind() -> None:
    (found,) = entry_points(group=HANDLER_GROUP, name="bundle")
    handler: RunHandler = found.load()
    assert handler is stage.run


def test_it_returns_what_it_made_and_reuses_it(
    workspace: Path, config: JsonObject, capsys: pytest.CaptureFixture[str]
) -> None:
    result = stage.run(config, workspace)
    archive = workspace / "bundle/demo.zip"
    assert result["path"] == "bundle/demo.zip"
    assert result["status"] == "rehearsal"
    assert result["bytes"] == archive.stat().st_size
    assert (result["files"], result["reused"]) == (23, False)
    assert stage.run(config, workspace)["reused"] is True
    assert capsys.readouterr().out.startswith('::progress {"done":0,"label":"bundle"')


def test_it_signs_with_the_key_of_the_environment(
    workspace: Path, config: JsonObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature.generate(tmp_path / "key.pem")
    monkeypatch.setenv("TRACEMILL_SIGNING_KEY", str(tmp_path / "key.pem"))
    unsigned = dict(config)
    stage.run(unsigned, workspace)
    assert b"signature.json" in (workspace / "bundle/demo.zip").read_bytes()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "Not A Name"}, "/name"),
        ({"models": []}, "/models"),
        ({"colour": "red"}, "/colour"),
        ({"rehearsal": "yes"}, "/rehearsal"),
    ],
)
def test_a_faulty_config_is_refused(
    workspace: Path, config: JsonObject, change: JsonObject, pointer: str
) -> None:
    with pytest.raises(RecordError, match="config of the stage bundle") as caught:
        stage.run({**config, **change}, workspace)
    assert caught.value.faults[0].pointer == pointer


def test_a_kill_in_the_middle_then_the_same_call_gives_the_same_bytes(
    workspace: Path, config: JsonObject
) -> None:
    stage.run(config, workspace)
    archive = workspace / "bundle/demo.zip"
    whole = archive.read_bytes()
    archive.unlink()
    (workspace / "bundle/.demo.zip.torn").write_bytes(whole[:500])
    stage.run(config, workspace)
    assert archive.read_bytes() == whole
    names = sorted(path.name for path in archive.parent.iterdir())
    assert names == ["demo.zip", "manifest.json"]
