"""How many columns of a terminal a text takes: letters of East Asia two, marks none, by Unicode's tables in wcwidth.

For texts that were made harmless (``safe.py``): in them every character stands for itself, and no sequence of several
is drawn as one.
"""

from __future__ import annotations


def columns_of(text: str) -> int:
    """Columns that `text` takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcwidth  # late: its tables are needed for few texts

    return sum(max(0, wcwidth(character)) for character in text)


def clip(text: str, width: int) -> str:
    """`text` cut to `width` columns, with an ellipsis for what is cut."""
    if text.isascii():
        return text if len(text) <= width else text[: max(0, width - 1)] + "…"
    from wcwidth import wcwidth

    used = fitting = 0
    for at, character in enumerate(text):
        used += max(0, wcwidth(character))
        if used <= width - 1:
            fitting = at + 1
        elif used > width:
            return text[:fitting] + "…"
    return text


def padded(text: str, width: int) -> str:
    """`text` with blanks after it up to `width` columns."""
    return text + " " * (width - columns_of(text))
