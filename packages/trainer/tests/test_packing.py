from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracemill_schema.example import Example
from tracemill_trainer.data import TokenText, tokenize
from tracemill_trainer.errors import TooLong
from tracemill_trainer.packing import Counts, Rows, fitting, pack
from tracemill_trainer.tokenizer import decode


def _text(length: int) -> TokenText:
    return TokenText(tokens=tuple(range(1, length + 2)), trained_from=1)


@pytest.mark.parametrize(
    ("lengths", "rows"),
    [
        ([5, 5, 5], [(0, 1), (2,)]),
        ([10], [(0,)]),
        ([7, 7, 3, 3], [(0, 2), (1, 3)]),
        ([6, 5, 4, 5], [(0, 2), (1, 3)]),
        ([], []),
    ],
)
def test_first_fit(lengths: list[int], rows: list[tuple[int, ...]]) -> None:
    assert pack(lengths, 10) == rows


def test_every_item_stands_in_exactly_one_row_that_it_fits_into() -> None:
    generator = np.random.default_rng(0)
    lengths = generator.integers(1, 100, 2000).tolist()
    rows = pack(lengths, 128)
    assert sorted(item for row in rows for item in row) == list(range(2000))
    assert max(sum(lengths[item] for item in row) for row in rows) <= 128
    assert sum(lengths) / (128 * len(rows)) > 0.9


def test_an_item_longer_than_a_row_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="item 0 has 11 tokens, a row has 10"):
        pack([11], 10)


def test_a_row_holds_each_example_with_its_targets_segment_and_positions() -> None:
    rows = Rows([_text(3), _text(2)], 8)
    batch = rows.batch([0])
    assert batch.tokens.tolist() == [[1, 2, 3, 1, 2, 0, 0, 0]]
    assert batch.targets.tolist() == [[2, 3, 4, 2, 3, 0, 0, 0]]
    assert batch.weights.tolist() == [[1, 1, 1, 1, 1, 0, 0, 0]]
    assert batch.segments.tolist() == [[1, 1, 1, 2, 2, 0, 0, 0]]
    assert batch.positions.tolist() == [[0, 1, 2, 0, 1, 0, 0, 0]]


def test_the_loss_looks_at_the_completion_and_nothing_else(
    make_example: Callable[[int, str], Example],
) -> None:
    examples = [make_example(index, "trace") for index in range(12)]
    rows = Rows([tokenize(example) for example in examples], 128)
    batch = rows.batch(range(len(rows)))
    trained = batch.targets[batch.weights == 1].tolist()
    wanted = sorted(example.text[example.span.start :] for example in examples)
    pieces = decode(token if token > 2 else 7 for token in trained).split("\x00")[:-1]
    assert sorted(pieces) == wanted


def test_counts_say_what_is_fed_trained_and_shown() -> None:
    rows = Rows([_text(3), _text(2), _text(8)], 8)
    assert rows.counts([0]) == Counts(tokens=5, trained_tokens=5, examples=2)
    assert rows.counts([0, 1]) == Counts(tokens=13, trained_tokens=13, examples=3)
    fed = rows.batch([0, 1])
    assert int((fed.segments > 0).sum()) == rows.counts([0, 1]).tokens


def test_examples_longer_than_a_row_are_left_out_whole_up_to_a_share() -> None:
    texts = [_text(4)] * 99 + [_text(9)]
    assert len(fitting(texts, row_tokens=8, max_share=0.01)) == 99
    message = (
        "1 of 100 examples are longer than a row of 8 tokens, allowed is a share of 0.005; "
        "the longest needs row_tokens = 9"
    )
    with pytest.raises(TooLong, match=message):
        fitting(texts, row_tokens=8, max_share=0.005)


def test_a_corpus_of_which_nothing_fits_is_refused_whatever_the_share() -> None:
    with pytest.raises(TooLong, match="1 of 1 examples"):
        fitting([_text(9)], row_tokens=8, max_share=1.0)
