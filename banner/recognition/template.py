"""A rule's answer with places for what a greeting says: the next one costs a few joined texts.

An answer is concluded once with marks in the place of what was captured. Where a text could lead to another conclusion
than its mark did (it repeats what stands beside it, it is no plain version in a CPE name), `Template.filling` gives
None, and the answer is concluded anew. Who writes a record needs no `Service`: the same places are in its JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType

from msgspec import json

from ..models import Service
from ..text.patterns import lazily
from .cpe import quoted

PLAIN = lazily(r"[0-9](?:[a-z0-9_.]*[a-z0-9])?")
"""A version that stands in a CPE name as it is, and has nothing at its end to be trimmed."""
LONGEST = 256
"""Characters of one value: a capture may hold whatever a peer sent; names and versions are shorter."""

_MARK = lazily("1zqxjz([a-z])q")
"""Captures that nobody has, numbered by a letter."""
_Places = tuple[str, tuple[int, ...]]
"""A text for `%`, and the numbers of what goes into it."""
_Filler = tuple[str, Callable[[Sequence[str | None]], object]]
"""The same, with what takes that from a filling: several texts, or one alone."""
_FIELDS = Service.__struct_fields__
_CPE = _FIELDS.index("cpe")


def mark(number: int) -> str:
    """What stands in the place of capture `number`, below 26."""
    return f"1zqxjz{chr(97 + number)}q"


class Template:
    """One answer: its service's fields, and its component, with marks in them."""

    __slots__ = (
        "_compared", "_component", "_cpes", "_fields", "_json", "_moved", "_plain", "_quoted", "_values", "_whole",
        "names_product",
    )  # fmt: skip

    def __init__(
        self,
        service: Service,
        component: str | None,
        names_product: bool,
        versions: Sequence[int],
        compared: Sequence[int],
        beside: Sequence[str],
        captures: int,
    ) -> None:
        """`versions` are those of the `captures` that are a version of any kind; `compared` those that must not repeat
        one another or anything of `beside` (in lower case)."""
        self.names_product: bool = names_product
        self._whole = service
        self._component = None if component is None else _places(component)
        self._compared = compared, beside, "\n".join(beside)
        plain, in_names = set(), set()
        for name in service.cpe:
            if marked := set(_places(name)[1]):
                in_names |= marked
                plain.update(_to_be_plain(name, versions))
        self._plain = sorted(plain)
        self._quoted = sorted(in_names - plain)
        # What stands in a CPE name otherwise than in a field has a place of its own, behind all captures.
        self._moved = {number: captures + at for at, number in enumerate(self._quoted)}
        self._values: list[object] = []
        self._fields: list[tuple[int, _Filler]] = []
        self._cpes: list[_Filler] = []
        self._json: _Places | None = None

    def filling(self, texts: Sequence[str | None]) -> Sequence[str | None] | None:
        """What is put where the marks are, for `texts`; None where these need another look."""
        for number in self._plain:
            text = texts[number]
            if text is None or PLAIN.fullmatch(text) is None:
                return None
        if self._compared[0] and self._repeats(texts):
            return None
        if not self._quoted:
            return texts
        quotations = [texts[number] or "" for number in self._quoted]
        if any("%" in text or "\\" in text for text in quotations):
            return None
        return [*texts, *map(quoted, quotations)]

    def service(self, filling: Sequence[str | None]) -> Service:
        """The answer with `filling` in its places."""
        if not self._values:
            self._take_apart()
        values = self._values.copy()
        for at, (text, taken) in self._fields:
            values[at] = text % taken(filling)
        if self._cpes:
            values[_CPE] = tuple([text % taken(filling) for text, taken in self._cpes])
        return Service(*values)  # type: ignore[arg-type]  # each where it was

    def _take_apart(self) -> None:
        self._values = [getattr(self._whole, name) for name in _FIELDS]
        self._fields = [
            (at, _filler(_places(value)))
            for at, value in enumerate(self._values)
            if isinstance(value, str) and _MARK.search(value)
        ]
        if self._plain or self._quoted:
            self._cpes = [_filler(_places(name, self._moved)) for name in self._whole.cpe]

    def component(self, filling: Sequence[str | None]) -> str | None:
        """The answer's component, for the info of another."""
        if self._component is None:
            return None
        text, numbers = self._component
        return text % tuple([filling[number] for number in numbers])

    def encoded(self, filling: Sequence[str | None]) -> bytes:
        """`service` as a JSON object, without the way over it: a third of the time."""
        if self._json is None:
            self._json = _json(self._whole, self._moved)
        text, numbers = self._json
        return (text % tuple([_escaped(filling[number] or "") for number in numbers])).encode()

    def _repeats(self, texts: Sequence[str | None]) -> bool:
        compared, beside, all_beside = self._compared
        lower = [text.lower() for number in compared if (text := texts[number]) is not None]
        for at, text in enumerate(lower):
            if text in all_beside or any(other in text for other in beside):
                return True
            if any(text in other or other in text for other in lower[at + 1 :]):
                return True
        return False


def _json(service: Service, in_names: Mapping[int, int]) -> _Places:
    """`service` as JSON with places where its marks are; those of its CPE names as `in_names` moves them."""
    whole = json.encode(service).decode()
    if not in_names:
        return _places(whole)
    before, found, after = whole.partition(f'"cpe":{json.encode(service.cpe).decode()}')
    parts = [_places(before), _places(found, in_names), _places(after)]
    return "".join([text for text, _ in parts]), tuple([number for _, own in parts for number in own])


def _escaped(text: str) -> str:
    """`text` within a JSON string: what is captured has no control characters (`rule.cleaned`)."""
    if '"' in text or "\\" in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def _places(text: str, moved: Mapping[int, int] = MappingProxyType({})) -> _Places:
    """`text` with places where its marks are, some of them `moved`."""
    numbers = [ord(letter) - 97 for letter in _MARK.findall(text)]
    return _MARK.sub("%s", text.replace("%", "%%")), tuple([moved.get(number, number) for number in numbers])


def _filler(places: _Places) -> _Filler:
    text, numbers = places
    return text, itemgetter(*numbers) if numbers else _nothing


def _nothing(_: Sequence[str | None]) -> tuple[()]:
    return ()


def _to_be_plain(name: str, versions: Sequence[int]) -> list[int]:
    """The captures of which the CPE `name` would take a part only, or which are a part of one of its components."""
    marks = [
        (found[0] == component, ord(found[1]) - 97)
        for component in name.split(":")
        for found in _MARK.finditer(component)
    ]
    return [number for whole, number in marks if not whole or number in versions]
