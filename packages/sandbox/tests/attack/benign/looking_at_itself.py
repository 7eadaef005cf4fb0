import inspect
from dataclasses import dataclass


@dataclass
class Point:
    x: int


assert repr(Point(3)) == "Point(x=3)"
assert str(inspect.signature(Point)) == "(x: int) -> None"
assert "x: int" in inspect.getsource(Point)
