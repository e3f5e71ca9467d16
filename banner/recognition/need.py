"""What a text must have for a pattern to match it: read off patterns by `literals`, asked by `matcher`."""

from __future__ import annotations

import re

import msgspec


class Need(msgspec.Struct, array_like=True):
    """What a text must have for a pattern to match it."""

    literals: list[bytes]
    """One of these must occur in it (bytes, lower case); none named: the pattern has to be tried always."""
    least: int
    most: int
    """Its length in characters lies between these."""
    anchored: bool = False
    """Whether a match begins where a line does (with ``re.MULTILINE``) or where the text does."""
    begins: str | None = None
    """The characters of which one begins every match, where that is known."""

    def may_begin(self, first: str, lines: bool, flags: int) -> bool:
        """Whether a text that begins with `first` (empty for no text), of several `lines` or of one, may match."""
        if not self.anchored or self.begins is None or (lines and flags & re.MULTILINE):
            return True
        return bool(first) and first in self.begins
