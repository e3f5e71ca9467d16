"""Columns of a table in few bytes: each distinct text once, in sorted order, and a code for every row.

Because the texts are sorted, the order of the codes is the order of the texts: the page sorts whole numbers,
and a hundred thousand rows stay quick. Every text is made harmless here (``terminal.safe``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..formats.terminal import safe

LONGEST = 160
"""Characters of one cell: a line of a wide screen; the whole is shown on demand."""


def coded(
    texts: Sequence[str | None], longest: int = LONGEST, also: Iterable[str | None] = ()
) -> dict[str, Any]:
    """A column of texts: ``values`` sorted, ``codes`` per row; -1 stands for none. `also` are values of no row."""
    distinct = sorted({text for text in (*texts, *also) if text}, key=_order)
    code_of = {text: code for code, text in enumerate(distinct)}
    return {
        "values": [cell(text, longest) for text in distinct],
        "codes": [code_of[text] if text else -1 for text in texts],
    }


def numbers(values: Iterable[float | None], digits: int = 1) -> list[float | None]:
    """A column of numbers, rounded; whole ones without their point."""
    return [None if value is None else _short(round(float(value), digits)) for value in values]


def cell(text: str, longest: int = LONGEST) -> str:
    """`text` as a cell shows it."""
    return safe(text if len(text) <= longest else text[: longest - 1] + "…")


def any_of(values: Iterable[object]) -> bool:
    """Whether a column holds anything at all."""
    return any(value is not None for value in values)


def column(grabs: Iterable[Any], read: Callable[[Any], str | None], longest: int = LONGEST) -> dict[str, Any]:
    """The column that `read` makes of every row."""
    return coded([read(grab) for grab in grabs], longest)


def _order(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _short(value: float) -> float:
    return int(value) if value.is_integer() else value
