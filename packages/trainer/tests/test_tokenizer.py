from __future__ import annotations

import pytest

from tracemill_schema.completion import CLOSE_ANSWER
from tracemill_trainer import tokenizer as t


@pytest.mark.parametrize(
    "text",
    ["", "3+4=7", "<reasoning>1\n2</reasoning><answer>7</answer>", "é ∑ 漢 🙂", "<answer", "\x00"],
)
def test_decode_gives_back_what_was_encoded(text: str) -> None:
    assert t.decode(t.encode_completion(text)) == text
    assert t.decode(t.encode_prompt(text)) == text


def test_each_tag_is_one_token_of_its_own() -> None:
    tokens = t.encode_completion("<reasoning></reasoning><answer></answer>")
    assert tokens == [3, 4, 5, 6, t.EOS]
    assert tokens[3] == t.CLOSE_ANSWER_TOKEN
    assert t.decode([t.CLOSE_ANSWER_TOKEN]) == CLOSE_ANSWER


def test_a_tag_in_a_prompt_stays_bytes() -> None:
    tokens = t.encode_prompt("say <answer>")
    assert tokens[0] == t.BOS
    assert min(tokens[1:]) >= t.FIRST_BYTE


def test_control_tokens_have_no_text_and_torn_characters_are_marked() -> None:
    assert t.decode([t.PAD, t.BOS, t.EOS]) == ""
    assert t.decode([t.FIRST_BYTE + 0xC3]) == "\ufffd"


@pytest.mark.parametrize("token", [-1, t.VOCABULARY])
def test_an_id_outside_the_vocabulary_is_refused(token: int) -> None:
    with pytest.raises(ValueError, match=rf"token {token} is not in 0\.\.262"):
        t.decode([token])
