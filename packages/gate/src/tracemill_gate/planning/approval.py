"""What an approval must hold, as far as the spec itself can tell.

Whether its base commit lies in the history, and whether a watched file changed since, is judged
together with the change (``tracemill spec check``).
"""

from __future__ import annotations

from datetime import date

from tracemill_schema.spec import Spec


def command_for(number: int) -> str:
    """Return the command that approves a spec, with what it must be told."""
    return f"tracemill spec approve {number} --by WHO --signal WORDS --expires-on YYYY-MM-DD"


def void(spec: Spec) -> str:
    """Say why the approval is not for this text; empty if it is, or if there is none."""
    if spec.approval is None or spec.approval.spec_hash == spec.content_hash:
        return ""
    return (
        f"the approval is void: a field was changed after it "
        f"(wanted spec_hash {spec.content_hash}, got {spec.approval.spec_hash}); "
        "have it approved again"
    )


def out_of_date(spec: Spec, day: date) -> str:
    """Say why the approval does not hold on a day; empty if it does, or if there is none."""
    if spec.approval is None:
        return ""
    if day > date.fromisoformat(spec.approval.expires_on):
        return f"the approval expired on {spec.approval.expires_on}; have it approved again"
    if day < date.fromisoformat(spec.approval.on):
        return f"the approval is of a later day than {day}: {spec.approval.on}"
    return ""
