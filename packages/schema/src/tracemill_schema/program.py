"""program.v1: a typed program over the columns of one table.

A program is a list of nodes in an order in which each node only reads earlier ones, so there is
no use before definition by construction; ``result`` is the node whose value is the answer.
"""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from tracemill_schema.canonical import Value
from tracemill_schema.record import Name, Record


class Node(Record):
    """One operation."""

    op: Name = Field(description="operator name")
    inputs: tuple[int, ...] = Field(description="indices of earlier nodes, in operand order")
    parameters: dict[str, Value] = Field(description="the operator's literals, for instance n")
    type: Name = Field(description="type of the node's value, for instance number or column")


class Program(Record):
    """A typed program with its canonical form and its source text."""

    contract: ClassVar[str] = "program.v1"

    nodes: tuple[Node, ...] = Field(min_length=1, max_length=64)
    result: int = Field(ge=0, description="index of the node that holds the answer")
    canonical: str = Field(min_length=1, description="the same for two programs that mean the same")
    source: str | None = Field(description="Python text that computes the same with pandas")

    @model_validator(mode="after")
    def _reads_only_earlier_nodes(self) -> Self:
        for index, node in enumerate(self.nodes):
            for source in node.inputs:
                if not 0 <= source < index:
                    raise ValueError(f"node {index} reads node {source}, which is not before it")
        if self.result >= len(self.nodes):
            raise ValueError(f"result is node {self.result} of {len(self.nodes)}")
        return self
