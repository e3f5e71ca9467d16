"""What is wrong with the lines of files, told so that a person reads it: each cause once, with a count at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ...formats.terminal import safe
from ...targets.spec import BadLine

CAUSES: Final = 10
"""Causes that are told, with at most two lines each: twenty lines are read, two thousand are not."""
_DETAIL = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
"""What differs between complaints of one cause."""


class Complaints:
    """Tells the first complaint of each cause at once, and how many there were when all is read."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.count = 0
        """How many, without those that are notes."""
        self._causes: dict[tuple[str, str], int] = {}
        self._others = 0

    def __call__(self, source: str, number: int, reason: str, text: str = "") -> None:
        """In line `number` (0 where there is none) of `source`; `text` is how the line begins."""
        self.count += 1
        cause = source, _DETAIL.sub("", reason)
        if cause in self._causes:
            self._causes[cause] += 1
        elif len(self._causes) >= CAUSES:
            self._others += 1
        else:
            self._causes[cause] = 1
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
        for (source, cause), times in self._causes.items():
            if times > 1:
                more = "1 more line" if times == 2 else f"{times - 1:,} more lines"
                start = cause if len(cause) <= 60 else cause[:57] + "..."
                self._say(f"{safe(source)}: and {more}: {' '.join(start.split())}")
        if self._others:
            self._say(f"and {self._others:,} complaints of other kinds")
        self._causes.clear()
        self._others = 0
