"""Both engines on the penguins table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The penguins: 344 rows with empty cells in five columns."""
    with Bench(embedded_sheet(embedded_named("penguins"))) as opened:
        yield opened
