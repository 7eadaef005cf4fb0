"""What can go wrong in the composition.

TracemillError
|-- CannotRun            exit 3: the workspace is in use or cannot be written
|-- StageFailed          a stage did not succeed: exit code of its own error, else 3
`-- UsageFault
`-- SettingsError    exit 2: the settings file or an option is wrong
"""

from __future__ import annotations

from tracemill_schema.errors import TracemillError, UsageFault


class CannotRun(TracemillError):
    """The pipeline could not go on; what was made so far stands."""


class StageFailed(TracemillError):
    """A stage did not succeed; the stages before it stand."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class SettingsError(UsageFault):
    """A settings file or an option asks for something that does not exist."""
