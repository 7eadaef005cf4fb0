"""Which licences let a bundle be handed on."""

from __future__ import annotations

from collections.abc import Iterable

OWN = "Apache-2.0"
"""Licence of what tracemill itself writes: weights, cards, evidence."""

REDISTRIBUTABLE: tuple[str, ...] = (
    "apache-2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc0",
    "data cc0",
    "mit",
    "odc-by-1.0",
    "pddl-1.0",
    "public domain",
    "u.s. government",
    "unlicense",
)
"""How the text of such a licence starts, in lower case: SPDX identifiers, and the words by which
sources of public-domain data name it. Anything else, ``unstated`` above all, is not handed on."""


def is_redistributable(licence: str) -> bool:
    """Tell whether a licence text is one of the known redistributable ones; of ``A AND B`` both."""
    return all(_is_known(part) for part in licence.split(" AND "))


def _is_known(licence: str) -> bool:
    text = licence.strip().casefold()
    return any(
        text == known or text.startswith((f"{known} ", f"{known}-", f"{known}."))
        for known in REDISTRIBUTABLE
    )


def joined(licences: Iterable[str]) -> str:
    """Return one licence text for something made of several, each named once."""
    return " AND ".join(sorted(set(licences)))
