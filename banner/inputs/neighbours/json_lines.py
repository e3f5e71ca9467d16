"""JSON, one object on a line, told apart by its fields (``json_tools``).

masscan writes an array with each object on a line of its own, which is taken as well, and an array that is
whole on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from .json_tools import READERS
from .place import Found

_FINISHED = re.compile(r"\{\s*finished: \d+\s*\}")
"""What old versions of masscan write last, which is no JSON (its issue 314)."""

_UNQUOTED = re.compile(r"\{\s*[a-z_]+:")
"""How a line of masscan 1.0.3 begins, whose keys have no quotes (its issue 124)."""
_KEY = re.compile(r"([{,]\s*)([a-z_]+):(?=\s*[\"\d\[{])")


def reader(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads one line; `ports` for objects that name none."""

    def read(line: str) -> Iterator[Found]:
        text = line.strip(", \t")
        if text in ("", "[", "]") or _FINISHED.fullmatch(text):
            return
        for found in _objects(text):
            yield from _targets(found, ports)

    return read


def _objects(text: str) -> list[Any]:
    if text.startswith("[") and not text.endswith("]"):
        text = text[1:]
    elif text.endswith("]") and not text.startswith("["):
        text = text[:-1]
    if _UNQUOTED.match(text):
        text = _KEY.sub(r'\1"\2":', text)
    try:
        read = msgspec.json.decode(text.encode())
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return read if isinstance(read, list) else [read]


def _targets(found: Any, ports: Sequence[int]) -> Iterator[Found]:
    if not isinstance(found, dict):
        raise ValueError("no object")
    for tells, read in READERS:
        if tells(found):
            yield from read(found, ports)
            return
    raise ValueError("no fields of a tool that is known (docs/formats.md lists them)")
