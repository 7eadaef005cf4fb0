"""The tuple of families."""

from __future__ import annotations

from pathlib import Path

import tracemill_datagen.template
from tracemill_datagen.template.catalogue import TEMPLATES


def test_every_file_is_a_family_of_its_name_and_stands_in_the_tuple() -> None:
    folder = Path(tracemill_datagen.template.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {
        "__init__",
        "catalogue",
        "family",
        "timeline",
        "two_tables",
    }
    assert {template.name for template in TEMPLATES} == files
    assert len(TEMPLATES) >= 60
