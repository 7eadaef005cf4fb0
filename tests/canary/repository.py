"""Canaries in this repository: style, types, layers, contracts, documents, tests, hygiene."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from canary.canary import Canary
from canary.part import COMMANDS, narrowed
from canary.plant import append, each, remove, replace, write
from canary.scene import variables

SCHEMA = "packages/schema/src/tracemill_schema"
COMPLETION = f"{SCHEMA}/completion.py"
FILE = "contracts/completion.v1.schema.json"
EXAMPLES = "contracts/examples/completion.v1"
LEAF = "packages/tracemill/src/tracemill/cli.py"
"""A module that few others import, so that mypy is done soon."""
DOCS = narrowed("unit-repository", "tests/test_docs.py")
DEPENDENCIES = narrowed("unit-repository", "tests/test_dependencies.py")
UNIT = ("{isolated}", "-m", *narrowed("unit-schema", "packages/schema/tests/test_errors.py"))


def breaking(root: Path) -> None:
    """Give a record other values and write its schema: no drift, but its readers break."""
    replace(COMPLETION, 'Literal["stop", "length"]', 'Literal["stop", "limit"]')(root)
    words = (sys.executable, "-m", "tracemill", "gate", "contracts", "write")
    subprocess.run(words, cwd=root, env=variables(root), check=True, stdout=subprocess.PIPE)


def few_examples(root: Path) -> None:
    """Leave one contract without a valid example."""
    shutil.rmtree(root / EXAMPLES / "valid")


def wrong_place(root: Path) -> None:
    """Let an invalid example say that another place is reported."""
    path = root / EXAMPLES / "invalid" / "negative-sample.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "pointer": "/tokens"}))


STYLE = (
    Canary(
        part="lint",
        rule="ruff check",
        plant=append(f"{SCHEMA}/errors.py", "\n\ndef undocumented(a):\n    return a\n"),
        command=COMMANDS["lint"],
        says=("ANN001", "D103"),
    ),
    Canary(
        part="lint",
        rule="ruff format",
        plant=append(f"{SCHEMA}/errors.py", "\nSINGLE = {'a':1}\n"),
        command=COMMANDS["lint"],
        says=("1 file would be reformatted", "errors.py"),
    ),
    Canary(
        part="types",
        rule="mypy --strict",
        plant=append(LEAF, '\nNUMBER: int = "no number"\n'),
        command=COMMANDS["types"],
        says=("Incompatible types in assignment",),
    ),
    Canary(
        part="types",
        rule="mypy --strict",
        case="no types",
        plant=append(LEAF, "\n\ndef untyped(a):\n    return a\n"),
        command=COMMANDS["types"],
        says=("missing a type annotation",),
    ),
)

BORDERS = (
    (
        "tracemill composes; datagen, worker, trainer, bundle and gate never import each other",
        "packages/datagen/src/tracemill_datagen/errors.py",
        "import tracemill_worker.errors",
    ),
    (
        "only datagen uses the sandbox",
        "packages/worker/src/tracemill_worker/errors.py",
        "import tracemill_sandbox.errors",
    ),
    (
        "fence: tables and statistics stay in datagen",
        "packages/worker/src/tracemill_worker/errors.py",
        "import pandas",
    ),
    (
        "fence: the database stays in worker",
        "packages/trainer/src/tracemill_trainer/errors.py",
        "import psycopg",
    ),
    (
        "fence: array programs stay in trainer",
        "packages/datagen/src/tracemill_datagen/errors.py",
        "import jax",
    ),
    (
        "fence: keys stay in bundle",
        "packages/worker/src/tracemill_worker/errors.py",
        "import cryptography",
    ),
    (
        "no circles inside a package",
        f"{SCHEMA}/canonical.py",
        "import tracemill_schema.record",
    ),
)
"""Contract of import-linter, a module, and the import by which it breaks the contract."""

LAYER_CANARIES = tuple(
    Canary(
        part="layers",
        rule=name,
        plant=append(path, f"\n{line}\n"),
        command=COMMANDS["layers"],
        says=(f"{name} BROKEN",),
    )
    for name, path, line in BORDERS
)

CONTRACT_CANARIES = (
    Canary(
        part="contracts",
        rule="drift",
        plant=replace(FILE, '"minLength": 1', '"minLength": 2'),
        command=COMMANDS["contracts"],
        says=("completion.v1.schema.json: does not mean what the record says, first at /",),
    ),
    Canary(
        part="contracts",
        rule="breaking evolution",
        plant=breaking,
        command=COMMANDS["contracts"],
        says=(
            "completion.v1.schema.json: breaking change without a new version",
            "only the old one takes",
        ),
    ),
    Canary(
        part="contracts",
        rule="breaking evolution",
        case="a contract is gone",
        plant=each(remove(FILE), replace(f"{SCHEMA}/contract.py", "    Completion,\n", "")),
        command=COMMANDS["contracts"],
        says=("completion.v1 was removed and no higher version is there",),
    ),
    Canary(
        part="contracts",
        rule="example count",
        plant=few_examples,
        command=COMMANDS["contracts"],
        says=("wanted at least 5 examples, got none",),
    ),
    Canary(
        part="contracts",
        rule="example verdict",
        plant=wrong_place,
        command=COMMANDS["contracts"],
        says=("negative-sample.json: wanted the engines to report minimum at /tokens, got",),
    ),
    Canary(
        part="contracts",
        rule="example verdict",
        case="an example that is valid no more",
        plant=write(f"{EXAMPLES}/valid/planted.json", "{}\n"),
        command=COMMANDS["contracts"],
        says=("planted.json",),
    ),
)

HYGIENE_CANARIES = (
    Canary(
        part="hygiene",
        rule="markers",
        case="in a docstring",
        plant=append(f"{SCHEMA}/errors.py", "\n\ndef f() -> None:\n    'FIXME: planted'\n"),
        command=COMMANDS["hygiene"],
        says=("errors.py:", "wanted no FIXME, got one that is not listed"),
    ),
    Canary(
        part="hygiene",
        rule="markers",
        plant=append(f"{SCHEMA}/errors.py", "# FIXME: planted\n"),
        command=COMMANDS["hygiene"],
        says=("errors.py:", "wanted no FIXME, got one that is not listed"),
    ),
    Canary(
        part="hygiene",
        rule="markers",
        case="the list outlived the marker",
        plant=replace(
            "current.md",
            "\n## Beliefs\n",
            f"\n### Markers\n\n- {SCHEMA}/errors.py: TO"
            "DO: planted (issue 3, 2026-11-22)\n"
            "\n## Beliefs\n",
        ),
        command=COMMANDS["hygiene"],
        says=("where none is left; remove the line",),
    ),
    Canary(
        part="hygiene",
        rule="max_module_lines",
        plant=append(f"{SCHEMA}/errors.py", "\nA = 1\n" * 300),
        command=COMMANDS["hygiene"],
        says=("errors.py: wanted at most 500 lines, got",),
    ),
    Canary(
        part="hygiene",
        rule="max_function_lines",
        plant=append(f"{SCHEMA}/errors.py", "\n\ndef f() -> None:\n" + "    a = 1\n" * 90),
        command=COMMANDS["hygiene"],
        says=("f: wanted at most 80 lines, got 91; split it",),
    ),
    Canary(
        part="hygiene",
        rule="max_nesting",
        plant=append(
            f"{SCHEMA}/errors.py",
            "\n\ndef f() -> None:\n"
            + "".join(f"{'    ' * i}if A:\n" for i in range(1, 8))
            + "    " * 8
            + "pass\n",
        ),
        command=COMMANDS["hygiene"],
        says=("f: wanted at most 6 blocks in each other, got 7; split it",),
    ),
)

DOCUMENT_CANARIES = (
    Canary(
        part="docs",
        rule="mkdocs build --strict",
        plant=append("docs/index.md", "\n[gone](no-such-page.md)\n"),
        command=COMMANDS["docs"],
        says=("no-such-page.md",),
    ),
    Canary(
        part="unit-repository",
        rule="test_every_command_in_a_page_exists_with_its_options",
        plant=append("CONTRIBUTING.md", "\n```console\ntracemill conjure\n```\n"),
        command=DOCS,
        says=("tracemill conjure does not exist",),
    ),
    Canary(
        part="unit-repository",
        rule="test_the_readme_begins_with_at_most_fifty_words_and_the_two_commands",
        plant=replace("README.md", "# tracemill\n", "# tracemill\n" + "word " * 50),
        command=DOCS,
        says=("test_the_readme_begins_with_at_most_fifty_words_and_the_two_commands",),
    ),
    Canary(
        part="unit-repository",
        rule="test_a_packages_readme_is_short_and_names_a_file_that_exists",
        plant=append("packages/gate/README.md", "\nmore\n" * 20),
        command=DOCS,
        says=("test_a_packages_readme_is_short_and_names_a_file_that_exists",),
    ),
    Canary(
        part="unit-repository",
        rule="test_every_module_has_its_mirror_test",
        plant=write(f"{SCHEMA}/unmirrored.py", '"""Planted."""\n'),
        command=DOCS,
        says=("tracemill_schema/unmirrored.py",),
    ),
    Canary(
        part="unit-repository",
        rule="test_a_package_declares_what_it_imports",
        plant=append(f"{SCHEMA}/errors.py", "\nimport numpy\n"),
        command=DEPENDENCIES,
        says=("test_a_package_declares_what_it_imports[schema]", "numpy"),
    ),
    Canary(
        part="unit-repository",
        rule="test_what_a_package_declares_is_locked",
        plant=replace("packages/schema/pyproject.toml", '"orjson>=', '"unlocked>=1", "orjson>='),
        command=DEPENDENCIES,
        says=("test_what_a_package_declares_is_locked[schema]", "unlocked"),
    ),
)

UNIT_CANARIES = (
    Canary(
        part="unit-schema",
        rule="a test that fails",
        plant=append("packages/schema/tests/test_errors.py", "\n\ndef test_no() -> None:\n"
                     "    assert 1 == 2\n"),
        command=UNIT,
        says=("assert 1 == 2", "1 failed"),
    ),
    Canary(
        part="unit-schema",
        rule="a dependency that is not declared",
        plant=append(f"{SCHEMA}/errors.py", "\nimport numpy\n"),
        command=UNIT,
        says=("No module named 'numpy'",),
    ),
    Canary(
        part="unit-schema",
        rule="a warning",
        plant=append("packages/schema/tests/test_errors.py", "\n\ndef test_no() -> None:\n"
                     "    __import__('warnings').warn('planted', stacklevel=1)\n"),
        command=UNIT,
        says=("UserWarning: planted",),
    ),
)  # fmt: skip

CANARIES = (
    *STYLE,
    *LAYER_CANARIES,
    *CONTRACT_CANARIES,
    *HYGIENE_CANARIES,
    *DOCUMENT_CANARIES,
    *UNIT_CANARIES,
)
