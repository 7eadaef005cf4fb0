"""The command groups of data generation; each lives with its own module."""

from __future__ import annotations

from tracemill_datagen.command.dataset import dataset
from tracemill_datagen.command.episode import episode
from tracemill_datagen.command.program import program
from tracemill_datagen.command.question import question
from tracemill_datagen.command.table import table
from tracemill_datagen.command.task import task
from tracemill_datagen.command.trace import trace

__all__ = ["dataset", "episode", "program", "question", "table", "task", "trace"]
