"""Runs the stages as runs on the worker's queue: the one path there is.

The server is started when the first stage has to run, and stopped at the end if nobody else uses
it; a pipeline in which everything is unchanged never starts it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tracemill.errors import StageFailed
from tracemill.stage import Stage
from tracemill_schema.canonical import JsonObject, content_id
from tracemill_schema.run import Run

if TYPE_CHECKING:
    from tracemill_worker.postgres import PostgresStore

STATE = ".tracemill"
LOG_LINES_SHOWN = 15
ATTEMPTS = 100
"""A person who kills a run and starts it again is no crash loop: let them do so often."""


def state_folder(project: Path) -> Path:
    """Return where a project's server and evidence lie."""
    return project / STATE


class Queue:
    """The queue of a project, opened when it is first needed. Use as a context manager."""

    def __init__(self, workspace: Path, *, state: Path) -> None:
        self._workspace = workspace
        self._state = state
        self._open = ExitStack()
        self._store: PostgresStore | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def execute(self, stage: Stage, key: str, on_line: Callable[[str], None]) -> JsonObject:
        """Enqueue the stage as a run, see it through and return its result.

        The same stage of the same workspace with the same inputs is one run: what another process
        has already begun is followed, what a killed one left is taken over.

        Raises:
            StageFailed: if the run did not succeed; with its message and its last lines.
            WorkerError: if the store can't be opened or goes away.
        """
        from tracemill_worker.loop import work_one  # noqa: PLC0415 - not needed to skip stages

        store = self._opened()
        place = content_id({"workspace": str(self._workspace), "stage": stage.name, "key": key})
        run = store.enqueue(
            kind=stage.kind,
            config=stage.config,
            unique_key=place,
            max_attempts=ATTEMPTS,
            workspace=str(self._workspace.absolute()),
        )
        run = work_one(store, run.id, workspace=self._workspace, on_line=on_line)
        if run.state != "succeeded" or run.result is None:
            raise StageFailed(self._told(store, stage, run), exit_code=_exit_code(run))
        return run.result

    def _opened(self) -> PostgresStore:
        from tracemill_worker.connect import open_store  # noqa: PLC0415 - as above

        if self._store is None:
            self._store = self._open.enter_context(open_store(self._state, stop_at_end=True))
        return self._store

    def _told(self, store: PostgresStore, stage: Stage, run: Run) -> str:
        text = f"stage {stage.name} {run.state} (run {run.id})"
        if run.error is not None:
            text += f": {run.error.message}"
            if run.error.kind == "user_error":
                return text
        log = "".join(chunk.text for chunk in store.logs(run.id)).splitlines()
        plain = [line for line in log if not line.startswith("::")][-LOG_LINES_SHOWN:]
        shown = "".join(f"\n  | {line}" for line in plain)
        return f"{text}{shown}\nthe whole log: tracemill run logs {run.id}"


def _exit_code(run: Run) -> int:
    """Return the handler's own code for a user's mistake, 3 for everything else."""
    if run.error is not None and run.error.kind == "user_error" and run.error.exit_code:
        return run.error.exit_code
    return 3
