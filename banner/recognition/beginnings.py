"""How a match of a pattern begins: where a line does, and with which characters.

Read off the parse tree of the stdlib's parser. What is not known excludes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_letters, digits
from typing import Any

MOST = 64
"""Characters of one beginning: letters, digits and the underscore are 63; more would hardly exclude anything."""

_CATEGORIES = {
    "CATEGORY_DIGIT": digits, "CATEGORY_WORD": ascii_letters + digits + "_", "CATEGORY_SPACE": " \t\n\r\f\v",
}  # fmt: skip
_ANCHORS = ("(AT, AT_BEGINNING)", "(AT, AT_BEGINNING_STRING)")


def beginning(tree: Any, flags: int) -> tuple[bool, str | None]:
    """Whether every match of `tree` begins where a line (without `re.MULTILINE`, the text) does; and the characters
    of which one begins it, None where any can or where a match can be empty."""
    if not len(tree) or str(tree[0]) not in _ANCHORS:
        return False, None
    if not flags & re.ASCII:  # Unicode has more digits, and folds more than two cases together
        return True, None
    begins, empty = _first(tree[1:])
    if begins is None or empty or len(begins) > MOST:
        return True, None
    if flags & re.IGNORECASE:
        begins |= {letter.swapcase() for letter in begins if letter.isascii()}
    return True, "".join(sorted(begins))


def _first(tree: Iterable[Any]) -> tuple[set[str] | None, bool]:
    """The characters with which a match of `tree` can begin, None for any; and whether it can be empty."""
    begins: set[str] = set()
    for operation, argument in tree:
        own, empty = _first_of(str(operation), argument)
        if own is None:
            return None, False
        begins |= own
        if not empty:
            return begins, False
    return begins, True


def _first_of(name: str, argument: Any) -> tuple[set[str] | None, bool]:
    if name in ("AT", "ASSERT", "ASSERT_NOT"):  # they take nothing: what comes after them begins
        return set(), True
    if name == "LITERAL":
        return {chr(argument)}, False
    if name == "IN":
        return _members(argument), False
    if name == "ATOMIC_GROUP":
        return _first(argument)
    if name == "SUBPATTERN" and not argument[1] and not argument[2]:  # those two change the flags
        return _first(argument[3])
    if name == "BRANCH":
        branches = [_first(branch) for branch in argument[1]]
        if any(begins is None for begins, _ in branches):
            return None, False
        return set().union(*(begins or () for begins, _ in branches)), any(empty for _, empty in branches)
    if name.endswith("_REPEAT"):
        begins, empty = _first(argument[2])
        return begins, empty or not argument[0]
    return None, False


def _members(members: Iterable[Any]) -> set[str] | None:
    """The characters of a set; None where they are too many, or not named one by one."""
    found: set[str] = set()
    for kind, argument in members:
        name = str(kind)
        if name == "LITERAL":
            found.add(chr(argument))
        elif name == "RANGE" and argument[1] - argument[0] < MOST:
            found.update(map(chr, range(argument[0], argument[1] + 1)))
        elif name == "CATEGORY" and str(argument) in _CATEGORIES:
            found.update(_CATEGORIES[str(argument)])
        else:
            return None
    return found
