"""Families by name."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.family import chosen, fits, summary
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.template.catalogue import TEMPLATES


def test_no_name_means_all_and_the_order_is_that_of_the_catalogue() -> None:
    assert chosen(()) == TEMPLATES
    names = (TEMPLATES[3].name, TEMPLATES[0].name, TEMPLATES[3].name)
    assert chosen(names) == (TEMPLATES[0], TEMPLATES[3])


def test_an_unknown_family_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(BadRequest) as caught:
        chosen(["mean_of_colum"])
    assert "no template family is called 'mean_of_colum': the nearest are mean_of_column" in str(
        caught.value
    )
    with pytest.raises(BadRequest, match=f"there are {len(TEMPLATES)}; list all with"):
        chosen(["qqq"])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_every_family_says_in_a_line_what_it_asks(template: object) -> None:
    said = summary(template)  # type: ignore[arg-type]  # pytest gives object
    assert 10 < len(said) <= 100
    assert said != template.name  # type: ignore[attr-defined]


def test_a_table_fits_a_family_if_it_has_the_columns(bench: Bench) -> None:
    (mean,) = chosen(["mean_of_column"])
    assert fits(mean, bench.sheet, bench.roles)
    names = parse_sheet(b"name\nann\nbob\n", name="names", where="names")
    assert not fits(mean, names, roles_of(names))
