"""Documents made from the schemas go through the records and come back byte for byte.

The documents are made by a small generator over exactly the keywords that the contracts use
(hypothesis-jsonschema 0.23.1 breaks with Hypothesis from 6.170.10; others were not tried). What
JSON Schema cannot say, such as the order of steps, is mended first; then every document must get
through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracemill_gate.contract.engine import Engines
from tracemill_gate.contract.pattern import samples
from tracemill_schema.canonical import canonical_bytes
from tracemill_schema.contract import CONTRACTS, schema_of
from tracemill_schema.record import Identified, Record

Schema = dict[str, Any]
Strategy = st.SearchStrategy[Any]
EXAMPLES = 6
CHARACTERS = 'abzA09 _-/.:~"\\\n\t\u007f\u00e9\u0663\u2028\ufeff\U0001f600'
ALPHABET = st.sampled_from(CHARACTERS)
HASH = "^[0-9a-f]{64}$"
HASHES = st.integers(min_value=0, max_value=2**256 - 1).map(lambda number: f"{number:064x}")
"""Made of one number: 64 characters that are drawn one by one would take most of the time."""
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT = rf"^{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?Z$"
TIMES: dict[str, Strategy] = {
    INSTANT: st.datetimes().map(lambda time: f"{time.isoformat()}Z"),
    f"^{DAY}$": st.dates().map(lambda day: day.isoformat()),
}
"""A pattern takes also what stands in no calendar."""
UNDERSTOOD = frozenset(
    {
        *("$defs", "$id", "$ref", "$schema", "title", "description", "default", "type", "const"),
        *("enum", "anyOf", "properties", "required", "additionalProperties", "items", "minItems"),
        *("maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum"),
    }
)


def texts(schema: Schema) -> Strategy:
    if schema.get("pattern") == HASH:
        return HASHES
    if schema.get("pattern") in TIMES:
        return TIMES[schema["pattern"]]
    if "pattern" in schema:
        return st.sampled_from(samples(schema["pattern"]))
    least = schema.get("minLength", 0)
    return st.text(ALPHABET, min_size=least, max_size=min(schema.get("maxLength", 30), least + 9))


def documents(schema: Any, definitions: dict[str, Strategy]) -> Strategy:
    """Return a strategy of the documents of a schema; ``definitions`` may still be empty."""
    if schema is True:
        return st.none()
    assert schema.keys() <= UNDERSTOOD, schema.keys() - UNDERSTOOD
    for keyword, made in (("$ref", referred), ("anyOf", any_of), ("const", same), ("enum", one_of)):
        if keyword in schema:
            return made(schema[keyword], definitions)
    return BY_TYPE[schema["type"]](schema, definitions)


def referred(reference: str, definitions: dict[str, Strategy]) -> Strategy:
    return st.deferred(lambda: definitions[reference])


def any_of(schemas: list[Any], definitions: dict[str, Strategy]) -> Strategy:
    return st.one_of([documents(item, definitions) for item in schemas])


def same(value: Any, _: object) -> Strategy:
    return st.just(value)


def one_of(values: list[Any], _: object) -> Strategy:
    return st.sampled_from(values)


def arrays(schema: Schema, definitions: dict[str, Strategy]) -> Strategy:
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", 4), least + 3)
    return st.lists(documents(schema["items"], definitions), min_size=least, max_size=most)


def objects(schema: Schema, definitions: dict[str, Strategy]) -> Strategy:
    """Records are written with every field, so every field is made; or keys of one kind."""
    if "properties" in schema:
        named = schema["properties"].items()
        return st.fixed_dictionaries({key: documents(item, definitions) for key, item in named})
    values = documents(schema["additionalProperties"], definitions)
    return st.dictionaries(st.text(ALPHABET, max_size=8), values, max_size=3)


def integers(schema: Schema) -> Strategy:
    return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))


def floats(schema: Schema) -> Strategy:
    return st.floats(
        min_value=float(schema.get("minimum", schema.get("exclusiveMinimum", -1e300))),
        max_value=float(schema.get("maximum", schema.get("exclusiveMaximum", 1e300))),
        exclude_min="exclusiveMinimum" in schema,
        exclude_max="exclusiveMaximum" in schema,
    )


BY_TYPE: dict[str, Callable[[Schema, dict[str, Strategy]], Strategy]] = {
    "null": lambda *_: st.none(),
    "boolean": lambda *_: st.booleans(),
    "integer": lambda schema, _: integers(schema),
    "number": lambda schema, _: floats(schema),
    "string": lambda schema, _: texts(schema),
    "array": arrays,
    "object": objects,
}


def strategy_of(kind: type[Record]) -> Strategy:
    """Return a strategy of the documents of a contract."""
    schema = dict(schema_of(kind))
    definitions: dict[str, Strategy] = {}
    for name, item in schema.get("$defs", {}).items():
        definitions[f"#/$defs/{name}"] = documents(item, definitions)
    return documents({key: value for key, value in schema.items() if key != "$defs"}, definitions)


def mend_trace(document: Any) -> None:
    for holder, key in (
        *((document, key) for key in ("prompt", "final_answer")),
        *((step, "content") for step in document["steps"]),
    ):
        holder[key] = holder[key] if holder[key].strip() else "not blank"
    for position, step in enumerate(document["steps"]):
        step["i"] = position


def mend_program(document: Any) -> None:
    for index, node in enumerate(document["nodes"]):
        node["inputs"] = [source % index for source in node["inputs"]] if index else []
    document["result"] %= len(document["nodes"])


def mend_question(document: Any) -> None:
    if document["program"] is not None:
        mend_program(document["program"])


def mend_example(document: Any) -> None:
    length = len(document["text"])
    document["span"] = {"start": document["span"]["start"] % length, "end": length}


def mend_spec(document: Any) -> None:
    document["number"] = 1
    for relation in ("depends_on", "blocked_by", "parallelizable_with"):
        document[relation] = [abs(number) + 2 for number in document[relation]]
    taken = {*document["depends_on"], *document["blocked_by"]}
    document["parallelizable_with"] = [n for n in document["parallelizable_with"] if n not in taken]
    touched = {file["path"] for file in document["files_to_touch"]}
    document["invalidation_watch"] = [p for p in document["invalidation_watch"] if p not in touched]
    shape = document["diff_shape"]
    shape["lines_max"] = max(shape.values())
    if document["approval"] is not None:
        document["approval"].update(on="2026-01-02", expires_on="2026-02-03")
    complete = document["files_to_touch"] and document["fail_first_tests"]
    document["kind"] = "change" if complete else "planning"
    if not complete:
        document.update(files_to_touch=[], fail_first_tests=[], touch_points=[])


MENDED: dict[str, Callable[[Any], None]] = {
    "trace.v1": mend_trace,
    "program.v1": mend_program,
    "question.v1": mend_question,
    "example.v1": mend_example,
    "spec.v1": mend_spec,
}
"""What a record asks for beyond its schema."""


@pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.contract)
def test_bytes_go_through_the_record_and_come_back(kind: type[Record]) -> None:
    engines, made = Engines(dict(schema_of(kind))), [0]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(document=strategy_of(kind))
    def there_and_back(document: Any) -> None:
        MENDED.get(kind.contract, lambda _: None)(document)
        assert engines.verdict(document) == "taken"
        data = canonical_bytes(document)
        record = kind.from_bytes(data, where="made")
        made[0] += 1
        assert record.to_bytes() == data
        again = kind.from_bytes(record.to_bytes(), where="again")
        assert again == record
        if isinstance(record, Identified) and isinstance(again, Identified):
            named = record.replace(id=record.computed_id())
            assert isinstance(named, Identified)
            named.verify_id(where="named")
            reread = kind.from_bytes(named.to_bytes(), where="reread")
            assert isinstance(reread, Identified)
            reread.verify_id(where="reread")
            assert again.computed_id() == record.computed_id() == reread.id

    there_and_back()
    assert made[0] >= EXAMPLES // 2
