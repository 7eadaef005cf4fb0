from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tracemill_sandbox.oci.ledger import (
    LABEL,
    OWNER_LABEL,
    Entry,
    Ledger,
    Owner,
    default_folder,
)

ENTRY = Entry(name="box-1", engine="e", owner="b/n/1/2", folder="/tmp/x/w0")  # noqa: S108 - a name


def test_this_process_lives() -> None:
    owner = Owner.of_this_process()
    assert owner.pid == os.getpid()
    assert owner.state() == "alive"


def _owner_of(pid: int) -> Owner:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return replace(Owner.of_this_process(), pid=pid, started=int(stat[19]))


def test_a_process_is_dead_once_it_has_ended_and_also_while_nobody_took_note_of_it() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        owner = _owner_of(child.pid)
        assert owner.state() == "alive"
        assert child.stdin is not None
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it stays as a zombie
        assert owner.state() == "dead"
        child.wait()
        assert owner.state() == "dead"


def test_another_process_with_the_same_number_is_not_the_owner() -> None:
    here = Owner.of_this_process()
    assert replace(here, started=here.started + 1).state() == "dead"


def test_owners_before_the_last_boot_are_dead() -> None:
    assert replace(Owner.of_this_process(), boot="another").state() == "dead"


def test_owners_in_another_process_namespace_can_not_be_judged() -> None:
    assert replace(Owner.of_this_process(), namespace="pid:[1]", pid=1).state() == "unknown"


def test_a_process_that_proc_hides_can_not_be_judged(tmp_path: Path) -> None:
    boot = tmp_path / "sys/kernel/random"
    boot.mkdir(parents=True)
    (boot / "boot_id").write_text("b\n")
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to("pid:[7]")
    owner = Owner(boot="b", namespace="pid:[7]", pid=1, started=5)
    assert owner.state(tmp_path) == "unknown"
    assert replace(owner, pid=(1 << 22) + 1).state(tmp_path) == "dead"


def test_an_owner_survives_being_a_label() -> None:
    owner = Owner.of_this_process()
    assert Owner.from_label(owner.label) == owner


@pytest.mark.parametrize("label", ["", "a/b/c", "a/b/1/x", "a/b/-1/2", "a/b/1/2/3"])
def test_any_other_label_names_no_owner(label: str) -> None:
    assert Owner.from_label(label) is None


def test_an_entry_stands_until_it_is_struck(tmp_path: Path) -> None:
    ledger, same = Ledger(tmp_path / "a" / "b"), Ledger(tmp_path / "a" / "b")
    ledger.open()
    ledger.enter(ENTRY)
    ledger.enter(replace(ENTRY, name="box-2"))
    assert same.entries() == (ENTRY, replace(ENTRY, name="box-2"))
    same.erase("box-1")
    same.erase("box-1")
    assert [entry.name for entry in ledger.entries()] == ["box-2"]


def test_an_entry_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def record(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    Ledger(tmp_path).enter(ENTRY)
    assert synced == ["box-1.draft", tmp_path.name]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 5}', '{"name": "x", "more": 1}'])
def test_what_is_no_entry_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    (tmp_path / "half.draft").write_text("{")
    Ledger(tmp_path).enter(ENTRY)
    assert Ledger(tmp_path).entries() == (ENTRY,)


def test_a_ledger_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Ledger(tmp_path / "file" / "ledger").open()


def test_the_labels_say_what_and_whose_it_is() -> None:
    assert ENTRY.labels() == {LABEL: "box-1", OWNER_LABEL: "b/n/1/2"}


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, "/home/u/.local/state/tracemill/sandbox-containers"),
        ({"XDG_STATE_HOME": "/s"}, "/s/tracemill/sandbox-containers"),
        ({"XDG_STATE_HOME": "not/absolute"}, "/home/u/.local/state/tracemill/sandbox-containers"),
    ],
)
def test_the_ledger_is_where_the_user_keeps_such_things(
    environment: dict[str, str], folder: str
) -> None:
    assert default_folder(environment, Path("/home/u")) == Path(folder)
