"""What the probe writes down; the histories of test_prove.py run it inside pytest."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tracemill_gate.proof.probe import Probe, is_meant


@pytest.mark.parametrize(
    ("wanted", "case", "meant"),
    [
        ("a.py::t", "a.py::t", True),
        ("a.py::t", "a.py::t[x]", True),
        ("a.py::t", "a.py::tt", False),
        ("a.py::t[x]", "a.py::t[x y]", False),
        ("a.py::C", "a.py::C::t", True),
        ("a.py", "a.py::t", True),
        ("a.py", "aa.py::t", False),
    ],
)
def test_what_an_id_means(wanted: str, case: str, *, meant: bool) -> None:
    assert is_meant(wanted, case) is meant


def raised(error: KeyError) -> KeyError:
    with pytest.raises(KeyError) as caught:
        raise error
    return caught.value


def test_a_fault_names_the_last_code_of_the_tree(tmp_path: Path) -> None:
    tree = Path(__file__).parent
    probe = Probe(events=tmp_path / "e", tree=tree, wanted=(), own=())
    (fault,) = probe.faults(raised(KeyError("x")))
    assert fault["file"] == "test_probe.py"
    assert fault["inside"] is True
    assert fault["types"] == ["KeyError", "LookupError", "Exception", "BaseException", "object"]
    assert fault["text"] == "KeyError: 'x'"
    elsewhere = Probe(events=tmp_path / "e", tree=tmp_path, wanted=(), own=())
    (fault,) = elsewhere.faults(raised(KeyError("x")))
    assert (fault["file"], fault["inside"]) == (__file__, False)


def test_an_attribute_is_missing_in_a_module_or_a_class(tmp_path: Path) -> None:
    probe = Probe(events=tmp_path / "e", tree=tmp_path, wanted=(), own=())
    found, name = [], "nothing"
    for owner in (json, Path, Path()):
        with pytest.raises(AttributeError) as caught:
            getattr(owner, name)
        found += [(fault["name"], fault["owner"]) for fault in probe.faults(caught.value)]
    assert found == [("nothing", "json"), ("nothing", "pathlib"), ("nothing", "pathlib")]


def test_every_exception_of_a_group_is_told(tmp_path: Path) -> None:
    probe = Probe(events=tmp_path / "e", tree=tmp_path, wanted=(), own=())
    inner = ExceptionGroup("inner", [ValueError("a\nb"), TypeError("c")])
    group = ExceptionGroup("outer", [inner, SyntaxError("bad", ("x.py", 1, 1, "a b", 1, 2))])
    assert [fault["text"] for fault in probe.faults(group)] == [
        "ValueError: a",
        "TypeError: c",
        "SyntaxError: bad",
    ]


def test_own_modules_are_told_once(tmp_path: Path) -> None:
    own = (Probe.__module__, "json.none")
    probe = Probe(events=tmp_path / "e", tree=tmp_path, wanted=(), own=own)
    probe.pytest_runtest_logfinish(nodeid="a.py::t")
    probe.pytest_sessionfinish(exitstatus=1)
    events = [json.loads(line) for line in (tmp_path / "e").read_bytes().splitlines()]
    assert events == [
        {"event": "end", "id": "a.py::t"},
        {
            "event": "module",
            "name": Probe.__module__,
            "file": sys.modules[Probe.__module__].__file__,
        },
        {"event": "finished", "code": 1},
    ]
