"""What may have been meant by a word that is none of those that are known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, words: Iterable[str], *, most: int = 2) -> str:
    """``; did you mean A or B?``, to be added to a message; nothing where nothing is near. Case does not count."""
    from difflib import get_close_matches  # imported where there is a mistake

    known, word = list(words), word.casefold()
    near = [each for each in known if each.casefold() == word]
    near = (
        near
        or [each for each in known if each.casefold().startswith(word)]
        or get_close_matches(word, known, most)
    )
    return f"; did you mean {' or '.join(near[:most])}?" if near else ""


def nearest_or_all(word: str, words: Iterable[str]) -> str:
    """The same, and where nothing is near, what there is."""
    known = list(words)
    return nearest(word, known) or f"; there are {', '.join(known)}"
