"""Whether a text can be matched in two ways under a repeat: then a search that fails can take exponential time.

Read off the parse tree of the stdlib's parser. The body of each repeat becomes an automaton whose states are the
places that take a character (Glushkov's), whose edges are counted: from place to place in two ways, as in
``(a+)+``, is ambiguous already. Otherwise two walks from one place, over one text, to one place, which differ on their
way, are looked for among the pairs of places (Weber and Seidl, "On the degree of ambiguity of finite automata",
1991). Places in lookarounds are left out and anchors are taken to hold: that can only find too much. Possessive
repeats and atomic groups, which give nothing back, are honoured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .alphabet import EVERY, characters, is_set
from .tree import UNBOUNDED, parsed

_UNROLLED = 24
"""Repetitions up to which a bounded repeat is written out; a longer one is taken for an unbounded one."""
_PLACES = 600
"""Places of one repeat's body beyond which it is not looked into, and taken to be ambiguous."""


class _Exit(NamedTuple):
    """How a place is left: in how many ways (1, or 2 for more), and with which characters next."""

    ways: int
    next: int


class _Part(NamedTuple):
    """A part of a body: where it begins and ends, in how many ways it is empty, and what it then forbids next."""

    first: dict[int, int]
    last: dict[int, _Exit]
    empty: int
    next: int = EVERY


_NOTHING = _Part({}, {}, 1)


def ambiguous_repeat(pattern: str, flags: int) -> str | None:
    """The last repeat of `pattern` under which one text can be matched in two ways, told by its body; None where there
    is none, or where nothing behind it can fail, so that the other ways are never tried. Raises `re.error`.
    """
    tree = parsed(pattern, flags)
    return next(_ambiguous(tree, tree.state.flags, False), None)


def unambiguous(pattern: str, flags: int) -> None:
    """Raises `ValueError` where a search for `pattern` can take exponential time, and `re.error`."""
    repeat = ambiguous_repeat(pattern, flags)
    if repeat is not None:
        raise ValueError(
            f"can take exponential time: one text is matched in two ways under the repeat of {repeat!r}"
            f" in {pattern[:120]!r}"
        )


def _ambiguous(tree: Sequence[Any], flags: int, fails: bool) -> Iterator[str]:
    """`fails`: whether what comes after `tree` can fail, so that `tree` is asked for its other ways."""
    for at in range(len(tree) - 1, -1, -1):
        name, argument = str(tree[at][0]), tree[at][1]
        if name.endswith("_REPEAT"):
            yield from _in_repeat(name, argument, flags, fails)
        else:
            for body, own, alone in bodies(name, argument, flags):
                yield from _ambiguous(body, own, fails and not alone)
        fails = fails or can_fail(name, argument)


def _in_repeat(name: str, argument: Any, flags: int, fails: bool) -> Iterator[str]:
    least, most, body = argument
    possessive = name.startswith("POSSESSIVE")
    again = most > 1 and (least > 1 or not possessive)
    repeats = fails and not possessive and most > _UNROLLED and not single(body)
    if repeats and _Automaton().is_ambiguous(body, flags):
        yield told(body)
        return
    yield from _ambiguous(body, flags, not possessive and (fails or (again and least > 0)))


def bodies(name: str, argument: Any, flags: int) -> list[tuple[Any, int, bool]]:
    """What an operation other than a repeat holds: each body, its flags, and whether it gives nothing back."""
    if name == "SUBPATTERN":
        return [(argument[3], (flags | argument[1]) & ~argument[2], False)]
    if name == "ATOMIC_GROUP":
        return [(argument, flags, True)]
    if name == "BRANCH":
        return [(branch, flags, False) for branch in argument[1]]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [(argument[1], flags, True)]
    if name == "GROUPREF_EXISTS":
        return [(branch, flags, False) for branch in argument[1:] if branch is not None]
    return []


def can_fail(name: str, argument: Any) -> bool:
    """Whether an operation can fail wherever it stands."""
    if name.endswith("_REPEAT"):
        return bool(argument[0]) and any(can_fail(str(op), arg) for op, arg in argument[2])
    if name == "SUBPATTERN":
        return any(can_fail(str(op), arg) for op, arg in argument[3])
    if name == "ATOMIC_GROUP":
        return any(can_fail(str(op), arg) for op, arg in argument)
    if name == "BRANCH":
        return all(any(can_fail(str(op), arg) for op, arg in branch) for branch in argument[1])
    return True


def single(body: Sequence[Any]) -> bool:
    """Whether a repeat's body takes exactly one character in one way."""
    if len(body) != 1:
        return False
    name, argument = str(body[0][0]), body[0][1]
    return single(argument[3]) if name == "SUBPATTERN" else is_set(name)


class _TooMany(Exception):  # noqa: N818 - not an error
    """More places than are looked into."""


class _Automaton:
    """The places of one repeat's body, and the edges between them."""

    def __init__(self) -> None:
        self.sets: list[int] = []
        self.edges: list[dict[int, _Exit]] = []

    def is_ambiguous(self, body: Sequence[Any], flags: int) -> bool:
        """Whether repeating `body` matches one text in two ways."""
        try:
            part = self._sequence(body, flags, False)
        except _TooMany:
            return True
        self._join(part.last, part.first)
        return self._counted_twice() or self._two_walks()

    # -- building -----------------------------------------------------------------------------------

    def _place(self, bits: int) -> _Part:
        if len(self.sets) >= _PLACES:
            raise _TooMany
        self.sets.append(bits)
        self.edges.append({})
        place = len(self.sets) - 1
        return _Part({place: 1}, {place: _Exit(1, EVERY)}, 0)

    def _join(self, last: dict[int, _Exit], first: dict[int, int]) -> None:
        for place, left in last.items():
            for to, ways in first.items():
                if left.next & self.sets[to]:
                    before = self.edges[place].get(to)
                    count = left.ways * ways + (before.ways if before else 0)
                    allowed = left.next | (before.next if before else 0)
                    self.edges[place][to] = _Exit(min(count, 2), allowed)

    def _sequence(self, body: Sequence[Any], flags: int, atomic: bool) -> _Part:
        part = _NOTHING
        for at, (operation, argument) in enumerate(body):
            rest = atomic and not any(can_fail(str(op), arg) for op, arg in body[at + 1 :])
            part = self._then(part, self._item(str(operation), argument, flags, rest))
        return part

    def _then(self, one: _Part, two: _Part) -> _Part:
        self._join(one.last, two.first)
        first = dict(one.first)
        if one.empty:
            for place, ways in two.first.items():
                if self.sets[place] & one.next:
                    first[place] = min(2, first.get(place, 0) + ways * one.empty)
        last = dict(two.last)
        if two.empty:
            for place, left in one.last.items():
                last[place] = _Exit(min(2, left.ways * two.empty), left.next & two.next)
        return _Part(first, last, min(2, one.empty * two.empty), one.next & two.next)

    def _item(self, name: str, argument: Any, flags: int, atomic: bool) -> _Part:
        if is_set(name):
            return self._place(characters(name, argument, flags))
        if name.endswith("_REPEAT"):
            return self._repeat(name, argument, flags, atomic)
        if name in ("GROUPREF", "ANY_ALL"):
            part = self._place(EVERY)
            self._join(part.last, part.first)
            return part._replace(empty=1)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            return _NOTHING
        if name == "ATOMIC_GROUP":
            return self._sequence(argument, flags, True)
        parts = [self._sequence(body, own, atomic) for body, own, _ in bodies(name, argument, flags)]
        return _either(parts) if parts else _NOTHING

    def _repeat(self, name: str, argument: Any, flags: int, atomic: bool) -> _Part:
        least, most, body = argument
        greedy = name.startswith("POSSESSIVE") or (atomic and name.startswith("MAX"))
        if most > _UNROLLED:
            return self._unbounded(least, most, body, flags, greedy)
        part = _NOTHING
        for number in range(most, 0, -1):
            one = self._then(self._sequence(body, flags, atomic), part)
            part = one if number <= least else _either([one, _NOTHING])
        return part

    def _unbounded(self, least: int, most: int, body: Sequence[Any], flags: int, greedy: bool) -> _Part:
        part = self._sequence(body, flags, False)
        self._join(part.last, part.first)
        empty = part.empty if least else min(2, part.empty + 1)
        if greedy and most == UNBOUNDED and single(body):  # nothing that it takes can come next
            taken = self.sets[next(iter(part.first))]
            last = {place: _Exit(left.ways, left.next & ~taken) for place, left in part.last.items()}
            return _Part(part.first, last, empty, EVERY & ~taken if not least else EVERY)
        return part._replace(empty=empty)

    # -- asking -------------------------------------------------------------------------------------

    def _counted_twice(self) -> bool:
        return any(left.ways > 1 for edges in self.edges for left in edges.values())

    def _two_walks(self) -> bool:
        """Whether from one place two walks over one text part and meet again."""
        after: dict[tuple[int, int], set[tuple[int, int]]] = {}
        waiting = [(place, place) for place in range(len(self.sets))]
        while waiting:
            pair = waiting.pop()
            if pair in after:
                continue
            after[pair] = set(self._successors(*pair))
            waiting += after[pair]
        before: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for pair, successors in after.items():
            for successor in successors:
                before.setdefault(successor, []).append(pair)
        return any(one != two for met in after if met[0] == met[1] for one, two in before.get(met, ()))

    def _successors(self, one: int, two: int) -> Iterator[tuple[int, int]]:
        for to_one, left in self.edges[one].items():
            allowed = self.sets[to_one] & left.next
            for to_two, other in self.edges[two].items():
                if allowed & self.sets[to_two] & other.next:
                    yield (to_one, to_two) if to_one <= to_two else (to_two, to_one)


def _either(parts: Sequence[_Part]) -> _Part:
    first: dict[int, int] = {}
    last: dict[int, _Exit] = {}
    empty = 0
    for part in parts:
        first |= part.first
        last |= part.last
        empty += part.empty
    allowed = EVERY if sum(bool(part.empty) for part in parts) != 1 else 0
    for part in parts:
        if part.empty and not allowed:
            return _Part(first, last, min(2, empty), part.next)
    return _Part(first, last, min(2, empty), EVERY)


def told(body: Sequence[Any]) -> str:
    """The literals of a repeat's body, for a person to find it by."""
    return "".join(_told(body))[:60]


def _told(body: Sequence[Any]) -> Iterator[str]:
    for operation, argument in body:
        name = str(operation)
        if name == "LITERAL":
            yield chr(argument)
        elif is_set(name):
            yield "."
        elif name.endswith("_REPEAT"):
            yield from _told(argument[2])
            yield "*"
        else:
            for inner, _, _ in bodies(name, argument, 0):
                yield from _told(inner)
