"""What can go wrong while data is made, drawn once.

    DatagenError                   exit code 3: the command could not judge
    |-- BadRequest                 exit code 2: unknown table or family, impossible count, no file
    |-- NotATable                  exit code 1: a file cannot be read as a table; carries a reason
    |-- StaleInput                 exit code 1: a file changed since something was made from it
    |-- EpisodesNeeded             exit code 3: what traces quote cannot be judged without episodes
    `-- Rejected                   never leaves this package: an item that cannot be settled

``Rejected`` is how an item (a question, an episode) says that it is not to be kept. The generator
that asked for the item catches it and counts its reason.
"""

from __future__ import annotations

from tracemill_schema.errors import FaultsFound, TracemillError, UsageFault


class DatagenError(TracemillError):
    """A fault of data generation, to be told to a person."""


class BadRequest(DatagenError, UsageFault):
    """The request cannot be met as it stands; the message names what could be asked instead."""


class NotATable(DatagenError, FaultsFound):
    """A file cannot be read as a table.

    Attributes:
        reason: Short name of the fault, for instance ``ragged_row``; the same for every file.
    """

    def __init__(self, *, where: str, reason: str, wanted: str, got: str, remedy: str) -> None:
        self.reason = reason
        super().__init__(f"{where} is not a table ({reason}): wanted {wanted}, got {got}; {remedy}")


class StaleInput(DatagenError, FaultsFound):
    """A file is not the one that something else was made from."""

    def __init__(self, *, where: str, wanted: str, got: str, remedy: str) -> None:
        super().__init__(f"{where} changed: wanted {wanted}, got {got}; {remedy}")


class EpisodesNeeded(DatagenError):
    """Traces quote executions, and the episodes that prove the quotes are not at hand."""


class Rejected(DatagenError):
    """An item that is not kept, with the name under which rejections are counted."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)
