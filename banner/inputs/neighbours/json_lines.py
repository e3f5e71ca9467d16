"""JSON, one object on a line, told apart by its fields (``json_tools``).

masscan writes an array with each object on a line of its own, which is taken as well, and an array that is
whole on one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from .json_tools import FINDINGS, READERS, WRAPPERS
from .place import Found, Recent, Skipped

_FINISHED = re.compile(r"\{\s*finished: \d+\s*\}")
"""What old versions of masscan write last, which is no JSON (its issue 314)."""

_UNQUOTED = re.compile(r"\{\s*[a-z_]+:")
"""How a line of masscan 1.0.3 begins, whose keys have no quotes (its issue 124)."""
_KEY = re.compile(r"([{,]\s*)([a-z_]+):(?=\s*[\"\d\[{])")


_BYTE = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
"""A byte of a banner as old versions of masscan escape it, which is no JSON."""
WRAPPED: Final = 4
"""Objects that may stand around a tool's object."""


def reader(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads one line; `ports` for objects that name none."""
    seen = Recent()

    def read(line: str) -> Iterator[Found]:
        text = line.strip(", \t\x1e")  # RFC 7464 has an RS before each text
        if text in ("", "[", "]") or _FINISHED.fullmatch(text):
            return
        for found in _objects(text):
            yield from _targets(found, ports, seen)

    return read


def _objects(text: str) -> list[Any]:
    if text.startswith("[") and not text.endswith("]"):
        text = text[1:]
    elif text.endswith("]") and not text.startswith("["):
        text = text[:-1]
    if _UNQUOTED.match(text):
        text = _KEY.sub(r'\1"\2":', text)
    try:
        try:
            read = msgspec.json.decode(text.encode())
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            return _lenient(text, str(error))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return read if isinstance(read, list) else [read]


def _lenient(text: str, wrong: str) -> list[Any]:
    """The same of what is no JSON to the letter, as Python's module and others write it: halves of surrogate pairs,
    NaN, bytes as ``\\x0d``, control characters in texts, several objects on a line."""
    text = _BYTE.sub(r"\1\\u00\2", text)
    decoder, found, at = json.JSONDecoder(strict=False), list[Any](), 0
    try:
        while at < len(text):
            one, at = decoder.raw_decode(text, at)
            found += one if isinstance(one, list) else [one]
            at += len(text[at : at + 64]) - len(text[at : at + 64].lstrip(" \t\r\n,"))
    except ValueError:
        raise ValueError(wrong) from None
    return found


def _targets(found: object, ports: Sequence[int], seen: Recent, depth: int = 0) -> Iterator[Found]:
    if not isinstance(found, dict):
        raise ValueError("no object")
    for tells, read in READERS:
        if tells(found):
            for one in read(found, ports):
                if (
                    read not in FINDINGS
                    or isinstance(one, Skipped)
                    or not seen.again((one.host, one.ports, one.ip))
                ):
                    yield one
            return
    inner = next((found[name] for name in WRAPPERS if isinstance(found.get(name), dict | list)), None)
    if inner is None or depth >= WRAPPED:
        raise ValueError("no fields of a tool that is known (docs/formats.md lists them)")
    for one in inner if isinstance(inner, list) else [inner]:
        yield from _targets(one, ports, seen, depth + 1)
