"""The parse tree of a pattern, by the stdlib's own parser: private, but what `re.compile` itself calls since 3.11."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

_parser: Any = importlib.import_module("re._parser")

UNBOUNDED: int = _parser.MAXREPEAT
"""Of a repeat that has no most."""


@lru_cache(2)
def parsed(pattern: str, flags: int) -> Any:
    """The tree of `pattern`, which nobody changes; the last ones are kept for who asks next. Raises `re.error`,
    `RecursionError` and `OverflowError`."""
    return _parser.parse(pattern, flags)
