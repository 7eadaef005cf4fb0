"""How a verify command tells what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click
import orjson

from tracemill_schema.errors import FaultsFound

if TYPE_CHECKING:
    from tracemill_datagen.episode.defect import Defect


def tell(what: str, found: Mapping[str, tuple[Defect, ...]], *, as_json: bool) -> None:
    """Print what was found about each record.

    Args:
        what: What a record is called, for instance episode.
        found: Record id -> its defects.
        as_json: Print JSON instead of text.

    Raises:
        FaultsFound: if any record has a defect.
    """
    bad = {identifier: defects for identifier, defects in found.items() if defects}
    if as_json:
        listed = {
            identifier: [
                {"kind": d.kind, "where": d.where, "wanted": d.wanted, "got": d.got}
                for d in defects
            ]
            for identifier, defects in bad.items()
        }
        click.echo(orjson.dumps({"checked": len(found), "defects": listed}).decode())
    else:
        for identifier, defects in bad.items():
            for defect in defects:
                click.echo(f"{what} {identifier[:16]}: {defect}")
        click.echo(f"{len(found)} {what}s checked, {len(bad)} with defects")
    if bad:
        raise FaultsFound(f"{len(bad)} of {len(found)} {what}s do not hold")
