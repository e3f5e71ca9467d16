"""In which order values stand: numbers within a text as numbers (``9.10`` after ``9.9``), addresses as addresses."""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from ..text.lines import shown
from .columns import COLUMNS

T = TypeVar("T")
Key = Callable[[str], Any]

COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ADDRESSES: Final = ("host", "ip")
_NUMBERS: Final = frozenset(name for name, kind in COLUMNS if kind in ("integer", "real"))
_PART: Final = re.compile(r"(\d{1,18})|([^\W\d_]+)")
"""A number that is longer, which no version has, counts as several."""


def key_of(name: str) -> Key:
    """How the values of the column `name` are compared; the key raises `ValueError` for what is none of them."""
    if name in _ADDRESSES:
        return address
    return number if name in _NUMBERS else natural


def natural(text: str) -> tuple[Any, ...]:
    """A key by which versions and dates stand in their order: numbers by value, after words.

    What separates them does not count. A version stands before all that go on after it: ``9.2``, ``9.2p1``, ``9.2.1``.
    """
    parts = _PART.findall(text.casefold())
    return tuple((0, word) if word else (1, int(digits)) for digits, word in parts)


def address(text: str) -> tuple[Any, ...]:
    """A key for hosts: IPv4, then IPv6, by number; then names."""
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return (9, natural(text))
    return (ip.version, int(ip))


def number(text: str) -> float:
    """`text` as a number."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is not a number") from None


def ordered(
    items: Iterable[T], name: str, values: Callable[[T], list[str]], *, reverse: bool = False
) -> list[T]:
    """`items` by their `values` of the column `name`, of several the first; equal ones stay as they are, and who has
    none stands at the end in either order."""
    key = key_of(name)
    there: list[tuple[Any, T]] = []
    absent: list[T] = []
    for item in items:
        texts = values(item)
        if texts:
            there.append((key(texts[0]), item))
        else:
            absent.append(item)
    there.sort(key=lambda each: each[0], reverse=reverse)
    return [*(item for _, item in there), *absent]
