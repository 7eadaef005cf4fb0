"""What a spec announces as new, held against what an exception says is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_gate.proof.declaration import (
    declaration,
    foreign_module,
    is_declared,
    missing_of,
    relied_on,
)
from tracemill_gate.proof.observation import Fault
from tracemill_schema.spec import Spec

MODULES = {
    "shop": "src/shop/__init__.py",
    "shop.price": "src/shop/price.py",
    "shop.tax": "src/shop/tax.py",
    "stock.shelf.box": "src/stock/shelf/box.py",
    "secret": "src/secret.py",
}
IMPORT = ("ImportError", "Exception")
MODULE = ("ModuleNotFoundError", *IMPORT)


def fault(
    types: tuple[str, ...], text: str, name: str | None = None, owner: str | None = None
) -> Fault:
    return Fault(
        types=types, text=text, file="tests/t.py", line=1, inside=True, name=name, owner=owner
    )


CASES = [
    # exception, what was missing, whether it is announced
    (fault(MODULE, "No module named 'shop.tax'", "shop.tax"), "module shop.tax", True),
    (fault(MODULE, "No module named 'stock'", "stock"), "module stock", True),
    (fault(MODULE, "No module named 'secret'", "secret"), "module secret", False),
    (fault(MODULE, "No module named 'shop.gone'", "shop.gone"), "module shop.gone", False),
    (
        fault(
            IMPORT, "ImportError: cannot import name 'added' from 'shop.price' (x)", "shop.price"
        ),
        "name added of shop.price",
        True,
    ),
    (
        fault(IMPORT, "ImportError: cannot import name 'tax' from 'shop' (x)", "shop"),
        "name tax of shop",
        True,
    ),
    (
        fault(
            IMPORT,
            "ImportError: cannot import name 'other' from partially initialized module 'shop' (x)",
            "shop",
        ),
        "name other of shop",
        False,
    ),
    (
        fault(
            ("AttributeError",),
            "module 'shop.price' has no attribute 'added'",
            "added",
            "shop.price",
        ),
        "name added of shop.price",
        True,
    ),
    (
        fault(
            ("AttributeError",), "AttributeError: 'Box' object has no attribute 'open'", None, "a"
        ),
        "name open of a",
        True,
    ),
    (
        fault(
            ("AttributeError",), "AttributeError: 'Box' object has no attribute 'shut'", None, "a"
        ),
        "name shut of a",
        False,
    ),
    (
        # The right name, but of nothing that is ours: the test itself is wrong.
        fault(
            ("AttributeError",),
            "AttributeError: 'NoneType' object has no attribute 'open'",
            "open",
            "builtins",
        ),
        "name open of builtins",
        False,
    ),
    (
        fault(("AttributeError",), "AttributeError: 'X' object has no attribute 'added'", "added"),
        "name added",
        False,
    ),
    (
        fault(IMPORT, "ImportError: cannot import name 'added' from 'os' (x)", "os"),
        "name added of os",
        False,
    ),
    (fault(("NameError",), "NameError: name 'added' is not defined", "added"), "name added", True),
    (fault(("NameError",), "NameError: name 'x' is not defined"), "name x", False),
    (
        fault(("TypeError",), "TypeError: rounded() got an unexpected keyword argument 'digits'"),
        "parameter digits of rounded",
        True,
    ),
    (
        fault(("TypeError",), "TypeError: Box.open() takes 1 positional argument but 2 were given"),
        "signature of Box.open",
        True,
    ),
    (
        fault(("TypeError",), "TypeError: Shelf.__init__() got an unexpected keyword argument 'x'"),
        "parameter x of Shelf.__init__",
        True,
    ),
    (
        fault(("AttributeError",), "AttributeError: 'Shelf' object has no attribute 'x'", "x", "a"),
        "name x of a",
        True,
    ),
    (
        fault(("TypeError",), "TypeError: f() missing 1 required positional argument: 'digits'"),
        "signature of f",
        False,
    ),
]


@pytest.fixture(scope="module")
def spec(planned: Callable[..., Spec]) -> Spec:
    return planned(
        files_to_touch=[
            {"path": "src/shop/price.py", "kind": "modify"},
            {"path": "src/shop/tax.py", "kind": "add"},
            {"path": "src/", "kind": "add"},
        ],
        touch_points=[
            {"path": "src/shop/price.py", "name": "new:added"},
            {"path": "src/shop/price.py", "name": "rounded"},
            {"path": "src/box.py", "name": "new:Box.open"},
            {"path": "src/shop/price.py", "name": "total"},
            {"path": "src/shop/shelf.py", "name": "Shelf"},
            {"path": "src/stock/", "name": "new:*"},
        ],
    )


@pytest.mark.parametrize(("seen", "what", "declared"), CASES, ids=lambda case: str(case)[:60])
def test_what_is_missing_is_announced_or_not(
    spec: Spec, seen: Fault, what: str, *, declared: bool
) -> None:
    missing = missing_of(seen)
    assert missing is not None
    assert missing.what == what
    assert is_declared(missing, declaration([spec]), MODULES) is declared


@pytest.mark.parametrize(
    "seen",
    [
        fault(("TypeError",), "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        fault(("UnboundLocalError", "NameError"), "cannot access local variable 'added'", "added"),
        fault(("KeyError",), "KeyError: 'added'"),
        fault(("AssertionError",), "AssertionError: assert 1 == 2"),
    ],
)
def test_other_exceptions_miss_no_name(seen: Fault) -> None:
    assert missing_of(seen) is None


@pytest.mark.parametrize(
    ("seen", "foreign"),
    [
        (fault(MODULE, "No module named 'requests'", "requests"), "requests"),
        (fault(MODULE, "No module named 'shop.gone'", "shop.gone"), None),
        (fault(IMPORT, "cannot import name 'a' from 'numpy' (x)", "numpy"), "numpy"),
        (fault(("AttributeError",), "module 'numpy' has no attribute 'a'", "a", "numpy"), None),
        (fault(("AssertionError",), "AssertionError: assert 1 == 2"), None),
        (fault(IMPORT, "cannot import name 'nope' from 'os' (x)", "os"), None),
        (fault(MODULE, "No module named 'os.nope'", "os.nope"), None),
    ],
)
def test_a_third_party_module_is_told_from_an_own_one(seen: Fault, foreign: str | None) -> None:
    assert foreign_module(seen, MODULES) == foreign


def test_a_folder_of_files_to_touch_makes_no_name_new(spec: Spec) -> None:
    told = declaration([spec])
    assert told.adds("src/stock/shelf/box.py")
    assert not told.adds("src/secret.py")
    assert told.touches("src/secret.py")
    assert not told.touches("docs/index.md")


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (1, []),
        (2, [1]),
        (3, [1, 2]),  # also through another
        (4, []),  # 9 is not on trial: what it brought is there at the base
        (5, [6]),
        (6, [5]),  # a circle ends
    ],
)
def test_a_spec_relies_on_those_on_trial_that_it_depends_on(
    planned: Callable[..., Spec], number: int, found: list[int]
) -> None:
    needs = {1: [], 2: [1], 3: [2], 4: [9], 5: [6], 6: [5]}
    on_trial = {n: planned(number=n, depends_on=others) for n, others in needs.items()}
    relied = relied_on(on_trial[number], tuple(on_trial.values()))
    assert [spec.number for spec in relied] == found
