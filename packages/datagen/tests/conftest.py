"""What the tests of episodes and traces share: one sandbox pool, a small table, its questions.

The questions are written by hand as records, so that these tests do not depend on any generator.

The shared real tables lie beside the repository. Where they are absent the tests that need them are
left out, and the head of the report says so; in CI their absence is an error.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tracemill_datagen.episode.run import solve
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.solver.reference import reference_solver
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.episode import Episode
from tracemill_schema.jsonl import write_record, write_records
from tracemill_schema.program import Node, Program
from tracemill_schema.question import AdmissibleAnswer, Question
from tracemill_schema.table import Column, Table

SHARED = Path(__file__).parents[4] / "shared" / "tables"
NEEDED = "shared-tables"

TABLE = b"""\
kind,mass,height
red,10.5,3
red,20.25,4
blue,40.0,5
blue,41.5,6
blue,45.25,9
green,7.0,2
"""

READ = 'import pandas as pd\ntable = pd.read_csv("table.csv")\n'
PROGRAMS: Mapping[str, tuple[str, AnswerSpec, Value]] = {
    "mean_where": (
        READ + "rows_red = table[table['kind'] == 'red']\nmass_values = rows_red['mass']\n"
        "mean_mass = mass_values.mean()\nanswer = round(float(mean_mass), 1)\n",
        AnswerSpec(kind="number", decimals=1, unit="g"),
        15.4,
    ),
    "highest_group": (
        READ + "mean_per_kind = table.groupby('kind')['mass'].mean()\n"
        "top_kind = mean_per_kind.idxmax()\nanswer = str(top_kind)\n",
        AnswerSpec(kind="string"),
        "blue",
    ),
    "share": (
        READ + "rows_blue = table[table['kind'] == 'blue']\npart = len(rows_blue)\n"
        "whole = len(table)\nshare = 100 * part / whole\nanswer = round(float(share), 2)\n",
        AnswerSpec(kind="number", decimals=2, unit="%"),
        50.0,
    ),
    "none_of_them": (
        READ + "rows_tall = table[table['height'] > 99]\nrow_count = len(rows_tall)\n"
        "answer = int(row_count)\n",
        AnswerSpec(kind="integer"),
        0,
    ),
    "top_kinds": (
        READ + "rows_per_kind = table.groupby('kind').size()\n"
        "top = rows_per_kind.nlargest(2).index.tolist()\nanswer = top\n",
        AnswerSpec(kind="list", item=AnswerSpec(kind="string")),
        ["blue", "red"],
    ),
    "wrong_gold": (
        READ + "row_count = len(table)\nanswer = int(row_count)\n",
        AnswerSpec(kind="integer"),
        7,
    ),
    "raises": (
        READ + "row_count = len(table)\nanswer = row_count / 0\n",
        AnswerSpec(kind="integer"),
        1,
    ),
    "silent": (
        READ + "row_count = len(table)\nprint(row_count)\n",
        AnswerSpec(kind="integer"),
        6,
    ),
    "hidden_line": (
        READ + "row_count = len(table); answer = row_count\n",
        AnswerSpec(kind="integer"),
        6,
    ),
}
"""Family -> source, answer spec, gold. The last four must be rejected, each for its own reason."""

MakeQuestion = Callable[..., Question]


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The penguins: 344 rows with empty cells in five columns."""
    with Bench(embedded_sheet(embedded_named("penguins"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def make_question() -> MakeQuestion:
    """Return a maker of questions about ``TABLE``."""

    def make(
        family: str,
        source: str | None,
        spec: AnswerSpec,
        *golds: Value,
        prompt: str | None = None,
        table: bytes = TABLE,
    ) -> Question:
        node = Node(op="table", inputs=(), parameters={}, type="rows")
        answers = tuple(
            AdmissibleAnswer(value=gold, interpretation=f"reading {index}")
            for index, gold in enumerate(golds)
        )
        return Question.make(
            source="template",
            family=family,
            table_id=hashlib.sha256(table).hexdigest(),
            prompt=prompt or f"What does {family} give?",
            mechanical=family,
            parameters={},
            program=Program(nodes=(node,), result=0, canonical=family, source=source),
            answer_spec=spec,
            answers=answers,
            difficulty=1.0,
            n_steps=3,
            seed=0,
            split_group=family,
        )

    return make


@pytest.fixture(scope="session")
def table() -> Table:
    """Return the profile of ``TABLE``."""
    columns = (
        Column(name="kind", kind="category", nulls=0, distinct=3, unit=None),
        Column(name="mass", kind="number", nulls=0, distinct=6, unit="g"),
        Column(name="height", kind="integer", nulls=0, distinct=6, unit=None),
    )
    return Table(
        id=hashlib.sha256(TABLE).hexdigest(),
        name="flowers",
        source="written for the tests",
        licence="CC0-1.0",
        rows=6,
        columns=columns,
    )


@pytest.fixture(scope="session")
def questions(make_question: MakeQuestion) -> dict[str, Question]:
    """Return the questions of ``PROGRAMS`` by family."""
    return {name: make_question(name, *parts) for name, parts in PROGRAMS.items()}


@pytest.fixture(scope="session")
def table_bytes() -> bytes:
    """Return the table as the CSV file holds it."""
    return TABLE


@pytest.fixture(scope="session")
def pool() -> Iterator[SyncSandboxPool]:
    """Start one real sandbox pool for all tests."""
    with SyncSandboxPool(workers=1) as started:
        yield started


@pytest.fixture(scope="session")
def episodes(
    pool: SyncSandboxPool, questions: dict[str, Question], table_bytes: bytes
) -> dict[str, Episode]:
    """Return a really executed episode of each question, by family."""
    solved = solve(pool, questions.values(), table=table_bytes, solver=reference_solver(seed=0))
    return dict(zip(questions, solved, strict=True))


@pytest.fixture(scope="session")
def accepted(episodes: dict[str, Episode]) -> dict[str, Episode]:
    """Return the episodes that solved their question."""
    return {name: item for name, item in episodes.items() if item.failure == "none"}


@pytest.fixture
def workspace(tmp_path: Path, questions: dict[str, Question], table: Table) -> Path:
    """Return a folder with the table and its questions, as the earlier stages leave it."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/flowers.csv").write_bytes(TABLE)
    write_record(tmp_path / "tables/flowers.table.json", table)
    write_records(tmp_path / "questions/template/flowers.jsonl", questions.values())
    return tmp_path


@pytest.fixture(scope="session")
def share_spec() -> AnswerSpec:
    """Return the answer spec of the question ``share``."""
    return PROGRAMS["share"][1]


def is_lost() -> bool:
    return "CI" not in os.environ and not SHARED.is_dir()


def pytest_report_header() -> str:
    return f"datagen: left out is what needs: {NEEDED if is_lost() else 'nothing'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not is_lost():
        return
    lost = [item for item in items if any(NEEDED in m.args for m in item.iter_markers("needs"))]
    items[:] = [item for item in items if item not in lost]
    config.hook.pytest_deselected(items=lost)


@pytest.fixture(scope="session")
def shared_tables() -> Path:
    """The folder of the shared real tables."""
    return SHARED
