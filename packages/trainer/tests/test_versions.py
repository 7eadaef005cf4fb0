from __future__ import annotations

import platform
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import tracemill_schema
import tracemill_trainer
from tracemill_schema.canonical import tree_digest
from tracemill_schema.readiness import LIBRARIES
from tracemill_trainer import versions as module
from tracemill_trainer.versions import sources, versions


def test_python_and_every_library_have_a_version() -> None:
    found = versions()
    assert set(found) == {"python", *LIBRARIES}
    assert found["python"] == platform.python_version()
    assert all(found.values())


def test_the_sources_are_those_of_the_packages_that_are_installed() -> None:
    def digest(package: ModuleType) -> str:
        return tree_digest(Path(str(package.__file__)).parent)

    found = sources()
    assert found == {
        "trainer_source": digest(tracemill_trainer),
        "schema_source": digest(tracemill_schema),
    }
    for entry in entry_points(group="tracemill.sources"):
        if entry.value.startswith("tracemill_trainer"):
            assert entry.load() is getattr(module, entry.name)
            assert entry.load()() == found.pop(entry.name)
    assert not found
