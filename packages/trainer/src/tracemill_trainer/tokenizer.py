"""The byte tokenizer: UTF-8 bytes, three control tokens and the four tags as single tokens.

0 pad   1 bos   2 eos   3-6 the tags of tracemill_schema.completion   7-262 the bytes 0-255
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracemill_schema.completion import CLOSE_ANSWER, TAGS

PAD, BOS, EOS = 0, 1, 2
FIRST_TAG = 3
FIRST_BYTE = FIRST_TAG + len(TAGS)
VOCABULARY = FIRST_BYTE + 256
"""Number of token ids."""

CLOSE_ANSWER_TOKEN = FIRST_TAG + TAGS.index(CLOSE_ANSWER)

_SPLIT = re.compile("(" + "|".join(re.escape(tag) for tag in TAGS) + ")")


def encode_prompt(text: str) -> list[int]:
    """Return bos and the bytes of a prompt.

    A tag that a prompt quotes stays plain bytes, so that it cannot pass for the model's own.
    """
    return [BOS, *_bytes(text)]


def encode_completion(text: str) -> list[int]:
    """Return the tokens of what a model is to write, tags as single tokens, eos at the end."""
    tokens: list[int] = []
    for part in _SPLIT.split(text):
        if part in TAGS:
            tokens.append(FIRST_TAG + TAGS.index(part))
        else:
            tokens.extend(_bytes(part))
    return [*tokens, EOS]


def decode(tokens: Iterable[int]) -> str:
    """Return the text of tokens; control tokens have none, a torn character becomes U+FFFD.

    Raises:
        ValueError: for an id outside the vocabulary.
    """
    data = bytearray()
    for token in tokens:
        if not 0 <= token < VOCABULARY:
            raise ValueError(f"token {token} is not in 0..{VOCABULARY - 1}")
        if token >= FIRST_BYTE:
            data.append(token - FIRST_BYTE)
        elif token >= FIRST_TAG:
            data.extend(TAGS[token - FIRST_TAG].encode())
    return data.decode("utf-8", errors="replace")


def _bytes(text: str) -> list[int]:
    return [FIRST_BYTE + byte for byte in text.encode("utf-8")]
