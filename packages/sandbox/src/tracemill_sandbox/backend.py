"""The table of backends: a word of the caller -> what makes workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracemill_sandbox.errors import RequestInvalid
from tracemill_sandbox.worker import LIBRARIES, Backend


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a pool asks of its backend.

    Attributes:
        libraries: Modules to load beforehand, where they are installed.
        avoid: Parts of the tier that are not to be used, for instance ``namespaces``.
        spares: Processes that each worker keeps ready for the next run.
    """

    libraries: tuple[str, ...] = LIBRARIES
    avoid: tuple[str, ...] = ()
    spares: int = 1


# Each import stands inside its function: an embedded pool needs no client of a container engine.


def _embedded(wish: Wish) -> Backend:
    from tracemill_sandbox.embedded.backend import EmbeddedBackend  # noqa: PLC0415 - see above

    return EmbeddedBackend(libraries=wish.libraries, avoid=wish.avoid, spares=wish.spares)


def _hardened(wish: Wish) -> Backend:
    from tracemill_sandbox.hardened import HardenedBackend  # noqa: PLC0415 - see above

    return HardenedBackend(libraries=wish.libraries, avoid=wish.avoid, spares=wish.spares)


def _oci(wish: Wish) -> Backend:
    from tracemill_sandbox.oci.backend import OciBackend  # noqa: PLC0415 - see above

    return OciBackend(libraries=wish.libraries, avoid=wish.avoid, spares=wish.spares)


def _unsafe(wish: Wish) -> Backend:
    from tracemill_sandbox.unsafe import UnsafeBackend  # noqa: PLC0415 - see above

    return UnsafeBackend(libraries=wish.libraries, avoid=wish.avoid, spares=wish.spares)


BACKENDS: Mapping[str, Callable[[Wish], Backend]] = {
    "embedded": _embedded,
    "hardened": _hardened,
    "oci": _oci,
    "unsafe": _unsafe,
}


def backend_of(wanted: str | Backend, wish: Wish) -> Backend:
    """Return the backend itself, or a new one by its name.

    Raises:
        RequestInvalid: if there is no such backend.
        SandboxUnavailable: if this machine can not have it.
    """
    if not isinstance(wanted, str):
        return wanted
    if wanted not in BACKENDS:
        raise RequestInvalid(f"backend: wanted one of {', '.join(BACKENDS)}, got {wanted!r}")
    return BACKENDS[wanted](wish)
