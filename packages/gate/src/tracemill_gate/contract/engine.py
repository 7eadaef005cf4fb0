"""Both engines on one schema: a document is taken or refused only where they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from tracemill_gate.contract.form import is_endless
from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.pointer import pointer_to

Verdict = Literal["taken", "refused", "disputed"]


class Engines:
    """``jsonschema`` and ``jsonschema-rs`` on one schema of draft 2020-12; neither loads a file."""

    def __init__(self, schema: JsonObject) -> None:
        """Build the quick engine; the other one is built when it is first asked.

        Raises:
            ValueError: this is not a JSON Schema, or it refers to another document.
        """
        self.schema = schema
        self._rust = jsonschema_rs.Draft202012Validator(schema, offline=True)

    @cached_property
    def _python(self) -> Draft202012Validator:
        return Draft202012Validator(self.schema, registry=Registry())

    @cached_property
    def _is_endless(self) -> bool:
        return is_endless(self.schema)

    def perhaps(self, document: Value) -> bool:
        """Tell whether the quick engine takes a document."""
        return bool(self._rust.is_valid(document))

    def verdict(self, document: Value) -> Verdict:
        """Return what both engines say; ``disputed`` if they disagree or one cannot tell."""
        if self._is_endless:
            return "disputed"
        taken = self.perhaps(document)
        try:
            same = self._python.is_valid(document) == taken
        except (Unresolvable, RecursionError, re.error):
            return "disputed"
        return ("taken" if taken else "refused") if same else "disputed"

    def python_errors(self, document: Value) -> Iterator[ValidationError]:
        """Yield the errors of ``jsonschema`` as it gives them."""
        return self._python.iter_errors(document)

    def rust_errors(self, document: Value) -> Iterator[jsonschema_rs.ValidationError]:
        """Yield the errors of ``jsonschema-rs`` as it gives them."""
        return self._rust.iter_errors(document)

    def refusal(self, document: Value) -> str:
        """Return where a refused document is at fault first: ``KEYWORD at POINTER``."""
        for error in self.rust_errors(document):
            return f"{error.schema_path[-1]} at {pointer_to(error.instance_path) or '(document)'}"
        return "nothing"
