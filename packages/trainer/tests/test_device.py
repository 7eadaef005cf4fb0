from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest

from tracemill_trainer.device import describe, find_device, on_device, shown
from tracemill_trainer.errors import BadSetting


def test_the_cpu_is_found_and_marked() -> None:
    device = find_device("cpu")
    assert shown(device) == "cpu"
    assert describe(device).kind == "cpu"
    assert find_device("auto") is jax.devices()[0]
    with on_device("cpu"):
        assert jnp.zeros(1).devices() == {device}


def test_a_device_that_is_not_there_is_refused() -> None:
    there = {device.platform for device in jax.devices()}
    missing = next(kind for kind in ("tpu", "gpu") if kind not in there)
    with pytest.raises(BadSetting, match=f"wanted a device of kind {missing}, got only: "):
        find_device(missing)
