from __future__ import annotations

from collections import deque
from typing import Any

import pytest

from tracemill_sandbox.backend import BACKENDS
from tracemill_sandbox.doctor import Machine, Trial, survey, told, try_all
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost

FakeBackend = Any  # in conftest.py


def test_the_survey_finds_what_every_linux_has_and_starts_nothing() -> None:
    machine = survey({"PATH": "/nowhere", "DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert machine.system.startswith("Linux ")
    assert list(machine.parts) == ["namespaces", "landlock", "seccomp"]
    assert machine.parts["landlock"] is (machine.landlock_abi > 0)
    assert machine.engine == ""
    assert len(machine.reasons) == len(machine.remedies)


@pytest.fixture
def scripted(fake: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    fake.tiers = deque(["none"])
    monkeypatch.setitem(BACKENDS, "embedded", lambda _: fake)
    return fake


@pytest.mark.parametrize(
    ("start", "trial"),
    [
        (None, Trial(backend="embedded", works=True, tier="none", reasons=(), remedies=())),
        (
            SandboxUnavailable(reasons=("no Landlock",), remedies=("a newer kernel",)),
            Trial(
                backend="embedded",
                works=False,
                tier="",
                reasons=("no Landlock",),
                remedies=("a newer kernel",),
            ),
        ),
    ],
)
def test_a_trial_says_whether_a_backend_works(
    scripted: FakeBackend, start: Exception | None, trial: Trial
) -> None:
    scripted.starts.append(start)
    assert try_all(("embedded",)) == (trial,)
    assert [worker.stopped for worker in scripted.workers] == [1]


def test_a_backend_that_never_starts_is_told_once_and_sends_nobody_in_a_circle(
    scripted: FakeBackend,
) -> None:
    scripted.starts.extend(WorkerLost("no room") for _ in range(9))
    (trial,) = try_all(("embedded",))
    assert (trial.works, trial.reasons, trial.remedies) == (False, ("no room",), ())


def test_a_person_reads_what_there_is_what_is_missing_and_what_helps() -> None:
    machine = Machine(
        system="Linux 6.1 x86_64",
        user=0,
        run_user=61184,
        landlock_abi=3,
        parts={"namespaces": False, "landlock": True, "seccomp": True},
        reasons=("no namespaces",),
        remedies=("allow them",),
        launchers={"bubblewrap": "/usr/bin/bwrap"},
        engine="",
    )
    trials = (
        Trial(
            backend="embedded",
            works=True,
            tier="landlock-seccomp",
            reasons=("no namespaces",),
            remedies=("allow them",),
        ),
        Trial(backend="oci", works=False, tier="", reasons=("no socket",), remedies=("get one",)),
    )
    assert "\n".join(told(machine, trials)) == (
        "machine   Linux 6.1 x86_64, user 0, runs go as user 61184\n"
        "part      namespaces: missing\n"
        "part      landlock: works (ABI 3)\n"
        "part      seccomp: works\n"
        "launcher  bubblewrap: /usr/bin/bwrap\n"
        "engine    none answers\n"
        "backend   embedded: landlock-seccomp\n"
        "          why: no namespaces\n"
        "          better: allow them\n"
        "backend   oci: does not work\n"
        "          why: no socket\n"
        "          better: get one\n"
        "backend   unsafe: none (holds nothing; only where it is spelled out)"
    )
