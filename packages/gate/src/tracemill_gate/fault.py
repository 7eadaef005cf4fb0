"""One fault that a check of files found, and how a list of them is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FileFault:
    """One fault.

    Attributes:
        where: File (and line, as ``FILE:LINE``) at fault.
        message: Wanted, got, and what to do.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of a check of files.

    Attributes:
        checked: Things looked at; zero is never green.
        faults: What is wrong, in the order in which it was found.
    """

    checked: int
    faults: tuple[FileFault, ...]

    @property
    def green(self) -> bool:
        """Tell whether something was looked at and nothing is wrong."""
        return self.checked > 0 and not self.faults

    @property
    def summary(self) -> str:
        """The closing line, which the counter ``summary`` of the gate reads.

        What failed are the files at fault, however many faults each has.
        """
        places = {fault.where.partition(":")[0] for fault in self.faults}
        failed = min(len(places), self.checked)
        return f"checked: {self.checked}, failed: {failed}"


def joined(reports: tuple[Report, ...]) -> Report:
    """Return one report of several."""
    return Report(
        checked=sum(report.checked for report in reports),
        faults=tuple(fault for report in reports for fault in report.faults),
    )
