"""What can go wrong in the gate.

TracemillError                exit code 3
`-- CannotJudge               the gate could not look: it is neither green nor red
    |-- NoGit                 git is not installed
    |-- NotARepository        the folder is in no git working tree
    |-- GitFailed             git refused; its own words are in the message
    |-- UnknownRevision       no commit has this name here
    |-- ShallowClone          the commit is missing because history was cut off
    |-- NoCommitYet           the branch of HEAD has no commit yet
    |-- NoCommonAncestor      two histories never met
    |-- ManyAncestors         two histories met more than once, and no ancestor is the best
    |-- DirtyTree             the working tree has changes that are in no commit
    |-- StrangeDate           a commit was made on no day of the calendar
    |-- NothingToCompare      no base is named, and none can be told
    |-- DetachedHead          the same, because HEAD is on no branch
    |-- BaseHoldsHead         the base contains HEAD: nothing is on trial
    |-- NothingChanged        the base and HEAD hold the same files
    |-- UnreadableSpec        a spec of the change is missing or malformed
    |-- SpecNamesNothing      a spec names a file or a symbol that is not there
    |-- RenameUndeclared      a file moved, and no spec declares both ends of the way
    |-- SubmoduleChanged      the files of a change lie in another repository
    |-- BinaryUndeclared      a file without lines changed, and no spec declares it
    |-- BrokenSource          a Python file cannot be parsed
    |-- NoVerdict             the evaluations at hand do not decide an experiment
    |-- LeakedModule          a test of one tree imported the repository's code from elsewhere
    |-- MissingModule         a test needs a third-party module that is not installed
    |-- ToolMissing           an optional tool is not installed
    `-- TreeMoved             the working tree changed while it was being judged
UsageFault                    exit code 2
|-- GateUsage                 the request itself is wrong
|   `-- UnknownSpec           no promoted spec has this number
`-- ConfigFault               [tool.tracemill.gate] of pyproject.toml is missing or wrong
FaultsFound                   exit code 1
|-- GateRed                   the gate looked and found faults
|-- SpecFaults                a spec or current.md is malformed
|   `-- CardFaults            an experiment card is malformed
|-- ProofViolated             exit code 2: tests do not fail first as their specs say
`-- CriterionNotMet           an experiment was decided: it did not succeed
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


class NoCommitYet(CannotJudge):
    """The branch of HEAD has no commit yet."""


class NoCommonAncestor(CannotJudge):
    """Two histories never met."""


class ManyAncestors(CannotJudge):
    """Two histories met more than once, and no common ancestor is the best one."""


class DirtyTree(CannotJudge):
    """The working tree has changes that are in no commit."""


class StrangeDate(CannotJudge):
    """A commit was made, as it says, on no day of the calendar."""


class NothingToCompare(CannotJudge):
    """No base is named, and none can be told from the repository."""


class DetachedHead(CannotJudge):
    """HEAD is on no branch, no base is named, and none can be told."""


class BaseHoldsHead(CannotJudge):
    """The base contains HEAD: nothing is on trial."""


class NothingChanged(CannotJudge):
    """The base and HEAD hold the same files."""


class UnreadableSpec(CannotJudge):
    """A spec of the change is missing or malformed: what was agreed is not known."""


class SpecNamesNothing(CannotJudge):
    """A spec names a file or a symbol that is not there."""


class RenameUndeclared(CannotJudge):
    """A file moved, and no spec declares both its deletion and its addition."""


class SubmoduleChanged(CannotJudge):
    """The files of a change lie in another repository."""


class BinaryUndeclared(CannotJudge):
    """A file without lines changed, and no spec declares it."""


class BrokenSource(CannotJudge):
    """A Python file of the change cannot be parsed."""


class NoVerdict(CannotJudge):
    """The evaluations at hand do not decide an experiment."""


class LeakedModule(CannotJudge):
    """A test of one tree imported the repository's own code from elsewhere."""


class MissingModule(CannotJudge):
    """A test needs a third-party module that is not installed."""


class ToolMissing(CannotJudge):
    """An optional tool is not installed."""


class TreeMoved(CannotJudge):
    """The working tree changed while it was being judged."""


class GateUsage(UsageFault):
    """The request itself is wrong."""


class UnknownSpec(GateUsage):
    """No promoted spec has this number."""


class ConfigFault(UsageFault):
    """The table ``[tool.tracemill.gate]`` of pyproject.toml is missing or wrong."""


class GateRed(FaultsFound):
    """The gate looked and found faults."""


class SpecFaults(FaultsFound):
    """A spec or current.md is malformed; ``faults`` holds each with its line."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class CardFaults(SpecFaults):
    """An experiment card is malformed; ``faults`` holds each with its line."""


class CriterionNotMet(FaultsFound):
    """An experiment was decided: its success criterion does not hold."""


class ProofViolated(FaultsFound):
    """Tests do not fail at the base or do not pass at HEAD, though a spec says so."""

    exit_code: int = 2
