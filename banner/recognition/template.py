"""A rule's answer with places for what a greeting says: the next one costs a few joined texts.

An answer is concluded once with marks in the place of what was captured. Where a text could lead to another conclusion
than its mark did (it repeats what stands beside it, it is no plain version in a CPE name), `Template.filled` gives
None, and the answer is concluded anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..models import Service
from ..text.patterns import lazily
from .cpe import quoted

PLAIN = lazily(r"[0-9](?:[a-z0-9_.]*[a-z0-9])?")
"""A version that stands in a CPE name as it is, and has nothing at its end to be trimmed."""
LONGEST = 256
"""Characters of one value: a capture may hold whatever a peer sent; names and versions are shorter."""

_MARK = re.compile("1zqxjz([a-z])q")
"""Captures that nobody has, numbered by a letter."""
_Parts = tuple[str | int, ...]
_FIELDS = Service.__struct_fields__
_CPE = _FIELDS.index("cpe")


def mark(number: int) -> str:
    """What stands in the place of capture `number`, below 26."""
    return f"1zqxjz{chr(97 + number)}q"


class Template:
    """One answer: its service's fields, and its component, with marks in them."""

    __slots__ = ("_compared", "_component", "_cpes", "_fields", "_fixed", "_plain")

    def __init__(
        self,
        service: Service,
        component: str | None,
        versions: Sequence[int],
        compared: Sequence[int],
        beside: Sequence[str],
    ) -> None:
        """`versions` are the captures that are a version of any kind; `compared` those that must not repeat one
        another or anything of `beside` (in lower case)."""
        values = [getattr(service, name) for name in _FIELDS]
        self._fields = [
            (at, parts)
            for at, value in enumerate(values)
            if isinstance(value, str) and (parts := _parts(value)) is not None
        ]
        self._fixed = values
        cpes = [_parts(name) or (name,) for name in service.cpe]
        self._cpes = cpes if any(isinstance(part, int) for parts in cpes for part in parts) else None
        self._plain = sorted({number for name in service.cpe for number in _to_be_plain(name, versions)})
        self._component = None if component is None else _parts(component) or (component,)
        self._compared = compared, beside, "\n".join(beside)

    def filled(self, texts: Sequence[str | None]) -> tuple[Service, str | None] | None:
        """The service and its component with `texts` in the places of the marks; None where they need another look."""
        for number in self._plain:
            text = texts[number]
            if text is None or PLAIN.fullmatch(text) is None:
                return None
        if self._compared[0] and self._repeats(texts):
            return None
        values = self._fixed.copy()
        for at, parts in self._fields:
            values[at] = texts[parts[0]] if len(parts) == 1 else _joined(parts, texts)  # type: ignore[index]
        if self._cpes is not None:
            if any(text is not None and ("%" in text or "\\" in text) for text in texts):
                return None
            in_names = [None if text is None else quoted(text) for text in texts]
            values[_CPE] = tuple([_joined(parts, in_names) for parts in self._cpes])
        component = self._component
        return Service(*values), None if component is None else _joined(component, texts)

    def _repeats(self, texts: Sequence[str | None]) -> bool:
        compared, beside, all_beside = self._compared
        lower = [text.lower() for number in compared if (text := texts[number]) is not None]
        for at, text in enumerate(lower):
            if text in all_beside or any(other in text for other in beside):
                return True
            if any(text in other or other in text for other in lower[at + 1 :]):
                return True
        return False


def _parts(text: str) -> _Parts | None:
    """`text` cut at its marks, which become their numbers; None where it has none."""
    found = _MARK.split(text)
    if len(found) == 1:
        return None
    return tuple(ord(part) - 97 if at % 2 else part for at, part in enumerate(found) if part)


def _to_be_plain(name: str, versions: Sequence[int]) -> list[int]:
    """The captures of which the CPE `name` would take a part only, or which are a part of one of its components."""
    marks = [
        (found[0] == component, ord(found[1]) - 97)
        for component in name.split(":")
        for found in _MARK.finditer(component)
    ]
    return [number for whole, number in marks if not whole or number in versions]


def _joined(parts: _Parts, texts: Sequence[str | None]) -> str:
    return "".join([part if isinstance(part, str) else texts[part] or "" for part in parts])
