"""Patterns as `re.compile` leaves them, kept in tables: to take one up takes a fiftieth of the time of compiling it.

Private to the standard library, as its parser is (`tree`): these are the lines of `re._compiler.compile` after the
parser's. `_sre.compile` checks the code that it is given, as it does for every pattern. Code of another Python, of
another machine, or that is none, is as if it were not there: the pattern is compiled.
"""

import importlib
import re
import sys
from binascii import crc32
from typing import Any

import msgspec

_compiler: Any = importlib.import_module("re._compiler")
_sre: Any = importlib.import_module("_sre")

NONE = msgspec.Raw(b"\xc0")
"""No code: MessagePack's nil."""


class _Code(msgspec.Struct, array_like=True):
    made_for: int
    """Which Python and machine can run it (`_here`)."""
    flags: int
    """Those that were given, and those that the pattern gives itself."""
    code: list[int]
    groups: int
    names: dict[str, int]
    """Of groups that have one."""


_decode = msgspec.msgpack.Decoder(_Code | None).decode


def _here() -> int:
    return crc32(f"{sys.version_info[:2]} {sys.byteorder} {_sre.MAGIC} {_sre.CODESIZE}".encode())


def code_of(tree: Any, flags: int) -> msgspec.Raw:
    """The code of a pattern that is parsed already (`tree.parsed`), for `compiled`."""
    state = tree.state
    code = [int(one) for one in _compiler._code(tree, flags)]
    made = _Code(_here(), flags | state.flags, code, state.groups - 1, state.groupdict)
    return msgspec.Raw(msgspec.msgpack.encode(made))


def compiled(pattern: str, flags: int, encoded: msgspec.Raw) -> re.Pattern[str]:
    """`re.compile`, by the code that `code_of` made for this pattern with these flags."""
    try:
        made = _decode(encoded)
        if made is not None and made.made_for == _here():
            names: list[str | None] = [None] * (made.groups + 1)
            for name, group in made.names.items():
                names[group] = name
            found: re.Pattern[str] = _sre.compile(
                pattern, made.flags, made.code, made.groups, made.names, tuple(names)
            )
            return found
    except (msgspec.DecodeError, IndexError, OverflowError, RuntimeError, TypeError, ValueError):
        pass  # damaged, in spite of its checksum
    return re.compile(pattern, flags)
