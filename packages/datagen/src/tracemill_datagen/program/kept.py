"""Values that an object works out once and keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class kept(Generic[T]):  # noqa: N801 - reads as a decorator
    """A property that is worked out when it is first read, and then an attribute.

    ``functools.cached_property`` of Python 3.11 takes a lock for this, which costs more than what
    an expression keeps. Two threads may both work a value out here; it is the same value. The
    object needs a ``__dict__``; it may be frozen.
    """

    def __init__(self, method: Callable[[Any], T]) -> None:
        self._method = method
        self._name = method.__name__
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, owner: None, kind: type[object]) -> Self: ...

    @overload
    def __get__(self, owner: object, kind: type[object]) -> T: ...

    def __get__(self, owner: object | None, kind: type[object]) -> Self | T:
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._method(owner)
        return value
