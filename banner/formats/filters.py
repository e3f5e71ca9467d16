"""Which records a person wants to see: conditions on columns, such as ``service=ssh`` or ``port=8000-8100``.

The columns are those of ``columns.COLUMNS``, and `FOUND`. ``product`` is looked for by the maker's name and the CPE
names too. Several conditions must all hold; a list after ``=`` means any of
it. Upper and lower case are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from ..addresses.blocks import AddressSet
from ..addresses.ports import UDP, carried_port, parse_ports
from ..models import End, Grab, Status, Transport
from ..text.lines import shown
from ..text.nearest import nearest, nearest_or_all
from .columns import COLUMNS, NAMES, row_of
from .naming import product_names, title_of, words_of
from .ordering import COMPARISONS, key_of
from .record import timestamp

Test = Callable[[Grab], bool]

_CONDITION: Final = re.compile(r"(\w+)(!=~|=~|!=|!~|<=|>=|<|>|=|~)(.*)", re.DOTALL)
_PLACE: Final = {name: at for at, name in enumerate(NAMES)}
_KIND: Final = dict(COLUMNS)
FOUND: Final[dict[str, Callable[[Grab], list[str]]]] = {
    "any": words_of,
    "title": lambda grab: [title] if (title := title_of(grab)) else [],
}
"""What is no column of a file and is looked for as one."""
WORDS: Final = {
    "status": frozenset(status.value for status in Status),
    "end": frozenset(end.value for end in End),
    "transport": frozenset(transport.value for transport in Transport),
}
"""The columns that hold one of a few words: any other is a mistake, and not merely found nowhere."""
COLUMN_NAMES: Final = (*NAMES, *FOUND)


def parse_condition(text: str) -> Test:
    """The test that `text` asks for: ``column=value[,value]``, ``column~part`` (contains), ``column=~regex``, and
    their contraries with ``!`` before; ``column<value``, ``<=``, ``>``, ``>=``. ``column=`` holds where there is
    nothing. Ports may be ranges, addresses networks.

    Raises `ValueError` with a reason fit for a person.
    """
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{shown(text)}: a condition is column=value, column~part, column=~regex, column<value or column>value"
        )
    name, operator, value = found.groups()
    check_column(name)
    test = _test(name, operator.removeprefix("!"), value)
    return (lambda grab: not test(grab)) if operator.startswith("!") else test


def check_column(name: str) -> None:
    """Raise `ValueError` where there is no column `name`, with the nearest that there are."""
    if name not in COLUMN_NAMES:
        within = [each for each in COLUMN_NAMES if name in each]
        raise ValueError(f"no column {shown(name)}" + nearest(name, within or COLUMN_NAMES, most=3))


def all_of(conditions: Iterable[str]) -> Test:
    """The test whether every one of `conditions` holds. Raises `ValueError`."""
    tests = [parse_condition(text) for text in conditions]
    return lambda grab: all(test(grab) for test in tests)


def texts_of(grab: Grab, name: str) -> list[str]:
    """What the column `name` says of `grab`: nothing, one text, or several."""
    if name in FOUND:
        return FOUND[name](grab)
    value = row_of(grab)[_PLACE[name]]
    if value is None:
        return []
    kind = _KIND[name]
    if kind == "list":
        return list(value)
    if kind == "flag":
        return ["true" if value else "false"]
    if kind == "bytes":
        return [value.decode("utf-8", "backslashreplace")]
    return [timestamp(value) if kind == "time" else str(value)]


def _looked_at(grab: Grab, name: str) -> list[str]:
    if name == "transport":
        return [grab.transport.value]  # the column is empty for TCP
    return product_names(grab) if name == "product" else texts_of(grab, name)


def _test(name: str, operator: str, value: str) -> Test:
    if operator == "=~":
        return _matches(name, value)
    if operator == "~":
        return _contains(name, value)
    return _equals(name, value) if operator == "=" else _compares(name, operator, value)


def _matches(name: str, regex: str) -> Test:
    try:
        found = re.compile(regex, re.IGNORECASE).search
    except re.error as error:
        raise ValueError(f"{name}=~{shown(regex)}: no regular expression: {error}") from None
    return lambda grab: any(found(text) for text in _looked_at(grab, name))


def _compares(name: str, operator: str, value: str) -> Test:
    key, holds = key_of(name), COMPARISONS[operator]
    try:
        bound = key(value)
    except ValueError as error:
        raise ValueError(f"{name}{operator}: {error}") from None
    return lambda grab: any(holds(key(text), bound) for text in texts_of(grab, name))


def _contains(name: str, part: str) -> Test:
    wanted = part.casefold()
    return lambda grab: any(wanted in text.casefold() for text in _looked_at(grab, name))


def _equals(name: str, value: str) -> Test:
    if not value:
        return lambda grab: not any(texts_of(grab, name))
    if name == "port":
        return _at(value)
    if name in ("ip", "host"):
        return _among(name, value)
    wanted = frozenset(value.casefold().split(","))
    for strange in wanted - WORDS.get(name, wanted):
        raise ValueError(f"no {name} {shown(strange)}{nearest_or_all(strange, sorted(WORDS[name]))}")
    return lambda grab: any(text.casefold() in wanted for text in _looked_at(grab, name))


def _at(value: str) -> Test:
    """Ports of TCP and UDP alike, or what the text says of them."""
    ports = frozenset(parse_ports(value))
    if max(ports, default=0) > UDP or "T:" in value or "/tcp" in value:
        return lambda grab: carried_port(grab.port, grab.transport) in ports
    return lambda grab: grab.port in ports


def _among(name: str, value: str) -> Test:
    """Addresses by network or range, names by their text."""
    names: set[str] = set()
    networks: list[str] = []
    for part in value.split(","):
        try:
            AddressSet.of([part])
            networks.append(part)
        except ValueError:
            names.add(part.casefold())
    addresses = AddressSet.of(networks)

    def holds(grab: Grab) -> bool:
        text: Any = getattr(grab, name)
        if text is None:
            return False
        try:
            return text.casefold() in names or text in addresses
        except ValueError:  # a name
            return False

    return holds
