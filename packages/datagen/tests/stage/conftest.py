"""Two tables that belong together, as the first stage leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.stage import tables

HEIGHTS = {"Oslo": 10, "Bergen": 20, "Rome": 30, "Bari": 40, "Pisa": 50, "Kiel": 60}
NAMES = (*HEIGHTS, "Nowhere")


@pytest.fixture
def travel(tmp_path: Path) -> Path:
    """Return a folder with trips and the places that they go to; one place is not known."""
    trips = "".join(
        f"{NAMES[n % 7]},{n * 7 % 23},{n * n % 31},{('bus', 'train')[n % 3 == 0]}\n"
        for n in range(70)
    )
    places = "".join(
        f"{name},{height},{('north', 'south')[height % 20 == 0]}\n"
        for name, height in HEIGHTS.items()
    )
    (tmp_path / "trips.csv").write_text(f"to,km,cost,kind\n{trips}")
    (tmp_path / "places.csv").write_text(f"place,height,side\n{places}")
    paths = [str(tmp_path / name) for name in ("trips.csv", "places.csv")]
    tables.run({"tables": paths, "out": "tables"}, tmp_path)
    return tmp_path
