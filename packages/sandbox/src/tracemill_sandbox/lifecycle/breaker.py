"""How long to wait before the next start of a worker, and when to stop trying for a while."""

from __future__ import annotations

from dataclasses import dataclass, field

_KEPT_REASONS = 5


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Exponential back-off with full jitter.

    The jitter keeps workers that failed together from starting together. Source: "Exponential
    Backoff And Jitter", AWS Architecture Blog, 2015.

    Attributes:
        first_seconds: Bound of the wait after the first failure.
        most_seconds: Bound of any wait.
    """

    first_seconds: float = 0.1
    most_seconds: float = 10.0

    def seconds(self, failures: int, draw: float) -> float:
        """Return the wait after ``failures`` failures in a row (0: none).

        Args:
            failures: How many there were.
            draw: Random number, at least 0 and below 1.
        """
        if failures == 0:
            return 0.0
        doublings = min(failures - 1, 32)  # beyond it any bound is reached
        return draw * min(self.most_seconds, self.first_seconds * 2.0**doublings)


@dataclass(kw_only=True)
class Breaker:
    """Counts start failures in a row over all workers of a pool.

    closed -> (``most_failures`` in a row) -> open -> (``open_seconds``) -> half-open: one start is
    tried; if it fails it is open again, if it stands it is closed.

    Attributes:
        most_failures: Failures in a row that open it.
        open_seconds: How long no start is tried.
        failures: Failures in a row so far.
        reasons: What the newest of them said, oldest first.
    """

    most_failures: int = 5
    open_seconds: float = 30.0
    failures: int = 0
    reasons: tuple[str, ...] = ()
    _open_until: float | None = field(default=None, init=False)
    _tried: bool = field(default=False, init=False)

    def failed(self, reason: str, now: float) -> None:
        """Enter a failed start."""
        self.failures += 1
        self.reasons = (*self.reasons, reason)[-_KEPT_REASONS:]
        if self.failures >= self.most_failures:
            self._open_until = now + self.open_seconds
            self._tried = False

    def succeeded(self) -> None:
        """Enter a worker that stands; closes it."""
        self.failures, self.reasons = 0, ()
        self._open_until, self._tried = None, False

    def is_open(self, now: float) -> bool:
        """Whether no start is tried at the time."""
        return self._open_until is not None and now < self._open_until

    def wait(self, now: float) -> float:
        """Return the seconds until a start may be tried; 0.0 takes the one try of half-open."""
        if self._open_until is None:
            return 0.0
        if now < self._open_until:
            return self._open_until - now
        if self._tried:
            return self.open_seconds
        self._tried = True
        return 0.0
