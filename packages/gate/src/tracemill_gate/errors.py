"""What can go wrong in the gate.

TracemillError                exit code 3
`-- CannotJudge               the gate could not look: it is neither green nor red
    |-- NoGit                 git is not installed
    |-- NotARepository        the folder is in no git working tree
    |-- GitFailed             git refused; its own words are in the message
    |-- UnknownRevision       no commit has this name here
    |-- ShallowClone          the commit is missing because history was cut off
    |-- NoCommonAncestor      two histories never met
    |-- DirtyTree             the working tree has changes that are in no commit
    |-- NothingToCompare      no base is named, and none can be told
    `-- TreeMoved             the working tree changed while it was being judged
UsageFault                    exit code 2
|-- GateUsage                 the request itself is wrong
`-- ConfigFault               [tool.tracemill.gate] of pyproject.toml is missing or wrong
FaultsFound                   exit code 1
|-- GateRed                   the gate looked and found faults
`-- SpecFaults                a spec or current.md is malformed
"""

from __future__ import annotations

from tracemill_gate.fault import FileFault
from tracemill_schema.errors import FaultsFound, TracemillError, UsageFault


class CannotJudge(TracemillError):
    """The gate could not look: neither green nor red."""


class NoGit(CannotJudge):
    """Git is not installed or not on the PATH."""


class NotARepository(CannotJudge):
    """The folder is in no git working tree."""


class GitFailed(CannotJudge):
    """Git refused a command."""


class UnknownRevision(CannotJudge):
    """No commit has this name here."""


class ShallowClone(CannotJudge):
    """A commit is missing because the history of this clone was cut off."""


class NoCommonAncestor(CannotJudge):
    """Two histories never met."""


class DirtyTree(CannotJudge):
    """The working tree has changes that are in no commit."""


class NothingToCompare(CannotJudge):
    """No base is named, and none can be told from the repository."""


class TreeMoved(CannotJudge):
    """The working tree changed while it was being judged."""


class GateUsage(UsageFault):
    """The request itself is wrong."""


class ConfigFault(UsageFault):
    """The table ``[tool.tracemill.gate]`` of pyproject.toml is missing or wrong."""


class GateRed(FaultsFound):
    """The gate looked and found faults."""


class SpecFaults(FaultsFound):
    """A spec or current.md is malformed; ``faults`` holds each with its line."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
