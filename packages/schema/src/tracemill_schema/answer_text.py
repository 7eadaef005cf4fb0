"""What stands around an answer and means nothing: markup, quotes, a lead-in, look-alike letters.

Nothing here looks for an answer inside a text. Only what encloses the whole of it, or leads up to
it without saying anything, is taken off; what is left is the answer or it is not readable.
"""

from __future__ import annotations

import re
import unicodedata

_LOOK_ALIKES = str.maketrans({
    "\N{MINUS SIGN}": "-", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "-", "\N{EN DASH}": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"', "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
})  # fmt: skip
"""Characters that stand for one of the keyboard. The em dash is none: it parts clauses."""

_WRAPPERS = (
    ("```", "```"), ("`", "`"), ("**", "**"), ("*", "*"), ("$$", "$$"), ("$", "$"),
    ("\\(", "\\)"), ("\\[", "\\]"),
)  # fmt: skip
"""Markdown and LaTeX around a whole answer. Underscores are not among them: names begin so."""

_MARKS = frozenset(opening[0] for opening, _ in _WRAPPERS)
_QUOTES = (('"', '"'), ("'", "'"), ("«", "»"))
_FENCE = re.compile(r"```\w*\n(.*)\n```", re.DOTALL)
_COMMAND = re.compile(r"\\(?:boxed|text|textbf|mathrm|mathbf)\{(.*)\}", re.DOTALL)
_ANSWER = r"(?:the\s+)?(?:final\s+)?answer"
_LEAD = re.compile(
    rf"(?:\*\*{_ANSWER}(?:\s+is)?\s*:?\*\*\s*:?|{_ANSWER}(?:\s+is\b\s*:?|\s*[:=]))\s*(?=\S)",
    re.IGNORECASE,
)
"""Words that say only that the answer follows. Any others make a claim that nobody checks."""

_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}

_LAYERS = 8
"""Layers that are taken off one answer: people use two or three."""


def plain(text: str) -> str:
    """Return text in the characters of a keyboard where it uses others for the same thing.

    Full-width letters, decimal digits of other scripts, typographic dashes and quotes are replaced,
    invisible characters dropped, accents composed. Superscripts stay: 10² is not 102.
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    return "".join(map(_plain_character, composed))


def bare(text: str) -> str:
    """Return an answer without the markup and the lead-in around it."""
    text = plain(text).strip()
    for _ in range(_LAYERS):
        lead = _LEAD.match(text)
        inner = text[lead.end() :] if lead else _unwrapped(text)
        if inner == text:
            break
        text = inner
    return text


def lines_of(text: str) -> list[str]:
    """Return the lines of an answer that hold something, without the markup around them."""
    several = len(text.splitlines()) > 1
    return [line for line in (bare(text) if several else text).splitlines() if line.strip()]


def unquoted(text: str) -> str:
    """Return what stands in one pair of quotes, or the text itself."""
    return _inside(text, _QUOTES) or text


def folded(text: str) -> str:
    """Fold white space, case, a pair of quotes and full stops; text of nothing else stays."""
    text = " ".join(plain(text).split()).casefold()
    for _ in range(_LAYERS):
        inner = unquoted(text.rstrip(".").rstrip() or text)
        if inner == text:
            break
        text = inner
    return text


def read_boolean(text: str) -> bool | None:
    """Return what a text affirms or denies, or None if it is not one word for either."""
    return _BOOLEANS.get(folded(bare(text)))


def _plain_character(char: str) -> str:
    if unicodedata.category(char) == "Cf":
        return ""
    if unicodedata.decomposition(char).startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", char)
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _unwrapped(text: str) -> str:
    """Take off one layer of markup, and a full stop behind it."""
    if text[:1] not in _MARKS:
        return text
    for whole in (text, text.removesuffix(".")):
        fence, command = _FENCE.fullmatch(whole), _COMMAND.fullmatch(whole)
        if fence is not None and "```" not in fence[1]:
            return fence[1].strip()
        if command is not None and _balanced(command[1]):
            return command[1].strip()
        inner = _inside(whole, _WRAPPERS)
        if inner is not None:
            return inner
    return text


def _inside(text: str, pairs: tuple[tuple[str, str], ...]) -> str | None:
    """Return what stands between a pair that encloses the whole text and is not in it again."""
    for opening, closing in pairs:
        inner = text[len(opening) : -len(closing)].strip()
        if (
            text.startswith(opening)
            and text.endswith(closing)
            and len(text) > len(opening) + len(closing)
            and inner
            and closing not in inner
        ):
            return inner
    return None


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
