"""Canaries among the planning files: every rule of ``tracemill spec lint``."""

from __future__ import annotations

from pathlib import Path

from canary.canary import Canary, Plant
from canary.plant import append, each, replace, write
from canary.scene import AGREED, Agreed, spec

LINT = ("tracemill", "spec", "lint")
FILE = "specs/0001-plan.md"
ITEM = """\
### {title}

- status: {status}
- readiness: early
- known: nothing
- missing: all
- candidates:{candidates}

"""


def brainstormed(title: str, *, status: str = "open", candidates: str = " none") -> Plant:
    """Return a plant that adds an item to Brainstormed."""
    item = ITEM.format(title=title, status=status, candidates=candidates)
    return replace("current.md", "\n## Specd\n", f"\n{item}## Specd\n")


def other(agreed: Agreed = AGREED, **fields: object) -> Plant:
    """Return a plant that adds spec 2, which touches a file of its own."""
    values: dict[str, object] = {
        "number": 2,
        "title": "Squares",
        "files_to_touch": [{"path": "src/pkg/b.py", "kind": "add"}],
        "touch_points": [{"path": "src/pkg/b.py", "name": "new:*"}],
        "regression_tests": [],
        **fields,
    }
    return lambda root: spec(root, agreed, **values)


def again(agreed: Agreed = AGREED, **fields: object) -> Plant:
    """Return a plant that writes spec 1 anew, approved as it is then."""
    return lambda root: spec(root, agreed, **fields)


def twin(root: Path) -> None:
    """Plant a second spec with the number of the first."""
    (root / "specs/0001-other.md").write_text((root / FILE).read_text())


def no_spec(root: Path) -> None:
    """Remove the spec and its line."""
    (root / FILE).unlink()
    lines = (root / "current.md").read_text().splitlines(keepends=True)
    (root / "current.md").write_text("".join(x for x in lines if not x.startswith("- [0001")))


def of(rule: str, plant: Plant, *says: str, case: str = "") -> Canary:
    """Return a canary of the linter in the planned repository."""
    return Canary(
        part="specs", rule=rule, case=case, plant=plant, command=LINT, says=says, scene="planned"
    )


CANARIES = (
    of(
        "is_whole",
        write("specs/.0001-plan.md.abcdefgh", ""),
        "specs/.0001-plan.md.abcdefgh: a killed command left it",
    ),
    of("has_words", again(rollback_trigger=" "), "rollback_trigger: wanted words, got ' '"),
    of(
        "unreadable",
        replace(FILE, '"tests/test_a.py::test_area"', '"the area becomes exact"'),
        "specs/0001-plan.md:",
        "fail_first_tests",
        case="prose instead of a test id",
    ),
    of(
        "unreadable",
        replace(FILE, "number = 1\n", 'number = 1\nowner = "x"\n'),
        "specs/0001-plan.md:",
        "owner",
        case="an unknown field",
    ),
    of(
        "unreadable",
        replace("current.md", "## Beliefs", "## Hopes"),
        "current.md:",
        "Hopes",
        case="an unknown section",
    ),
    of(
        "unreadable",
        replace(FILE, "## Rejected", "## Regretted"),
        "specs/0001-plan.md:",
        "Regretted",
        case="a section is missing",
    ),
    of("is_canonical", append(FILE, "\n\n"), "not in canonical form from this line on"),
    of("has_its_own_number", twin, "the number is also that of specs/0001-other.md"),
    of("names_specs", again(depends_on=[9]), "depends_on names 0009, which does not exist"),
    of(
        "waits_in_no_circle",
        each(other(depends_on=[1]), again(depends_on=[2])),
        "lead in a circle",
    ),
    of(
        "declares_overlaps",
        other(files_to_touch=[{"path": "src/pkg/a.py", "kind": "modify"}], touch_points=[]),
        "overlaps with 0001 in src/pkg/a.py",
    ),
    of(
        "names_paths",
        again(invalidation_watch=["../elsewhere.py"]),
        "wanted a path from the top folder as git writes it",
    ),
    of(
        "watches_others",
        again(invalidation_watch=["src/"]),
        "the spec touches 'src/' itself, which would void its approval",
    ),
    of(
        "names_files", again(invalidation_watch=["src/gone.py"]), "wanted a file to watch, got none"
    ),
    of("holds_its_approval", again(Agreed(days=-1)), "the approval expired on", case="expired"),
    of(
        "holds_its_approval",
        replace(FILE, '"no one is wrong by 5 %"', '"no one is wrong by 4 %"'),
        "the approval is void: a field was changed after it",
        case="edited since",
    ),
    of(
        "names_its_spec",
        replace("current.md", "Areas are exact", "Areas"),
        "wanted '0001: Areas are",
    ),
    of("has_one_line", replace("current.md", "- [0001", "[0001"), "wanted one line in current.md"),
    of("is_approved", again(Agreed(approved=False)), "0001 is in-progress without an approval"),
    of(
        "is_approved",
        brainstormed("Cubes", status="in-progress"),
        "'Cubes' is in progress without an approval",
        case="brainstormed",
    ),
    of(
        "is_left_behind",
        brainstormed("Circles", candidates="\n  - Areas are exact"),
        "the candidate 'Areas are exact' became 0001",
    ),
    of(
        "waits_its_turn",
        each(other(Agreed(status="specd", approved=False)), again(blocked_by=[2])),
        "0001 is in-progress, but is blocked by 0002, which is specd",
    ),
    of("nothing", no_spec, "wanted at least one spec, got none"),
)
