"""The commands of the group bundle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill_bundle.cli import bundle
from tracemill_bundle.errors import BundleBroken, BundleRefused, BundleUsage


def call(*words: str | Path) -> str:
    """Run a command; its own faults come through as they are, as in the tracemill command."""
    result = CliRunner().invoke(bundle, [str(word) for word in words], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_build_finds_the_parts_by_itself(workspace: Path) -> None:
    subject = ("--model", "models/traces", "--model", "models/answers")
    output = call("build", "--rehearsal", "--workspace", workspace, *subject)
    lines = output.splitlines()
    assert lines[0] == f"{workspace}/bundle/tiny.zip: built, rehearsal"
    assert lines[1].startswith("  not final: evidence/gate.json: missing; make it: nox -s gate")
    again = call("build", "--rehearsal", "--workspace", workspace, "--json")
    assert json.loads(again)["reused"] is True


def test_a_bundle_may_lie_outside_of_the_workspace(workspace: Path, tmp_path: Path) -> None:
    words = ("build", "--rehearsal", "--workspace", workspace, "--model", "models/traces")
    made = json.loads(
        call(*words, "--evaluation", "evaluations/traces", "--json", "--out", tmp_path / "x")
    )
    assert made["path"] == "../x/tiny.zip"
    assert (workspace / made["path"]).is_file()


def test_build_without_rehearsal_is_refused(workspace: Path) -> None:
    with pytest.raises(BundleRefused, match="no final bundle without its evidence"):
        call(
            "build",
            "--workspace",
            workspace,
            "--model",
            "models/traces",
            "--model",
            "models/answers",
        )


def test_an_empty_workspace_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(BundleUsage) as caught:
        call("build", "--workspace", tmp_path)
    message = f"{tmp_path}/datasets: wanted one dataset, got none; use --dataset"
    assert str(caught.value) == message


def test_verify_and_show(archive_file: Path) -> None:
    output = call("verify", archive_file)
    assert output == (
        f"{archive_file}: whole, rehearsal; 23 files, 6 evidence files, signature: none\n"
    )
    assert json.loads(call("verify", archive_file, "--json"))["signature"] == "none"
    shown = call("show", archive_file)
    assert "evaluation  traces: pass@1 1.000 [0.207, 1.000] of 1 items" in shown
    assert json.loads(call("show", archive_file, "--json"))["name"] == "demo"


def test_a_broken_bundle_is_not_shown(archive_file: Path) -> None:
    archive_file.write_bytes(archive_file.read_bytes()[:-30])
    with pytest.raises(BundleBroken):
        call("show", archive_file)


def test_keygen_then_sign_then_verify(workspace: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    call("keygen", key)
    subject = ("--model", "models/traces", "--model", "models/answers")
    call("build", "--rehearsal", "--workspace", workspace, "--key", key, *subject)
    archive = workspace / "bundle/tiny.zip"
    output = call("verify", archive, "--key", tmp_path / "key.pem.pub")
    assert output.endswith("signature: valid for the given key\n")
    assert "signature   there, signer not checked" in call("show", archive)


def test_every_command_has_an_example() -> None:
    for command in (bundle, *bundle.commands.values()):
        assert command.help is not None
        assert "Example:" in command.help
