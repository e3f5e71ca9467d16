"""What is wrong with the lines of files, told so that a person reads it: each cause once, with a count at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from ...formats.terminal import safe
from ...inputs.spec import BadLine
from ...text.patterns import lazily

CAUSES: Final = 6
"""Causes that are told, each with a count if need be: with what is told besides, fewer than twenty lines in all."""
_DETAIL = lazily(r"(?:'[^']*'|\"[^\"]*\")(?::\s+)?|(?<![\w-])\d+")
"""What differs between complaints of one cause."""


class Complaints:
    """Tells the first complaints of each cause at once, and how many there were when all is read."""

    def __init__(self, say: Callable[[str], None], each: int = 1) -> None:
        """`each` of a cause are told, while there is room: of records more than one, for each may be another story."""
        self._say = say
        self._each = each
        self._spare = CAUSES - 2
        self.count: int = 0
        """How many, without those that are notes."""
        self._causes: dict[tuple[str, str], int] = {}
        self._more: Counter[tuple[str, str]] = Counter()
        self._others = 0

    def __call__(self, source: str, number: int, reason: str, text: str = "") -> None:
        """In line `number` (0 where there is none) of `source`; `text` is how the line begins."""
        self.count += 1
        cause = source, _DETAIL.sub("", reason)
        if cause in self._causes:
            self._causes[cause] += 1
            if self._causes[cause] > self._each or not self._spare:
                self._more[cause] += 1
                return
            self._spare -= 1
        elif len(self._causes) >= CAUSES:
            self._others += 1
            return
        self._causes.setdefault(cause, 1)
        line = f"line {number}: " if number else ""
        self._say(f"{safe(source)}: {line}{reason}" + (f": {text}" if text else ""))

    def bad_line(self, source: str, line: BadLine) -> None:
        """The same of a line that names no target."""
        if line.note:
            self._say(f"{safe(source)}: {line.reason}")
        else:
            self(source, line.number, line.reason, line.text)

    def end(self) -> None:
        """All is read: how many there were of each cause that came more than once."""
        for (source, cause), times in self._more.items():
            more = "1 more line" if times == 1 else f"{times:,} more lines"
            start = cause if len(cause) <= 60 else cause[:57] + "..."
            self._say(f"{safe(source)}: and {more}: {' '.join(start.split())}")
        if self._others:
            self._say(f"and {self._others:,} complaints of other kinds")
        self._causes.clear()
        self._more.clear()
        self._others = 0
