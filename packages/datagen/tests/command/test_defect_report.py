from __future__ import annotations

import orjson
import pytest

from tracemill_datagen.command.defect_report import tell
from tracemill_datagen.episode.defect import Defect
from tracemill_schema.errors import FaultsFound

BAD = Defect(kind="number", where="/submission", wanted="1", got="2")


def test_records_without_defects_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    tell("trace", {"a": (), "b": ()}, as_json=False)
    assert capsys.readouterr().out == "2 traces checked, 0 with defects\n"


def test_each_defect_is_told_and_the_command_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FaultsFound, match="1 of 2 episodes do not hold"):
        tell("episode", {"a" * 64: (BAD,), "b": ()}, as_json=False)
    assert capsys.readouterr().out == (
        "episode aaaaaaaaaaaaaaaa: number at /submission: wanted 1, got 2\n"
        "2 episodes checked, 1 with defects\n"
    )


def test_defects_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FaultsFound):
        tell("episode", {"a": (BAD,), "b": ()}, as_json=True)
    assert orjson.loads(capsys.readouterr().out) == {
        "checked": 2,
        "defects": {"a": [{"kind": "number", "where": "/submission", "wanted": "1", "got": "2"}]},
    }
