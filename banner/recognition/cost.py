"""What a search costs at most, as a formula over the text: how often a literal occurs, how long a run of a set is.

A backtracking search that fails tries every way in which the pattern's repeats can share the text. A repeat ends in
one way where it cannot take what comes next itself; before a literal it ends in as many ways as that literal occurs,
else in as many as its run is long. What happens along one route through a pattern multiplies, routes add up:
``^A.*B.*C.*D`` costs ``"b" x "c" x run``. So each pattern has a sum of products (`products`), read off its parse tree
from the end to the beginning. Patterns in which a repeat is ambiguous (`ambiguity`) have no such formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .alphabet import EVERY, LF, WORD, characters, described, is_set
from .ambiguity import bodies, single
from .products import LINES, LOOKING, TEXT, Product, Sum, larger, plus, times
from .tree import UNBOUNDED, parsed

_STEP, _TAKEN, _GIVEN_BACK, _TRIED, _ROUND = 10.0, 4.0, 6.0, 16.0, 110.0
"""Nanoseconds: of one operation, of a character that a greedy repeat takes, of one that it gives back where no one
character must come next, of one that a lazy repeat tries, of one round of a repeated group."""
_UNROLLED = 12
"""Repetitions up to which a bounded repeat of a group is written out."""
_LONGEST = 24
"""Characters of a literal: longer ones are no rarer."""


class _Way(NamedTuple):
    """One way to go on from a place in the pattern, and what that costs, all that follows included."""

    first: int
    """The characters with which it goes on."""
    literal: str
    """What it begins with, lower case; empty where that is not one text."""
    end: bool
    """Whether the pattern has ended: the search has succeeded, and no other way is tried."""
    cost: Sum
    boundary: bool = False
    """Whether a word must begin or end here."""
    later: str = ""
    """What comes after a few characters, lower case; empty where that is not one text."""
    over: frozenset[int] = frozenset()
    """Costs of ways that are not tried where this one was gone: it gives nothing back."""
    begins: str = ""
    """``^`` at the beginning of the text, `LINES` at that of a line."""


_END = _Way(0, "", True, {})


def cost_of(pattern: str, flags: int) -> list[Product]:
    """The cost of searching for `pattern` in nanoseconds, a sum of products. Raises `re.error`."""
    return cost_of_tree(parsed(pattern, flags))


def cost_of_tree(tree: Any) -> list[Product]:
    """`cost_of` a pattern that is parsed already."""
    total: Sum = {(TEXT,): LOOKING}
    for way in _before_all(tree, tree.state.flags, [_END]):
        often = (way.begins or "=") + way.literal
        if not way.begins:
            often = TEXT if way.end else _rarest(way.first, way)
        total = plus(total, times(way.cost, often))
    return [(cost, factors) for factors, cost in total.items()]


def _before_all(tree: Sequence[Any], flags: int, ways: list[_Way]) -> list[_Way]:
    """The ways to go on where `tree` stands before `ways`."""
    for operation, argument in reversed(tree):
        ways = _before(str(operation), argument, flags, ways)
    return ways


def _before(name: str, argument: Any, flags: int, ways: list[_Way]) -> list[_Way]:
    if is_set(name):
        return [_taking(characters(name, argument, flags), ways)]
    if name.endswith("_REPEAT"):
        if single(argument[2]):
            return _run(name, argument, _set_of(argument[2], flags), ways)
        return _group(name, argument, flags, ways)
    if name == "AT":
        return [_at(str(argument), flags, way) for way in ways]
    if name in ("ASSERT", "ASSERT_NOT"):
        return _looking(name, argument, flags, ways)
    if name == "ATOMIC_GROUP":
        return _alone(_before_all(argument, flags, [_END]), ways)
    if name == "GROUPREF":
        return [_Way(EVERY, "", False, plus({(described(EVERY),): _STEP}, _one_of(ways)))]
    found: list[_Way] = []
    for body, own, _ in bodies(name, argument, flags):
        found += _before_all(body, own, ways)
    return _merged(found)


def _taking(taken: int, ways: list[_Way]) -> _Way:
    """One character of a set."""
    letter = _letter(taken)
    after = ways[0] if len(ways) == 1 else _END
    literal = (letter + after.literal)[:_LONGEST] if letter else ""
    later = max(after.literal, after.later, key=len) if not letter else after.later
    cost = {**after.cost, (): after.cost.get((), 0.0) + 2 * _STEP} if len(ways) == 1 else _one_of(ways)
    return _Way(taken, literal, False, cost, later=later)


def _one_of(ways: Iterable[_Way]) -> Sum:
    """What trying `ways` costs at one place: of those that exclude each other, the dearest."""
    apart: list[tuple[list[_Way], Sum]] = []
    for way in ways:
        for group, cost in apart:
            if all(_exclusive(way, other) for other in group):
                group.append(way)
                cost.update(larger(cost, way.cost))
                break
        else:
            apart.append(([way], dict(way.cost)))
    total: Sum = {(): _STEP}
    for _, cost in apart:
        total = plus(total, cost)
    return total


def _exclusive(one: _Way, two: _Way) -> bool:
    if id(two.cost) in one.over or id(one.cost) in two.over:
        return True
    if one.end or two.end:
        return False
    both = min(len(one.literal), len(two.literal))
    return not one.first & two.first or one.literal[:both] != two.literal[:both]


def _merged(ways: list[_Way]) -> list[_Way]:
    """Ways that begin alike as one, where they are many."""
    if len(ways) <= 8:
        return ways
    together: dict[object, _Way] = {}
    for way in ways:
        key = (way.first, way.literal[:3], way.end, way.boundary, way.begins)
        other = together.get(key)
        if other is None:
            together[key] = way
        else:
            joined = larger if _exclusive(way, other) else plus
            together[key] = other._replace(
                literal=way.literal[:3], later="", cost=joined(other.cost, way.cost)
            )
    return list(together.values())


# -- repeats ------------------------------------------------------------------------------------------


def _run(name: str, argument: Any, taken: int, ways: list[_Way]) -> list[_Way]:
    """A repeated set."""
    least, most, _ = argument
    run = f"{'' if most == UNBOUNDED else most}{described(taken)}"
    once = name.startswith("POSSESSIVE") or least == most
    back = 0.0 if once or all(way.literal or way.end for way in ways) else _GIVEN_BACK
    each = _TRIED if name.startswith("MIN") else _TAKEN + back
    cost: Sum = {(run,): each, (): _STEP} if most > 1 else {(): _STEP}
    inside: Sum = {}
    for way in ways:
        inside = plus(inside, times(way.cost, None if once else _ends(taken, way, most)))
    literal = _letter(taken) if least else ""
    over = frozenset(id(way.cost) for way in ways) if name.startswith("POSSESSIVE") else frozenset()
    found = [_Way(taken, literal, False, plus(cost, inside), over=over)]
    return found if least else [*found, *ways]


def _ends(taken: int, way: _Way, most: int) -> str | None:
    """In how many places a run can end before `way`: the factor for it, None for one."""
    first = way.first & ~WORD if way.boundary and not taken & ~WORD else way.first
    if way.end or not taken & first or most <= 1:
        return None
    return ("" if most == UNBOUNDED else str(most)) + _rarest(taken & first, way)


def _rarest(first: int, way: _Way) -> str:
    """The factor that says where `way` can begin, with one of the characters `first`."""
    if len(way.later) > max(1, len(way.literal)):
        return "=" + way.later
    return "=" + way.literal if way.literal else "#" + described(first)


def _group(name: str, argument: Any, flags: int, ways: list[_Way]) -> list[_Way]:
    """A repeated group."""
    least, most, body = argument
    if name.startswith("POSSESSIVE"):
        inner = _group("MAX_REPEAT", argument, flags, [_END])
        return _alone(inner, ways)
    if most <= _UNROLLED:
        found = ways
        for number in range(most, 0, -1):
            found = _before_all(body, flags, found)
            if number > least:
                found = _merged([*found, *ways])
        return found
    begins = _before_all(body, flags, [_END])
    first = 0
    for way in begins:
        first |= way.first
    again = _Way(first, "", False, {(): _STEP})
    inside = _before_all(body, flags, [again, *(way._replace(cost={}) for way in ways)])
    every = ("" if most == UNBOUNDED else str(most)) + described(_all_of(body, flags))
    cost: Sum = plus({(every,): _ROUND}, {factors: 2 * own for factors, own in _one_of(inside).items()})
    for way in ways:
        ends = None if way.end or not first & way.first else _rarest(first & way.first, way)
        cost = plus(cost, times(way.cost, ends))
    literal = inside[0].literal if least and len(inside) == 1 else ""
    found = [_Way(first, literal, False, cost)]
    return found if least else [*found, *ways]


def _alone(inner: list[_Way], ways: list[_Way]) -> list[_Way]:
    """What gives nothing back, and then `ways`."""
    after = _one_of(ways)
    over = frozenset(id(way.cost) for way in ways)
    found = [way._replace(cost=plus(way.cost, after), over=over) for way in inner if not way.end]
    return [*found, *ways] if len(found) < len(inner) else found


# -- what takes nothing -------------------------------------------------------------------------------


def _at(where: str, flags: int, way: _Way) -> _Way:
    if where in ("AT_END", "AT_END_STRING"):
        literal = "\n" if flags & re.MULTILINE and where == "AT_END" else ""
        return _Way(LF, literal, False, plus(way.cost, {(): _STEP}))
    if where == "AT_BOUNDARY":
        return way._replace(first=EVERY if way.end else way.first, end=False, boundary=True)
    if where == "AT_BEGINNING" and flags & re.MULTILINE:
        return way._replace(begins=LINES)
    if where in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
        return way._replace(begins="^")
    return way._replace(first=EVERY if way.end else way.first, end=False)


def _looking(name: str, argument: Any, flags: int, ways: list[_Way]) -> list[_Way]:
    """A look ahead or behind: what comes next must begin as it says, or must not."""
    direction, body = argument
    inner = _before_all(body, flags, [_END])
    cost = _one_of(inner)
    allowed = EVERY
    if direction > 0 and not any(way.end for way in inner):
        first = 0
        for way in inner:
            first |= way.first
        if name == "ASSERT":
            allowed = first
        elif len(body) == 1 and is_set(str(body[0][0])):
            allowed = EVERY & ~first
    found = []
    for way in ways:
        own = allowed & (EVERY if way.end else way.first)
        literal = way.literal
        if not literal and name == "ASSERT" and direction > 0 and len(inner) == 1:
            literal = inner[0].literal
        found.append(way._replace(first=own, literal=literal, end=False, cost=plus(way.cost, cost)))
    return found


# -- sets ---------------------------------------------------------------------------------------------


def _letter(bits: int) -> str:
    """The one character of a set, in lower case, also where it stands for both cases; else nothing."""
    if bits >= 1 << 256 or bits.bit_count() > 2 or not bits:
        return ""
    low, high = (bits & -bits).bit_length() - 1, bits.bit_length() - 1
    return chr(high).lower() if low == high or chr(low).lower() == chr(high) else ""


def _set_of(body: Sequence[Any], flags: int) -> int:
    name, argument = str(body[0][0]), body[0][1]
    if name == "SUBPATTERN":
        return _set_of(argument[3], (flags | argument[1]) & ~argument[2])
    return characters(name, argument, flags)


def _all_of(body: Sequence[Any], flags: int) -> int:
    """All characters that a match of `body` can hold."""
    bits = 0
    for operation, argument in body:
        name = str(operation)
        if is_set(name):
            bits |= characters(name, argument, flags)
        elif name.endswith("_REPEAT"):
            bits |= _all_of(argument[2], flags)
        elif name == "GROUPREF":
            return EVERY
        elif name not in ("ASSERT", "ASSERT_NOT"):
            for inner, own, _ in bodies(name, argument, flags):
                bits |= _all_of(inner, own)
    return bits
