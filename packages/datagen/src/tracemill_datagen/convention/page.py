"""The catalogue of conventions as a table for people; the documentation puts it into its page."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_datagen.convention.catalogue import CONVENTIONS


def catalogue_lines() -> Iterator[str]:
    """Yield the catalogue as Markdown: a section for each convention, a row for each option."""
    for convention in CONVENTIONS:
        yield f"### {convention.axis}"
        yield ""
        yield f"{convention.about} Concerns: {convention.concerns}."
        if convention.guard:
            yield f"Where it would matter the question is rejected (`{convention.guard}`)."
        elif convention.axis_of is None:
            yield "The families that vary it give one reading for each."
        yield ""
        yield "| option | stated as |"
        yield "| --- | --- |"
        for option in convention.options:
            yield f"| {option.name} | {option.statement or 'never: rejected'} |"
        yield ""
