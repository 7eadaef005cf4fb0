"""JSON pointers (RFC 6901): where in a document something stands, as text."""

from __future__ import annotations

from collections.abc import Iterable


def escaped(key: str | int) -> str:
    """Return one key or index as it stands between the slashes of a pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def pointer_to(keys: Iterable[str | int]) -> str:
    """Return the pointer to what lies under these keys; empty for the whole document."""
    return "".join(f"/{escaped(key)}" for key in keys)


def keys_of(pointer: str) -> tuple[str, ...]:
    """Return the keys of a pointer; an index comes back as text."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
