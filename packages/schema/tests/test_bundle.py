from __future__ import annotations

import pytest

from tracemill_schema.bundle import BundleFile
from tracemill_schema.errors import RecordError


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", ".hidden", "a b", ""])
def test_a_path_out_of_the_bundle_is_refused(path: str) -> None:
    document = {"path": path, "sha256": "0" * 64, "bytes": 0, "licence": "CC0", "made_from": []}
    with pytest.raises(RecordError, match="/path"):
        BundleFile.from_values(document, where="test")
