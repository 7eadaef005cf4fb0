from __future__ import annotations

from tracemill_sandbox.inside.template import Settings


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
