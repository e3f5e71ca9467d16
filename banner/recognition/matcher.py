"""Many patterns in order, at the cost of few: an automaton over their literals picks the candidates.

The answer is the same as trying every pattern in its order. Patterns compile when they are first tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick

from .literals import Need
from .reading import LIMIT


class Matcher:
    """`patterns` (Python's syntax, with flags) in order, and what each needs (`literals.needs`)."""

    def __init__(
        self, patterns: Sequence[tuple[str, int]], needs: Sequence[Need], encoding: str = "utf-8"
    ) -> None:
        self._patterns = patterns
        self._encoding = encoding
        self._compiled: list[re.Pattern[str] | None] = [None] * len(patterns)
        self._needs = needs
        self._unnamed = [index for index, need in enumerate(needs) if not need.literals]
        self._unnamed_by_length: dict[int, list[int]] = {}
        owners: dict[bytes, list[int]] = {}
        for index, need in enumerate(needs):
            for literal in need.literals:
                owners.setdefault(literal, []).append(index)
        self._owners = list(owners.values())
        self._automaton = BytesAhoCorasick(list(owners)) if owners else None

    def candidates(self, text: str) -> list[int]:
        """The patterns that may match `text`, in order; every other one cannot."""
        unnamed = self._unnamed_by_length.get(len(text))
        if unnamed is None:
            unnamed = self._fitting(len(text))
        if self._automaton is None:
            return unnamed
        hits = self._automaton.find_matches_as_indexes(text.encode(self._encoding, "replace").lower(), True)
        if not hits:
            return unnamed
        found = set(unnamed)
        for literal in {hit[0] for hit in hits}:
            found.update(self._owners[literal])
        return sorted(found)

    def _fitting(self, length: int) -> list[int]:
        """The patterns without literals that a text of `length` can match; texts are no longer than 2,048."""
        fitting = [i for i in self._unnamed if self._needs[i].least <= length <= self._needs[i].most]
        if length <= LIMIT:
            self._unnamed_by_length[length] = fitting
        return fitting

    def matches(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Every pattern that matches `text`, in order, by its number."""
        compiled = self._compiled
        for index in self.candidates(text):
            pattern = compiled[index]
            if pattern is None:
                pattern = self._compile(index)
            match = pattern.search(text)
            if match is not None:
                yield index, match

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """The first pattern that matches `text`."""
        return next(self.matches(text), None)

    def every(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """`matches` without the automaton: what it must agree with."""
        for index in range(len(self._patterns)):
            match = (self._compiled[index] or self._compile(index)).search(text)
            if match is not None:
                yield index, match

    def _compile(self, index: int) -> re.Pattern[str]:
        # one by one and kept here: re's own cache holds 512 patterns and would only be churned
        compiled = self._compiled[index] = re.compile(*self._patterns[index])
        return compiled
