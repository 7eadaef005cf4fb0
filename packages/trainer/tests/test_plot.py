from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tracemill_schema.training import Loss
from tracemill_trainer.plot import curve_svg, curve_text


def test_a_falling_curve_as_text() -> None:
    assert curve_text([4.0, 3.0, 2.0, 1.0, 0.0], width=5, height=2) == ("  4.000 █▄\n  0.000 ███▄")


def test_more_losses_than_columns_are_averaged() -> None:
    drawn = curve_text([8.0] * 50 + [2.0] * 50, width=4, height=4).split("\n")
    assert drawn == ["  8.000 ██", "        ██", "        ██", "  2.000 ████"]


def test_losses_of_nothing_but_zero_can_be_drawn() -> None:
    assert curve_text([0.0, 0.0], height=2).split("\n")[0] == "  0.000"


@pytest.mark.parametrize(("losses", "width", "height"), [([], 5, 5), ([1.0], 0, 5), ([1.0], 5, 1)])
def test_what_cannot_be_drawn_is_refused(losses: list[float], width: int, height: int) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        curve_text(losses, width, height)


def test_the_svg_is_well_formed_and_has_a_point_per_loss() -> None:
    losses = [Loss(step=step, loss=5.0 / step, tokens=step) for step in range(1, 11)]
    root = ElementTree.fromstring(curve_svg(losses, title='a < b & "c"'))  # noqa: S314 - our own text
    (line,) = root.iter("{http://www.w3.org/2000/svg}polyline")
    points = [tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()]
    assert len(points) == 10
    assert points[0] == (56.0, 12.0)
    assert points[-1][0] == 628.0
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert root.attrib["aria-label"] == 'a < b & "c"'


def test_one_loss_can_be_drawn_but_none_cannot() -> None:
    assert "polyline" in curve_svg([Loss(step=1, loss=1.0, tokens=1)], title="one")
    with pytest.raises(ValueError, match="cannot draw no losses"):
        curve_svg([], title="none")
