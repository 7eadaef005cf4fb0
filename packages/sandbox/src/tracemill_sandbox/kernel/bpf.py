"""Classic BPF, as seccomp takes it: from a verdict per system call number to instructions.

A verdict is what the kernel shall do, or a ``Rule`` that looks at the arguments first. The number
is found by halving: a filter is tried on every number when it is installed and is run on calls
with a rule, so a long chain of comparisons would cost each run. Conditional jumps reach only 255
instructions; farther ones go by way of an unconditional jump, which has 32 bits.

Codes and offsets are from ``linux/bpf_common.h``, ``linux/seccomp.h`` and ``linux/audit.h``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

ALLOW, KILL = 0x7FFF0000, 0x80000000
_ERRNO = 0x00050000
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LOW_HALF = 0xFFFFFFFF

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP, _JUMP_EQUAL, _JUMP_AT_LEAST = 0x05, 0x15, 0x35
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_FARTHEST = 255
_MOST_INSTRUCTIONS = 4096

Instruction = tuple[int, int, int, int]
"""Operation, instructions to skip if true, instructions to skip if false, operand."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Holds if 32 bits of an argument, after masking, are one of some values.

    Attributes:
        argument: Counted from 0.
        values: Wanted.
        mask: Bits that are looked at.
        high: Look at the upper 32 bits; the kernel takes most arguments as 32 bits and ignores
            them, but not pointers.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = LOW_HALF
    high: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Allows a call, or does something else, if all checks of one of the alternatives hold.

    Attributes:
        either: Alternatives.
        otherwise: Action if none holds.
        action: Action if one does.
    """

    either: tuple[tuple[Check, ...], ...]
    otherwise: int
    action: int = ALLOW


Verdict = int | Rule


def fail(number: int) -> int:
    """Return the action "do nothing and return this error number"; 0 pretends success."""
    return _ERRNO | number


def assemble(machine: str, verdicts: Mapping[int, Verdict]) -> bytes:
    """Return the filter, 8 bytes an instruction; another architecture's calls kill the process.

    Args:
        machine: One of ``ARCHITECTURE``.
        verdicts: First number of a range -> verdict, up to the next one; 0 must be there.

    Raises:
        ValueError: if it is longer than the kernel takes.
    """
    ranges = _merged(sorted(verdicts.items()))
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, ARCHITECTURE[machine]),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        *_search(ranges),
    ]
    if len(code) > _MOST_INSTRUCTIONS:
        raise ValueError(f"filter: wanted at most {_MOST_INSTRUCTIONS} steps, got {len(code)}")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _merged(ranges: list[tuple[int, Verdict]]) -> list[tuple[int, Verdict]]:
    kept = ranges[:1]
    for start, verdict in ranges[1:]:
        if verdict != kept[-1][1]:
            kept.append((start, verdict))
    return kept


def _search(ranges: list[tuple[int, Verdict]]) -> list[Instruction]:
    """Find the range of the number in the accumulator, and do what its verdict says."""
    if len(ranges) == 1:
        return _act(ranges[0][1])
    middle = len(ranges) // 2
    start = ranges[middle][0]
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    if len(below) <= _FARTHEST:
        return [(_JUMP_AT_LEAST, len(below), 0, start), *below, *above]
    return [(_JUMP_AT_LEAST, 0, 1, start), (_JUMP, 0, 0, len(below)), *below, *above]


def _act(verdict: Verdict) -> list[Instruction]:
    if isinstance(verdict, int):
        return [(_RETURN, 0, 0, verdict)]
    alternatives = [step for checks in verdict.either for step in _all_hold(checks, verdict.action)]
    return [*alternatives, (_RETURN, 0, 0, verdict.otherwise)]


def _all_hold(checks: tuple[Check, ...], action: int) -> list[Instruction]:
    """Do something if all hold; fall off the end if one does not."""
    code: list[Instruction] = [(_RETURN, 0, 0, action)]
    for check in reversed(checks):
        code = [*_compare(check, over=len(code)), *code]
    return code


def _compare(check: Check, *, over: int) -> list[Instruction]:
    """Go on behind these steps if it holds; else skip ``over`` steps more."""
    last = len(check.values) - 1
    offset = _ARGUMENTS_AT + 8 * check.argument + (4 if check.high else 0)
    code: list[Instruction] = [(_LOAD, 0, 0, offset)]
    if check.mask != LOW_HALF:
        code.append((_AND, 0, 0, check.mask))
    for place, value in enumerate(check.values):
        code.append((_JUMP_EQUAL, last - place, over if place == last else 0, value))
    return code
