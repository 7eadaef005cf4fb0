"""What can go wrong with a bundle.

TracemillError                exit code 3
`-- CannotBundle              a file that is needed could not be read
UsageFault                    exit code 2
`-- BundleUsage               the request itself is wrong: no such file, an unusable key
FaultsFound                   exit code 1
|-- BundleRefused             evidence is missing, red or about something else
`-- BundleBroken              a bundle is not what its manifest says
"""

from __future__ import annotations

from collections.abc import Sequence

from tracemill_schema.errors import FaultsFound, TracemillError, UsageFault


class CannotBundle(TracemillError):
    """A file that is needed could not be read."""


class BundleUsage(UsageFault):
    """The request itself is wrong."""


class BundleRefused(FaultsFound):
    """Evidence is missing, red or about something else; ``reasons`` holds all."""

    def __init__(self, what: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join((what, *(f"  {reason}" for reason in self.reasons))))


class BundleBroken(FaultsFound):
    """A bundle is not what its manifest says; ``faults`` holds all that were found."""

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = (f"{where} is not a whole bundle:", *(f"  {fault}" for fault in self.faults))
        super().__init__("\n".join(listed))
