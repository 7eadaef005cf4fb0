from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.training import Training


def test_a_finished_training_has_no_nulls_and_no_gaps() -> None:
    document = dict.fromkeys(Training.model_fields)
    with pytest.raises(RecordError) as caught:
        Training.from_values(document, where="run_manifest.json")
    assert {fault.pointer[1:] for fault in caught.value.faults} == set(Training.model_fields)
