"""Values that are worked out once."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from tracemill_datagen.program.kept import kept


@dataclass(frozen=True)
class Word:
    text: str
    looked: list[str] = field(default_factory=list)

    @kept
    def size(self) -> int:
        """How long it is."""
        self.looked.append(self.text)
        return len(self.text)

    @kept
    def first(self) -> str:
        self.looked.append(self.text)
        return self.text[0]


def test_a_value_is_worked_out_once_for_each_object() -> None:
    word, other = Word("mass"), Word("by")
    assert (word.size, word.size, other.size) == (4, 4, 2)
    assert (word.looked, other.looked) == (["mass"], ["by"])


def test_a_value_that_failed_is_tried_again() -> None:
    word = Word("")
    for _ in range(2):
        with pytest.raises(IndexError):
            _ = word.first
    assert word.looked == ["", ""]


def test_it_keeps_its_words_and_its_owner_stays_frozen() -> None:
    assert Word.size.__doc__ == "How long it is."
    word = Word("mass")
    with pytest.raises(FrozenInstanceError):
        word.size = 5  # type: ignore[misc,assignment]
    assert word.size == 4
