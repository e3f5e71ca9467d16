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
_Places = tuple[str, tuple[int, ...]]
"""A text for `%`, and the numbers of what goes into it."""
_FIELDS = Service.__struct_fields__
_CPE = _FIELDS.index("cpe")


def mark(number: int) -> str:
    """What stands in the place of capture `number`, below 26."""
    return f"1zqxjz{chr(97 + number)}q"


class Template:
    """One answer: its service's fields, and its component, with marks in them."""

    __slots__ = ("_compared", "_component", "_cpes", "_fields", "_fixed", "_plain", "_quoted")

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
            (at, *_places(value))
            for at, value in enumerate(values)
            if isinstance(value, str) and _MARK.search(value)
        ]
        self._fixed = values
        self._cpes = [_places(name) for name in service.cpe]
        plain = {number for name in service.cpe for number in _to_be_plain(name, versions)}
        self._plain = sorted(plain)
        self._quoted = sorted({number for _, numbers in self._cpes for number in numbers} - plain)
        if not self._plain and not self._quoted:
            self._cpes = []
        self._component = None if component is None else _places(component)
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
        for at, text, numbers in self._fields:
            values[at] = text % tuple([texts[number] for number in numbers])
        if self._cpes:
            in_names = texts
            if self._quoted:
                in_names = list(texts)
                for number in self._quoted:
                    text = texts[number] or ""
                    if "%" in text or "\\" in text:
                        return None
                    in_names[number] = quoted(text)
            values[_CPE] = tuple(
                [text % tuple([in_names[number] for number in numbers]) for text, numbers in self._cpes]
            )
        if self._component is None:
            return Service(*values), None
        text, numbers = self._component
        return Service(*values), text % tuple([texts[number] for number in numbers])

    def _repeats(self, texts: Sequence[str | None]) -> bool:
        compared, beside, all_beside = self._compared
        lower = [text.lower() for number in compared if (text := texts[number]) is not None]
        for at, text in enumerate(lower):
            if text in all_beside or any(other in text for other in beside):
                return True
            if any(text in other or other in text for other in lower[at + 1 :]):
                return True
        return False


def _places(text: str) -> _Places:
    """`text` with places where its marks are."""
    numbers = tuple(ord(letter) - 97 for letter in _MARK.findall(text))
    return _MARK.sub("%s", text.replace("%", "%%")), numbers


def _to_be_plain(name: str, versions: Sequence[int]) -> list[int]:
    """The captures of which the CPE `name` would take a part only, or which are a part of one of its components."""
    marks = [
        (found[0] == component, ord(found[1]) - 97)
        for component in name.split(":")
        for found in _MARK.finditer(component)
    ]
    return [number for whole, number in marks if not whole or number in versions]
