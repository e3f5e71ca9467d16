"""Many patterns in order, at the cost of few: an automaton over their literals picks the candidates.

The answer is the same as trying every pattern in its order, within a budget: no text makes the searches cost more.
Which literals occur, the first character and the length decide who is a candidate; greetings of one kind agree in
these, so each such choice is made once and remembered.
Patterns are taken up, or compiled, when they are first tried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Protocol

from .choice import Choice
from .compiled import compiled
from .need import FREE, Need, Price
from .products import Together
from .table import Decoded


class Among(Protocol):
    """Some of the patterns, by their numbers; hashable, since choices among them are remembered."""

    def __contains__(self, index: int, /) -> bool: ...

    def __hash__(self) -> int: ...


_Try = Callable[[str], re.Match[str] | None]

_SHORT = 512
"""Bytes of a text in which thousands of literals are looked for one by one in less time than an automaton of them takes
to build."""
_Hit = tuple[int, int, int]
"""A literal's number, and where it begins and ends."""
_Find = Callable[[bytes, bool], list[_Hit]]

_CHOICES = 2048
"""Choices of candidates that are remembered; a scan of many kinds of servers makes some hundreds."""
_KINDS = 512
"""... of patterns that need no literal, by the first character and the length of a text."""
_HITS = 24
"""Occurrences of literals up to which a choice is remembered: longer lists are those of pages, each with its own."""

_literal = itemgetter(0)
_NONE = Choice((), {}, {})
"""Where each pattern needs a literal, and the text has none."""


class Matcher:
    """`patterns` (Python's syntax, with flags) in order, and what each needs (`literals.needs`)."""

    def __init__(
        self, patterns: Sequence[tuple[str, int]], needs: Sequence[Need], encoding: str = "utf-8"
    ) -> None:
        self._patterns = patterns
        self._encoding = encoding
        self._needs = needs
        self._prices = Decoded([need.priced for need in needs], Price)
        self._compiled: list[re.Pattern[str] | None] = [None] * len(needs)
        # How each pattern is tried on a single line and on several: one that begins with ^ is held against the
        # beginning alone where no other line can begin.
        self._on_line: list[_Try | None] = [None] * len(needs)
        self._on_lines: list[_Try | None] = [None] * len(needs)
        self._unnamed = [index for index, need in enumerate(needs) if not need.literals]
        self._lengths = sorted({n for i in self._unnamed for n in (needs[i].least, needs[i].most + 1)})
        owners: dict[bytes, list[int]] = {}
        for index, need in enumerate(needs):
            for literal in need.literals:
                owners.setdefault(literal, []).append(index)
        self._owners = list(owners.values())
        self._literals = list(owners)
        self._find: _Find = self._look
        self._choices: dict[object, Choice] = {}
        self._together: dict[object, Together] = {}
        self._unnamed_in = lru_cache(_KINDS)(self._unnamed_of)

    def candidates(self, text: str) -> Iterable[int]:
        """The patterns that are tried on `text`, in order. All others cannot match, or would cost more than is left of
        the budget.
        """
        choice = self._chosen(text, "\n" in text)
        return choice.patterns if len(text) <= choice.fits else choice.affordable(text)

    def _look(self, text: bytes, overlapping: bool) -> list[_Hit]:
        """What the automaton would find, each once: a process that reads one greeting is over before that is built."""
        self._find = self._build
        if len(text) > _SHORT:
            return self._build(text, overlapping)
        find = text.find  # in a third of the time of `in`, which for bytes raises and drops an exception
        return [(number, 0, 0) for number, literal in enumerate(self._literals) if find(literal) >= 0]

    def _build(self, text: bytes, overlapping: bool) -> list[_Hit]:
        """Build the automaton, and ask it."""
        from ahocorasick_rs import BytesAhoCorasick

        self._find = BytesAhoCorasick(self._literals).find_matches_as_indexes if self._literals else _nothing
        return self._find(text, overlapping)

    def _chosen(self, text: str, lines: bool, among: Among | None = None) -> Choice:
        hits = self._find(text.encode(self._encoding, "replace").lower(), True)
        if not hits and not self._unnamed:
            return _NONE
        if len(hits) > _HITS:
            return self._choose(text, {hit[0] for hit in hits}, among)
        key = (among, bisect_right(self._lengths, len(text)), text[:1], lines, *map(_literal, hits))
        if (chosen := self._choices.get(key)) is None:
            if len(self._choices) >= _CHOICES:
                self._choices.clear()
            chosen = self._choices[key] = self._choose(text, {hit[0] for hit in hits}, among)
        return chosen

    def _choose(self, text: str, literals: set[int], among: Among | None) -> Choice:
        first, lines = text[:1], "\n" in text
        needs = self._needs
        named = {i for literal in literals for i in self._owners[literal] if needs[i].may_begin(first, lines)}
        found = sorted(named.union(self._unnamed_in(bisect_right(self._lengths, len(text)), first, lines)))
        if among is not None:
            found = [i for i in found if i in among]
        return Choice(found, {i: self._prices[i] for i in found if needs[i].priced != FREE}, self._together)

    def _unnamed_of(self, length: int, first: str, lines: bool) -> list[int]:
        """The patterns that need no literal and may match a text that lies between `length` of the lengths."""
        shortest = self._lengths[length - 1] if length else 0
        fitting = [i for i in self._unnamed if self._needs[i].least <= shortest <= self._needs[i].most]
        return [i for i in fitting if self._needs[i].may_begin(first, lines)]

    def matches(self, text: str, among: Among | None = None) -> Iterator[tuple[int, re.Match[str]]]:
        """Every pattern (`among` some) that matches `text`, in order, by its number."""
        lines = "\n" in text
        tries = self._on_lines if lines else self._on_line
        choice = self._chosen(text, lines, among)
        for index in choice.patterns if len(text) <= choice.fits else choice.affordable(text):
            if (match := (tries[index] or self._prepared(tries, index))(text)) is not None:
                yield index, match

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """The first pattern that matches `text`."""
        lines = "\n" in text
        tries = self._on_lines if lines else self._on_line
        choice = self._chosen(text, lines)
        for index in choice.patterns if len(text) <= choice.fits else choice.affordable(text):
            if (match := (tries[index] or self._prepared(tries, index))(text)) is not None:
                return index, match
        return None

    def every(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """`matches` without the automaton: what it must agree with."""
        for index in range(len(self._needs)):
            match = (self._compiled[index] or self._compile(index)).search(text)
            if match is not None:
                yield index, match

    def _prepared(self, tries: list[_Try | None], index: int) -> _Try:
        pattern = self._compiled[index] or self._compile(index)
        alone = tries is self._on_line or not pattern.flags & re.MULTILINE
        tried = tries[index] = pattern.match if alone and self._needs[index].anchored else pattern.search
        return tried

    def _compile(self, index: int) -> re.Pattern[str]:
        # one by one and kept here: re's own cache holds 512 patterns and would only be churned
        found = self._compiled[index] = compiled(*self._patterns[index], self._needs[index].code)
        return found


def _nothing(text: bytes, overlapping: bool) -> list[_Hit]:
    return []
