from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import bpf, call, namespaces, shortfall
from tracemill_sandbox.kernel.tier import (
    RUN_USERS,
    Offer,
    Tier,
    give_user_back,
    needed_paths,
    probe,
    run_user,
    take_user,
)

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
]
InChild = Callable[[Callable[[], Any]], Any]


@pytest.mark.parametrize(
    ("held", "name", "enough"),
    [
        ((True, True, True), "namespaces-landlock-seccomp", True),
        ((False, True, True), "landlock-seccomp", True),
        ((True, True, False), "namespaces-landlock", False),
        ((True, False, True), "namespaces-seccomp", False),
        ((False, False, False), "none", False),
    ],
)
def test_the_name_lists_what_holds_and_less_than_two_parts_are_not_enough(
    *, held: tuple[bool, bool, bool], name: str, enough: bool
) -> None:
    tier = Tier(namespaces=held[0], landlock=held[1], seccomp=held[2])
    assert tier.name == name
    assert Offer(tier=tier, uid=1, reasons=(), remedies=()).enough is enough


def test_a_lesser_tier_always_has_its_reason_and_remedy() -> None:
    offer = probe(run_user())
    whole = offer.tier == Tier(namespaces=True, landlock=True, seccomp=True)
    assert offer.enough
    assert whole or offer.reasons
    assert len(offer.reasons) == len(offer.remedies)


@pytest.mark.parametrize("part", ["namespaces", "landlock", "seccomp"])
def test_what_is_avoided_is_not_used_and_the_reason_says_so(part: str) -> None:
    offer = probe(run_user(), avoid=(part,))
    assert getattr(offer.tier, part) is False
    assert f"{part} is not used: avoid=" in offer.reasons
    assert offer.enough is (part == "namespaces")


def test_only_parts_can_be_avoided() -> None:
    with pytest.raises(ValueError, match="avoid: wanted some of .*, got moat"):
        probe(run_user(), avoid=("moat",))


def test_where_namespaces_are_refused_the_rest_is_found(in_child: InChild) -> None:
    """A filter such as containers have: user namespaces fail, Landlock and filters do not."""

    def work() -> Offer:
        refused = bpf.fail(errno.EPERM)
        number = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
        verdicts = {0: bpf.ALLOW, number: refused, number + 1: bpf.ALLOW}
        call.no_new_privileges()
        call.install_filter(bpf.assemble(os.uname().machine, verdicts))
        return probe(os.getuid())

    offer = in_child(work)
    assert offer.tier == Tier(namespaces=False, landlock=True, seccomp=True)
    assert offer.reasons[0].startswith("no namespaces (unshare: Operation not permitted)")
    assert offer.enough


@pytest.mark.needs("mounts", "namespaces")
def test_where_the_shell_is_missing_the_rest_is_found(in_child: InChild) -> None:
    """Images of containers may have none; its place is taken by what is no program here."""

    def work() -> Offer:
        call.unshare(call.CLONE_NEWNS)
        call.mount(None, "/", call.MS_REC_PRIVATE)
        call.bind(os.devnull, str(Path(namespaces.SHELL).resolve()))
        return probe(run_user())

    offer = in_child(work)
    assert offer.tier == Tier(namespaces=False, landlock=True, seccomp=True)
    lack = shortfall.no_shell(f"{namespaces.SHELL}: Permission denied")
    assert (offer.reasons[0], offer.remedies[0]) == (lack.reason, lack.remedy)


@pytest.mark.needs("root")
def test_runs_of_a_root_host_get_a_user_that_nobody_has() -> None:
    first = run_user()
    assert first in RUN_USERS
    assert run_user(taken=(first,)) not in (first, 0)


@pytest.mark.needs("root")
def test_a_user_that_was_taken_is_nobody_elses_until_it_is_given_back() -> None:
    first, second = take_user(), take_user()
    assert len({first, second, 0}) == 3
    give_user_back(first)
    assert take_user() == first
    give_user_back(first)
    give_user_back(second)


@pytest.mark.needs("root")
def test_a_user_that_has_a_process_is_not_given_away() -> None:
    first = run_user()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setresuid(first, first, first)
        os.write(writer, b"1")
        signal.pause()
    os.read(reader, 1)
    second = run_user()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert second not in (first, 0)


def test_an_ordinary_user_keeps_its_user(in_child: InChild) -> None:
    def work() -> bool:
        if os.getuid() == 0:
            call.become(12345, 12345)
        return run_user() == os.getuid()

    assert in_child(work)


def test_needed_paths_are_there() -> None:
    assert all(Path(path).is_dir() for path in needed_paths())
