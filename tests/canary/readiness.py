"""Canaries in a dataset: every class of fault that must stop a long training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson

from canary.canary import Canary, Plant
from canary.plant import append, remove, replace, write
from tracemill_schema.canonical import content_id, file_digest
from tracemill_schema.dataset import DataFile, Dataset
from tracemill_schema.jsonl import read_record, write_record

DATASET = "datasets/demo-v1"
READINESS = (
    *("env", "sh", "-c", 'PYTHONPATH="more:$PYTHONPATH" exec "$0" "$@"'),  # see idle below
    *("tracemill", "gate", "readiness", DATASET, "--episodes", "episodes"),
)
Line = dict[str, object]


def lines_of(path: Path) -> list[Line]:
    """Return the records of a JSONL file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def write_lines(path: Path, lines: list[Line]) -> None:
    """Write records as canonical lines."""
    path.write_bytes(b"".join(orjson.dumps(x, option=orjson.OPT_SORT_KEYS) + b"\n" for x in lines))


def identified(values: Line) -> Line:
    """Return a record with the id of its content."""
    content = {key: value for key, value in values.items() if key != "id"}
    return {**content, "id": content_id(content)}


def signed(change: Callable[[Path], None]) -> Plant:
    """Return a plant after which manifest and files agree: only the lines betray it."""

    def plant(root: Path) -> None:
        folder = root / DATASET
        change(folder)
        manifest = read_record(folder / "manifest.json", Dataset)
        files = tuple(
            DataFile(
                path=file.path,
                sha256=file_digest(folder / file.path),
                rows=len(lines_of(folder / file.path)),
                bytes=(folder / file.path).stat().st_size,
            )
            for file in manifest.files
        )
        fields = {name: getattr(manifest, name) for name in Dataset.model_fields if name != "id"}
        write_record(folder / "manifest.json", Dataset.make(**{**fields, "files": files}))

    return plant


def changed(change: Callable[[Line], object]) -> Plant:
    """Return a plant that changes the first training trace and gives it the id that fits."""

    def plant(folder: Path) -> None:
        path = folder / "traces/train.jsonl"
        first, *rest = lines_of(path)
        change(first)
        write_lines(path, [identified(first), *rest])

    return signed(plant)


def steps_of(trace: Line) -> list[Line]:
    """Return the steps of a trace."""
    steps = trace["steps"]
    assert isinstance(steps, list)
    return steps


def wrong_claim(trace: Line) -> None:
    """Claim another result."""
    claim = steps_of(trace)[0]["claim"]
    assert isinstance(claim, dict)
    claim["result"] += 1


def twice(folder: Path) -> None:
    """Put a trace in a second time."""
    path = folder / "traces/train.jsonl"
    write_lines(path, [*lines_of(path), lines_of(path)[0]])


def in_two_splits(folder: Path) -> None:
    """Put a question of the training into the test."""
    for kind in ("traces", "questions", "examples/trace", "examples/answer"):
        path = folder / kind / "test.jsonl"
        write_lines(path, [*lines_of(path), lines_of(folder / kind / "train.jsonl")[0]])


def exchanged(folder: Path) -> None:
    """Exchange two examples, so that they stand beside other traces."""
    path = folder / "examples/trace/train.jsonl"
    one, two, *rest = lines_of(path)
    write_lines(path, [two, one, *rest])


IDLE = """\
from tracemill_schema.readiness import Examined


def check(dataset, episodes, tick):
    return Examined(checked=0, faults=())
"""


def idle(root: Path) -> None:
    """Install a check that looks at nothing."""
    (root / "more/idle-1.0.dist-info").mkdir(parents=True)
    points = "[tracemill.readiness_checks]\nidle = idle:check\n"
    (root / "more/idle-1.0.dist-info/entry_points.txt").write_text(points)
    (root / "more/idle-1.0.dist-info/METADATA").write_text("Name: idle\nVersion: 1.0\n")
    (root / "more/idle.py").write_text(IDLE)


def of(rule: str, plant: Plant, *says: str, case: str = "") -> Canary:
    """Return a canary in the dataset."""
    return Canary(
        part="readiness",
        rule=rule,
        case=case,
        plant=plant,
        command=READINESS,
        says=says or (f"  {rule} ",),
        scene="dataset",
    )


CANARIES = (
    of("record", changed(lambda trace: trace.update(trace_steps=[]))),
    of("replay", changed(wrong_claim)),
    of("alignment", signed(exchanged)),
    of("grounding", write("episodes/template/scores.jsonl", "")),
    of("duplicate", signed(twice)),
    of("overlap", signed(in_two_splits)),
    of("manifest", append(f"{DATASET}/traces/train.jsonl", "\n")),
    of("smoke", remove("evidence/train-smoke.json"), case="no evidence"),
    of(
        "smoke",
        replace("evidence/train-smoke.json", '"trainer_source":"', '"trainer_source":"0'),
        case="another trainer",
    ),
    of("unchecked", idle),
)
