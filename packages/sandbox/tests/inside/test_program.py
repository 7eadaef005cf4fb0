from __future__ import annotations

import pytest

from tracemill_sandbox.inside.program import Recorder, compile_steps
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool


@pytest.mark.parametrize(
    ("code", "bound"),
    [
        ("", []),
        ("a = 1", [(1, "a")]),
        ("import os\n\na = (1 +\n 2)\nprint(a)", [(3, "a"), (5, None)]),
        ("a = b = 1\nc, d = 1, 2\ne[0] = 1\nf.g = 1", [(4, None)]),
        ("a: int\nb: int = 1\nb += 1", [(2, "b"), (3, "b")]),
        ("if 1:\n    a = 1\ndef f():\n    b = 1", [(3, None)]),
    ],
)
def test_steps_end_at_single_name_assignments_of_the_top_level(
    code: str, bound: list[tuple[int, str | None]]
) -> None:
    assert [(step.line, step.name) for step in compile_steps(code, apart=True)] == bound


def test_future_imports_reach_later_steps() -> None:
    namespace: dict[str, object] = {}
    code = "from __future__ import annotations\nx = 1\ndef f(a: absent): pass\n"
    for step in compile_steps(code, apart=True):
        exec(step.code, namespace)  # noqa: S102 - the test's own text
    assert namespace["x"] == 1


def test_where_no_binding_is_wanted_a_program_is_one_step() -> None:
    (step,) = compile_steps("a = 1\nb = 2", apart=False)
    assert step.name is None
    with pytest.raises(SyntaxError, match="line 2"):
        compile_steps("a = 1\nb = ", apart=False)


def test_a_recorder_without_room_counts_what_it_drops() -> None:
    recorder = Recorder(room=400)
    recorder.take(1, "small", 1)
    recorder.take(2, "large", "x" * 1000)
    assert [entry.name for entry in recorder.bindings] == ["small"]
    assert recorder.dropped == 1


@pytest.mark.sandbox
@pytest.mark.parametrize("late", ["copy", "not copy"])
def test_a_copy_that_the_program_forks_ends_like_a_script_and_says_nothing(
    pool: SyncSandboxPool, late: str
) -> None:
    code = (
        "import atexit, os, time\ncopy = os.fork() == 0\n"
        "atexit.register(print, 'copy ends' if copy else 'main ends')\n"
        f"if {late}: time.sleep(0.2)\n"
        "print('copy' if copy else 'main')\n"
        "if copy: raise ValueError('of the copy')\n"
        "code = os.waitstatus_to_exitcode(os.wait()[1])\n"
    )
    result = pool.run(RunRequest(code=code, outputs=("copy", "code")))
    assert (result.output("copy"), result.output("code")) == (False, 1)
    assert (result.status, result.claims.exception) == ("ok", None)
    assert sorted(result.claims.stdout.splitlines()) == ["copy", "copy ends", "main", "main ends"]
    assert "of the copy" in result.claims.stderr
