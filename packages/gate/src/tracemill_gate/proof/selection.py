"""Which tests are to be proved, and by which specs they are named.

A test may be named by several specs of a change; it is run and judged once. An id means what it
means to pytest: one case (``PATH::NAME[x]``), all cases of a test, a class, or a whole file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tracemill_gate.errors import GateUsage
from tracemill_gate.proof.probe import is_meant
from tracemill_schema.spec import Spec

Duty = Literal["fail-first", "regression"]


@dataclass(frozen=True, kw_only=True)
class NamedTest:
    """A test that specs name.

    Attributes:
        id: As in the specs.
        duty: ``fail-first``: fails at the base, passes at HEAD; ``regression``: passes at both.
        specs: The specs that name it so.
    """

    id: str
    duty: Duty
    specs: tuple[Spec, ...]

    @property
    def path(self) -> str:
        """The file of the test, relative to the top folder."""
        return self.id.partition("::")[0]


def named_tests(specs: Sequence[Spec]) -> tuple[NamedTest, ...]:
    """Return the tests of all specs, those that fail first in front, each once.

    Raises:
        GateUsage: no spec names a test that fails first: nothing could be proved.
    """
    first = _gathered("fail-first", ((t, s) for s in specs for t in s.fail_first_tests))
    kept = _gathered("regression", ((t, s) for s in specs for t in s.regression_tests))
    if not first:
        names = ", ".join(f"spec {spec.number:04d}" for spec in specs) or "no spec"
        raise GateUsage(f"{names}: wanted at least one test in fail_first_tests, got none")
    return (*first, *kept)


def by_file(tests: Iterable[NamedTest]) -> dict[str, tuple[NamedTest, ...]]:
    """Return file -> its tests; each file is run by itself."""
    files: dict[str, tuple[NamedTest, ...]] = {}
    for test in tests:
        files[test.path] = (*files.get(test.path, ()), test)
    return files


def cases_of(test: NamedTest, cases: Iterable[str], tests: Sequence[NamedTest]) -> tuple[str, ...]:
    """Return the ids that a test stands for.

    Args:
        test: The test.
        cases: Ids that were seen.
        tests: All tests; a whole file that must stay green does not mean those of its tests that
            are named as failing first.
    """
    first = [other.id for other in tests if other.duty == "fail-first"]
    apart = first if test.duty == "regression" and test.id not in first else []
    found = {case for case in cases if is_meant(test.id, case)}
    return tuple(sorted(c for c in found if not any(is_meant(other, c) for other in apart)))


def _gathered(duty: Duty, named: Iterable[tuple[str, Spec]]) -> tuple[NamedTest, ...]:
    specs: dict[str, tuple[Spec, ...]] = {}
    for test, spec in named:
        specs[test] = (*specs.get(test, ()), spec)
    return tuple(NamedTest(id=test, duty=duty, specs=by) for test, by in specs.items())
