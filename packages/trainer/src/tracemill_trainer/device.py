"""Finds the device that a setting asks for, and says what it is."""

from __future__ import annotations

from contextlib import AbstractContextManager

import jax

from tracemill_schema.training import Device
from tracemill_trainer.config import DeviceKind
from tracemill_trainer.errors import BadSetting


def find_device(kind: DeviceKind) -> jax.Device:
    """Return the first device of a kind; ``auto`` is the best that jax has.

    Raises:
        BadSetting: if this machine, or this installation of jax, has none.
    """
    try:
        return jax.devices(None if kind == "auto" else kind)[0]
    except RuntimeError as error:
        there = ", ".join(sorted({device.platform for device in jax.devices()}))
        raise BadSetting(
            f"wanted a device of kind {kind}, got only: {there}; "
            "choose one of these or install jax for the device"
        ) from error


def on_device(kind: DeviceKind) -> AbstractContextManager[object]:
    """Return a context in which new arrays live on the device of a kind; raises likewise."""
    context: AbstractContextManager[object] = jax.default_device(find_device(kind))
    return context


def describe(device: jax.Device) -> Device:
    """Return a device for a manifest."""
    return Device(kind=device.device_kind, count=1)


def shown(device: jax.Device) -> str:
    """Return a device for evidence: ``cpu``, or the accelerator's kind and count."""
    return "cpu" if device.platform == "cpu" else f"{device.device_kind} x 1"
