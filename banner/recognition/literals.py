"""Which literals a pattern needs: if none of them occurs in a text, the pattern cannot match it.

Read off the parse tree of the stdlib's own parser. A *clause* is a set of lower-case strings of which at
least
one must occur; a pattern has several, and the one that will let the fewest texts through is chosen. Case is
folded on both sides (ASCII only, on bytes), so ``[Ss]erver`` and ``(?i)server`` yield ``server``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log2
from typing import Any

from .beginnings import beginning
from .compiled import code_of
from .cost import cost_of_tree
from .need import Need, price
from .tree import parsed

Clause = frozenset[bytes]

MOST = 96
"""Alternatives of one clause: with more, the automaton says little about the pattern."""
LONGEST = 48
"""Bytes of one literal: longer ones tell no more and cost memory."""
_ANY = 1 << 20
"""Longer than any text that is matched."""
SHORTEST = 3
"""Bytes of a literal worth asking for; shorter ones occur everywhere."""


def needs(patterns: Iterable[tuple[str, int]], encoding: str = "utf-8") -> list[Need]:
    """What each of `patterns` (Python's syntax, with its flags) needs. Raises `re.error` and `RecursionError`.

    Of a pattern's clauses that one is taken whose literals are long and shared by few other patterns: a rare
    word lets few texts through.
    """
    trees = [(flags, parsed(pattern, flags)) for pattern, flags in patterns]
    prices = [price(cost_of_tree(tree), tree.getwidth()[0]) for _, tree in trees]
    clauses = [list(dict.fromkeys(_Collector(encoding).collect(tree))) for _, tree in trees]
    shared = Counter(literal for found in clauses for clause in found for literal in clause)
    return [
        Need(
            sorted(_best(found, shared)),
            *_widths(tree, flags),
            *beginning(tree, flags),
            bool(flags & re.MULTILINE),
            priced,
            code_of(tree, flags),
        )
        for (flags, tree), found, priced in zip(trees, clauses, prices, strict=True)
    ]


def _widths(tree: Any, flags: int) -> tuple[int, int]:
    """The shortest text that can match, and the longest, known only where both ends are anchored."""
    least, most = tree.getwidth()
    ends = (str(tree[0]), str(tree[-1])) if len(tree) > 1 else ("", "")
    anchored = ends[0].startswith("(AT, AT_BEGINNING") and ends[1].startswith("(AT, AT_END")
    if not anchored or flags & re.MULTILINE:
        return least, _ANY
    return least, min(most + 1, _ANY)  # AT_END also stands before a last LF


def groups_of(pattern: str, flags: int) -> int:
    """How many groups `pattern` captures. Raises `re.error`: cheaper than compiling to find out."""
    return int(parsed(pattern, flags).state.groups) - 1


def _best(found: list[Clause], shared: Counter[bytes]) -> Clause:
    return max(found, key=lambda clause: _worth(clause, shared), default=frozenset())


def _worth(clause: Clause, shared: Counter[bytes]) -> float:
    return min(min(len(text), 16) - 2.0 * log2(shared[text]) for text in clause) - log2(len(clause))


class _Collector:
    """Walks one parse tree. ``run`` is the literal that goes on at this point of the walk."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.run: list[bytes] = []
        self.found: list[Clause] = []

    def collect(self, tree: Iterable[Any]) -> list[Clause]:
        self._walk(tree)
        self._break()
        return self.found

    def _break(self) -> None:
        literal = b"".join(self.run)
        self.run = []
        if _tells(literal):
            self.found.append(frozenset((literal[-LONGEST:],)))

    def _walk(self, tree: Iterable[Any]) -> None:
        for operation, argument in tree:
            getattr(self, f"_{str(operation).lower()}", self._other)(argument)

    def _other(self, argument: Any) -> None:
        self._break()

    def _literal(self, code: int) -> None:
        try:
            self.run.append(chr(code).encode(self.encoding).lower())
        except UnicodeEncodeError:  # of no text in this encoding
            self._break()

    def _at(self, where: Any) -> None:
        """A place, not a character: the run goes on."""

    def _in(self, members: list[Any]) -> None:
        """A set whose members are one letter in both cases is that letter."""
        letters = {
            code | 0x20 if 65 <= code <= 90 else code for kind, code in members if str(kind) == "LITERAL"
        }
        if len(letters) == 1 and len(members) <= 2 and all(str(kind) == "LITERAL" for kind, _ in members):
            letter = letters.pop()
            if letter < 128:
                self.run.append(bytes((letter,)))
                return
        self._break()

    def _subpattern(self, argument: Any) -> None:
        self._walk(argument[3])

    def _atomic_group(self, body: Any) -> None:
        self._walk(body)

    def _max_repeat(self, argument: Any) -> None:
        least, most, body = argument
        if least == 0:
            self._break()
            return
        for _ in range(min(least, 4)):
            self._walk(body)
        if least != most or least > 4:
            self._break()

    _min_repeat = _max_repeat
    _possessive_repeat = _max_repeat

    def _assert(self, argument: Any) -> None:
        self._break()
        self.found += _Collector(self.encoding).collect(argument[1])

    def _assert_not(self, argument: Any) -> None:
        self._break()

    def _branch(self, argument: Any) -> None:
        """One of several: the best clause of each, together; the run ends before and after."""
        self._break()
        together: set[bytes] = set()
        for branch in argument[1]:
            found = _Collector(self.encoding).collect(branch)
            if not found:
                return
            together |= max(found, key=lambda clause: min(map(len, clause)))
        if len(together) <= MOST:
            self.found.append(frozenset(together))


def _tells(literal: bytes) -> bool:
    """Whether a literal is worth asking for: long enough, and not one repeated byte (floods consist of
    those)."""
    return len(literal) >= SHORTEST and len(set(literal)) > 1
