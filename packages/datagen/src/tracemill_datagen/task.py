"""Items of a reasoning family: each a question and the trace that answers it, checked.

Item ``i`` depends on (seed, family, stream, i) only. ``generate`` walks i = 0, 1, 2, ... and
passes over what it has already given, so that the items of one call are distinct.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from tracemill_datagen.check import check_trace
from tracemill_datagen.errors import BadRequest, DatagenError
from tracemill_datagen.family.catalogue import AnyFamily
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Solution, WorkedStep, difficulty
from tracemill_datagen.sealed import Sealed, seal
from tracemill_datagen.source import GENERATOR
from tracemill_schema.answer import show
from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.claim import StepRef
from tracemill_schema.question import Question
from tracemill_schema.trace import TRACE_VERSION, Trace

POOL = "pool"
"""Stream of the items that a dataset builder splits later, by content."""
LICENCE = "CC0-1.0"
"""Made from nothing but random numbers, so free of any right."""


class FaultyFamily(DatagenError):
    """A family made an item that its own checker refuses: a defect of the family."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One item: a question and its trace, each with its canonical line."""

    question: Sealed[Question]
    trace: Sealed[Trace]


def generate(family: AnyFamily, *, seed: int, count: int, stream: str = POOL) -> Iterator[Task]:
    """Yield ``count`` distinct, checked items of a family.

    Raises:
        BadRequest: at once, if the family does not have that many questions.
        FaultyFamily: if an item does not pass the family's own check.
    """
    if count > family.space:
        raise BadRequest(
            f"{family.name} has {family.space} distinct questions, {count} were asked for; "
            "ask for fewer or take another family"
        )
    return _distinct(family, seed=seed, count=count, stream=stream)


def item(family: AnyFamily, *, seed: int, stream: str, index: int) -> Task:
    """Return item ``index``, the same whatever was made before.

    Raises:
        FaultyFamily: if it does not pass the family's own check.
    """
    draws = Draws(seed=seed, family=family.name, stream=stream, index=index)
    parameters = family.draw(draws)
    return _made(family, parameters, draws, seed)


def _distinct(family: AnyFamily, *, seed: int, count: int, stream: str) -> Iterator[Task]:
    seen: set[bytes] = set()
    index = 0
    while len(seen) < count:
        draws = Draws(seed=seed, family=family.name, stream=stream, index=index)
        parameters = family.draw(draws)
        index += 1
        key = hashlib.sha256(family.mechanical(parameters).encode()).digest()[:16]
        if key not in seen:
            seen.add(key)
            yield _made(family, parameters, draws, seed)


def _made(family: AnyFamily, parameters: object, draws: Draws, seed: int) -> Task:
    solution = family.solve(parameters)
    prompt = draws.choice(family.wordings(parameters))
    question = seal(Question, _question(family, parameters, solution, prompt, seed))
    trace = seal(Trace, _trace(family, question.record, solution))
    fault = check_trace(question.record, trace.record)
    if fault is not None:
        raise FaultyFamily(
            f"{family.name} made a wrong step {fault.step} for {prompt!r}: {fault.reason}; "
            "mend the family, its data must not be used"
        )
    return Task(question=question, trace=trace)


def _question(
    family: AnyFamily, parameters: object, solution: Solution, prompt: str, seed: int
) -> JsonObject:
    group = hashlib.sha256(family.group(parameters).encode()).hexdigest()[:16]
    return {
        "source": "procedural",
        "family": family.name,
        "table_id": None,
        "prompt": prompt,
        "mechanical": family.mechanical(parameters),
        "parameters": orjson.loads(orjson.dumps(vars(parameters))),
        "program": None,
        "answer_spec": family.spec.to_values(),
        "answers": [{"value": solution.answer, "interpretation": "only"}],
        "difficulty": difficulty(solution.steps),
        "n_steps": len(solution.steps),
        "seed": seed,
        "split_group": f"{family.name}/{group}",
    }


def _trace(family: AnyFamily, question: Question, solution: Solution) -> JsonObject:
    return {
        "trace_version": TRACE_VERSION,
        "prompt": question.prompt,
        "steps": [_step(i, step) for i, step in enumerate(solution.steps)],
        "final_answer": show(solution.answer),
        "answer_spec": family.spec.to_values(),
        "provenance": {
            "question_id": question.id,
            "episode_id": None,
            "family": family.name,
            "generator": GENERATOR,
            "seed": question.seed,
            "licence": LICENCE,
        },
    }


def _step(i: int, step: WorkedStep) -> JsonObject:
    args: list[Value] = [
        {"step": arg.step} if isinstance(arg, StepRef) else arg for arg in step.args
    ]
    claim: JsonObject = {"op": step.op, "args": args, "result": step.result}
    return {"i": i, "type": step.kind, "content": step.text, "claim": claim}
