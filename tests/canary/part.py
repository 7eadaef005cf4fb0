"""The parts of the gate as noxfile.py has them: a canary runs the command that the gate runs."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from types import ModuleType

from canary.scene import ROOT


def load_noxfile() -> ModuleType:
    """Return noxfile.py as a module; loading it declares sessions, and runs none."""
    spec = importlib.util.spec_from_file_location("noxfile_of_canaries", ROOT / "noxfile.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(ROOT / "noxfile.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


NOXFILE = load_noxfile()
COMMANDS: Mapping[str, tuple[str, ...]] = {part.gate: part.command for part in NOXFILE.PARTS}
"""Part of the gate -> its command."""


def narrowed(gate: str, *paths: str) -> tuple[str, ...]:
    """Return the command of a part that runs pytest, for these test files alone."""
    report = ("--junitxml", "{junit}")
    words = [w for w in COMMANDS[gate] if w not in report and not (ROOT / w).exists()]
    return (*words, "-p", "no:cacheprovider", *paths)
