"""The tags of training text must not stand in what a trace says.

``</answer>`` in a cell of a table would become a control token: the example would end there.
"""

from __future__ import annotations

from tracemill_schema.completion import TAGS
from tracemill_schema.trace import Trace

TAG_IN_TEXT = "tag_in_text"
"""Name under which such traces are refused."""


def tag_place(trace: Trace) -> str | None:
    """Return the pointer of the first text of a trace that holds a tag, or None."""
    texts = (
        ("/prompt", trace.prompt),
        *((f"/steps/{step.i}/content", step.content) for step in trace.steps),
        ("/final_answer", trace.final_answer),
    )
    for pointer, text in texts:
        if any(tag in text for tag in TAGS):
            return pointer
    return None
