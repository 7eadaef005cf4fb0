from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.spec import Approval


@pytest.mark.parametrize(
    ("field", "value"), [("on", "today"), ("spec_hash", "abc"), ("base_commit", "HEAD"), ("by", "")]
)
def test_an_approval_is_exact(field: str, value: str) -> None:
    good = Approval(
        by="owner",
        signal="issue 2",
        on="2026-01-01",
        expires_on="2026-02-01",
        spec_hash="0" * 64,
        base_commit="0" * 40,
    )
    with pytest.raises(RecordError, match=f"/{field}"):
        Approval.from_values(good.to_values() | {field: value}, where="test")
