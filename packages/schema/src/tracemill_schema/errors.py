"""What can go wrong, drawn once.

    TracemillError                 exit code 3: the command could not judge
    |-- UsageFault                 exit code 2: the command was asked for something impossible
    `-- FaultsFound                exit code 1: the command ran and found faults
        `-- RecordError            a document does not meet its contract

Every other package derives its own base class from one of the first three, so that the command
line turns any of them into one message and one exit code without knowing them.
"""

from __future__ import annotations

from dataclasses import dataclass


class TracemillError(Exception):
    """A fault to be told to a person; the message says wanted, got, where and what to do."""

    exit_code: int = 3


class UsageFault(TracemillError):
    """The request itself is wrong: an unknown name, an impossible count, a missing file."""

    exit_code: int = 2


class FaultsFound(TracemillError):
    """The thing that was examined is wrong."""

    exit_code: int = 1


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault of one document.

    Attributes:
        pointer: JSON pointer (RFC 6901) to the value at fault; empty for the whole document.
        wanted: What the contract asks for there.
        got: What stands there, shortened to 80 characters.
    """

    pointer: str
    wanted: str
    got: str

    def __str__(self) -> str:
        return f"{self.pointer or '(document)'}: wanted {self.wanted}, got {self.got}"


class RecordError(FaultsFound):
    """A document does not meet its contract; ``faults`` holds all of them, not only the first."""

    def __init__(self, *, contract: str, where: str, faults: tuple[Fault, ...]) -> None:
        self.contract = contract
        self.where = where
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{where} is not a valid {contract}:\n{lines}")
