"""Which columns of two joined tables come from which: a question of both reads one of each."""

from __future__ import annotations

from dataclasses import fields, replace

from tracemill_datagen.errors import Rejected
from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet


def sides(sheet: Sheet, roles: Roles) -> tuple[Roles, Roles]:
    """Return the roles of the left table's columns and of those that are looked up in the right.

    Raises:
        Rejected: ``not_applicable`` if these are not two tables.
    """
    if not isinstance(sheet, JoinedSheet):
        raise Rejected("not_applicable", "one table only")
    names = frozenset(column.name for column in sheet.looked_up)
    return _of(roles, names, right=False), _of(roles, names, right=True)


def _of(roles: Roles, looked_up: frozenset[str], *, right: bool) -> Roles:
    kept = {
        field.name: tuple(c for c in getattr(roles, field.name) if (c.name in looked_up) == right)
        for field in fields(roles)
    }
    return replace(roles, **kept)
