"""Programs as pandas text: what stands there, and that pandas gives the gold answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.source import files_of, read_call, source_of
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.writer import csv_bytes

RUN_ALL = """
import json, os, sys, warnings
warnings.simplefilter("error")
answers = []
for folder, source in json.load(sys.stdin):
    os.chdir(folder)
    scope = {}
    exec(source, scope)
    answers.append(scope["answer"])
print(json.dumps(answers))
"""


def test_one_operation_a_line_and_the_answer_last(zoo: Sheet) -> None:
    bugs = call("filter_equal", TABLE, column="kind", value="bug")
    mean = call("mean", call("column", bugs, column="mass"))
    assert source_of(mean, zoo, value=1.5, decimals=2) == (
        "import pandas as pd\n"
        'table = pd.read_csv("table.csv")\n'
        'rows_kind_equal_bug = table[table["kind"] == "bug"]\n'
        'mass_values = rows_kind_equal_bug["mass"]\n'
        "mean_mass = mass_values.mean()\n"
        "answer = round(float(mean_mass), 2)\n"
    )


def test_scipy_is_imported_only_where_a_line_reads_it(zoo: Sheet) -> None:
    mass = call("column", TABLE, column="mass")
    plain = source_of(call("mean", mass), zoo, value=1.5, decimals=2)
    assert "scipy" not in plain
    shape = source_of(call("skewness", mass, definition="sample"), zoo, value=1.5, decimals=2)
    assert shape.startswith("import pandas as pd\nfrom scipy import stats\ntable = ")


def test_a_literal_that_speaks_of_scipy_imports_nothing(zoo: Sheet) -> None:
    for value in ("stats.t", 'say "stats.t"', "it's stats.t \\", "np.mean"):
        rows = call("filter_equal", TABLE, column="kind", value=value)
        text = source_of(call("count", rows), zoo, value=1, decimals=None)
        assert text.startswith("import pandas as pd\ntable = ")


def test_names_are_free_and_never_builtins(zoo: Sheet) -> None:
    share = call("share", call("count", TABLE), call("count", call("complete_rows", TABLE)))
    names = [
        line.split(" = ")[0] for line in source_of(share, zoo, value=1.0, decimals=2).split("\n")
    ]
    assert names[1:-1] == [
        "table",
        "row_count",
        "complete_rows",
        "row_count_2",
        "share_row_count",
        "answer",
    ]


@pytest.mark.parametrize(
    ("cells", "expression", "read"),
    [
        ("1\n2", call("sum", call("column", TABLE, column="x")), 'pd.read_csv("table.csv")'),
        (
            '1\n""',
            call("sum", call("column", TABLE, column="x")),
            'pd.read_csv("table.csv", dtype={"x": "Int64"})',
        ),
        (
            "01\n02",
            call("mode", call("labels", TABLE, column="x")),
            'pd.read_csv("table.csv", dtype={"x": str})',
        ),
        (
            "None\nb",
            call("mode", call("labels", TABLE, column="x")),
            'pd.read_csv("table.csv", keep_default_na=False, na_values=[""])',
        ),
    ],
)
def test_pandas_is_told_types_only_where_it_would_guess_otherwise(
    cells: str, expression: Expression, read: str
) -> None:
    sheet = parse_sheet(f"x\n{cells}\n".encode(), name="t", where="t.csv")
    assert read_call(expression, sheet) == read


def test_pandas_gives_the_gold_answers(tmp_path: Path) -> None:
    jobs: list[tuple[str, str]] = []
    wanted: list[object] = []
    for name in ("penguins", "elements", "grunfeld"):
        sheet = embedded_sheet(embedded_named(name))
        folder = tmp_path / name
        folder.mkdir()
        (folder / "table.csv").write_bytes(csv_bytes(sheet.columns))
        with Bench(sheet) as bench:
            for source in ("template", "procedural"):
                for question in generate(bench, source, count=8, seed=3).questions:
                    assert question.program is not None
                    assert question.program.source is not None
                    jobs.append((str(folder), question.program.source))
                    wanted.append(question.answers[0].value)
    assert len(jobs) == 48
    run = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == wanted


def test_a_solver_is_given_an_empty_cell_where_a_file_has_a_sign_for_no_value() -> None:
    """So that no reader of the table needs to know what "-" means in it."""
    raw = b"symbol;mass;state\nH;1,5;gas\nX;-;-\nY;NA;NA\nZ;?;None\n"
    sheet = parse_sheet(raw, name="elements", where="elements.csv")
    assert files_of(sheet) == {"table.csv": b"symbol,mass,state\nH,1.5,gas\nX,,-\nY,,\nZ,,None\n"}
