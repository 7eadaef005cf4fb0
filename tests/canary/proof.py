"""Canaries of the fail-first proof: every verdict that does not hold."""

from __future__ import annotations

from canary.canary import Canary, Plant
from canary.part import COMMANDS
from canary.planning import again
from canary.plant import append, commit, each, replace

PROVE = COMMANDS["proof"]
TESTS = "tests/test_a.py"
SKIP = "import pytest\n\n\n@pytest.mark.skip(reason='later')\ndef test_area"


def of(rule: str, plant: Plant, *says: str, case: str = "") -> Canary:
    """Return a canary of a committed change whose tests are proved."""
    return Canary(
        part="proof",
        rule=rule,
        case=case,
        plant=each(plant, commit),
        command=PROVE,
        says=says,
        scene="planned",
    )


CANARIES = (
    of(
        "ALREADY-GREEN",
        replace(TESTS, "assert area(1) > 3.1", "assert area(1) > 2"),
        "ALREADY-GREEN",
        "test_area",
    ),
    of("NOT-GREEN", replace("src/pkg/a.py", "3.14159", "3.0"), "NOT-GREEN", "fails at HEAD"),
    of(
        "RED-WEAK",
        each(
            append("src/pkg/a.py", "\n\ndef volume(r: float) -> float:\n    return 4 * r\n"),
            replace(
                TESTS, "    assert area(1) > 3.1", "    from pkg.a import volume\n    volume(1)"
            ),
        ),
        "RED-WEAK",
        "which no spec announces",
    ),
    of("INVALID", replace(TESTS, "def test_area", SKIP), "INVALID", "skipped", case="skip"),
    of(
        "INVALID",
        again(fail_first_tests=[f"{TESTS}::test_nothing"]),
        "test_nothing",
        case="no such test",
    ),
    of("INVALID", append(TESTS, "\n\nassert 1 == 2\n"), "INVALID", case="no collection"),
    of(
        "ENVIRONMENT",
        replace(
            TESTS, "def test_area():\n", "def test_area():\n    import no_such_module_at_all\n"
        ),
        "no_such_module_at_all",
    ),
)
