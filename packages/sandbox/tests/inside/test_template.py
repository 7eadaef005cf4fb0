from __future__ import annotations

import importlib.metadata

import pytest

from tracemill_sandbox.inside.template import Settings
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool


def test_settings_survive_the_command_line() -> None:
    settings = Settings(
        control=5,
        uid=1000,
        folder="/somewhere/é x",
        avoid=("namespaces",),
        spares=2,
        libraries=("numpy",),
    )
    assert Settings.from_text(settings.to_text()) == settings


@pytest.mark.sandbox
def test_a_part_of_a_library_can_be_loaded_beforehand_and_its_version_is_told() -> None:
    code = "import sys\nloaded = [n for n in ('numpy.ma', 'numpy.ma.mrecords') if n in sys.modules]"
    with SyncSandboxPool(libraries=("numpy.ma.mrecords", "absent.part")) as pool:
        result = pool.run(RunRequest(code=code, outputs=("loaded",)))
        assert pool.identity().libraries == {"numpy": importlib.metadata.version("numpy")}
    assert result.output("loaded") == ["numpy.ma", "numpy.ma.mrecords"]
