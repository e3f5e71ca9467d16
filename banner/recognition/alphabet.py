"""Sets of characters of a parse tree as bits: one for each character below 256, and one for all others together.

What is said of characters above 255 is rounded up: two sets that hold any of them are taken to overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

ABOVE = 1 << 256
"""The bit of all characters above 255."""
EVERY = (ABOVE << 1) - 1
LF = 1 << 10
WORD = sum(1 << code for code in range(128) if chr(code).isalnum() or chr(code) == "_")
"""What a word consists of, with `re.ASCII`; without, there is more, which rounds up nothing that matters here."""
_IN_TREE = ("LITERAL", "NOT_LITERAL", "ANY", "IN")


def is_set(name: str) -> bool:
    """Whether an operation takes exactly one character."""
    return name in _IN_TREE


def characters(name: str, argument: Any, flags: int) -> int:
    """The bits of what one operation of the tree takes (`is_set`)."""
    if name == "ANY":
        return EVERY if flags & re.DOTALL else EVERY & ~LF
    if name == "LITERAL":
        return _folded(_bit(argument), flags)
    if name == "NOT_LITERAL":
        return EVERY & ~(_folded(_bit(argument), flags) & ~ABOVE)
    return _members(argument, flags)


@lru_cache(1024)
def described(bits: int) -> str:
    """The set in a pattern's syntax: what `re` finds with it are exactly the characters of `bits`."""
    if (
        bits & ABOVE
    ):  # by what it lacks: `re` takes milliseconds to compile what goes up to the last character
        lacking = EVERY & ~ABOVE & ~bits
        return f"[^{_ranges(lacking)}]" if lacking else "[\\s\\S]"
    return f"[{_ranges(bits)}]"


def _ranges(bits: int) -> str:
    ranges = []
    code = 0
    while code < 256:
        if not bits >> code & 1:
            code += 1
            continue
        first = code
        while code < 256 and bits >> code & 1:
            code += 1
        ranges.append(f"\\x{first:02x}" + (f"-\\x{code - 1:02x}" if code - 1 > first else ""))
    return "".join(ranges)


def _bit(code: int) -> int:
    return 1 << code if code < 256 else ABOVE


def _members(members: Iterable[tuple[Any, Any]], flags: int) -> int:
    bits, negated = 0, False
    for kind, argument in members:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            bits |= _bit(argument)
        elif name == "RANGE":
            first, last = argument
            if first < 256:
                bits |= (1 << min(last, 255) + 1) - (1 << first)
            bits |= ABOVE if last > 255 else 0
        else:
            bits |= _category(str(argument), bool(flags & re.ASCII))
    bits = _folded(bits, flags)
    return EVERY & ~bits | ABOVE if negated else bits


@lru_cache(32)
def _category(name: str, ascii_only: bool) -> int:
    pattern = re.compile({"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.rpartition("_")[2]])
    bits = sum(1 << code for code in range(128 if ascii_only else 256) if pattern.match(chr(code)))
    if ascii_only and name.endswith("SPACE"):
        bits &= ~(0b1111 << 0x1C)  # str.isspace takes the separators of Unicode, re.ASCII does not
    if "NOT" in name:
        return EVERY & ~bits
    return bits if ascii_only else bits | ABOVE


@lru_cache(4096)
def _folded(bits: int, flags: int) -> int:
    if not flags & re.IGNORECASE:
        return bits
    most = 128 if flags & re.ASCII else 256
    for code in range(most):
        if bits >> code & 1:
            for other in (chr(code).lower(), chr(code).upper()):
                bits |= _bit(ord(other)) if len(other) == 1 else 0
    return bits
