"""Regular expressions that compile when they are first used: to compile one takes longer than to import a module.

A process that grabs one target, or tells one greeting, uses a few of the many.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_USED = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer", "flags", "groups", "pattern")
"""What is asked of patterns here."""


class _Lazily:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._made_of = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Asked once: from then on each method is found in the object itself, sooner than a compiled pattern finds it.
        if name not in _USED:
            raise AttributeError(name)
        compiled = re.compile(*self._made_of)
        for used in _USED:
            setattr(self, used, getattr(compiled, used))
        return getattr(compiled, name)


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, later: a fault in `pattern` raises `re.error` where it is first used."""
    return cast("re.Pattern[AnyStr]", _Lazily(pattern, flags))
