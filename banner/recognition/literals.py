"""Which literals a pattern needs: if none of them occurs in a text, the pattern cannot match it.

Read off the parse tree of the stdlib's own parser. A *clause* is a set of lower-case strings of which at
least
one must occur; a pattern has several, and the one that will let the fewest texts through is chosen. Case is
folded on both sides (ASCII only, on bytes), so ``[Ss]erver`` and ``(?i)server`` yield ``server``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set
from math import log2
from typing import Any

from ahocorasick_rs import BytesAhoCorasick

from .beginnings import beginning
from .compiled import code_of
from .cost import cost_of_tree
from .need import Need, price
from .tree import parsed

Clause = frozenset[bytes]

MOST = 96
"""Alternatives of one clause: with more, the automaton says little about the pattern."""
JOINED = 16
"""Literals up to which the alternatives of a pattern are multiplied out: ``T[DL]-(?:WR|WA)`` is four."""
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
    shared = _shared(clauses)
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


def _shared(clauses: list[list[Clause]]) -> Counter[bytes]:
    """In how many patterns' literals each literal occurs: what many have a part of is in many texts."""
    known = list({literal for found in clauses for clause in found for literal in clause})
    find = BytesAhoCorasick(known).find_matches_as_indexes
    shared: Counter[bytes] = Counter()
    for found in clauses:
        own = {literal for clause in found for literal in clause}
        shared.update(known[at] for at in {hit[0] for literal in own for hit in find(literal, True)})
    return shared


def _best(found: list[Clause], shared: Counter[bytes]) -> Clause:
    return max(found, key=lambda clause: _worth(clause, shared), default=frozenset())


def _worth(clause: Clause, shared: Counter[bytes]) -> float:
    return min(min(len(text), 24) - 2.0 * log2(shared[text]) for text in clause) - log2(len(clause))


class _Collector:
    """Walks one parse tree. ``runs`` are the literals, one of which goes on at this point of the walk."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.runs: list[bytes] = [b""]
        self.found: list[Clause] = []
        self.whole = True
        """Whether what was walked so far is one of `runs`, and nothing else."""

    def collect(self, tree: Iterable[Any]) -> list[Clause]:
        self._walk(tree)
        self._break()
        return self.found

    def _break(self) -> None:
        self._note()
        self.runs = [b""]
        self.whole = False

    def _note(self) -> None:
        shortest: list[bytes] = []
        for run in sorted({run[-LONGEST:] for run in self.runs}, key=len):
            if not any(known in run for known in shortest):
                shortest.append(run)
        if all(map(_tells, shortest)):
            self.found.append(frozenset(shortest))

    def _join(self, texts: list[bytes]) -> None:
        """One of `texts` comes next."""
        if len(texts) > 1:
            self._note()
            if len(self.runs) * len(texts) > JOINED:
                self._break()
        self.runs = [run + text for run in self.runs for text in texts]

    def _walk(self, tree: Iterable[Any]) -> None:
        for operation, argument in tree:
            getattr(self, f"_{str(operation).lower()}", self._other)(argument)

    def _other(self, argument: Any) -> None:
        self._break()

    def _literal(self, code: int) -> None:
        try:
            self._join([chr(code).encode(self.encoding).lower()])
        except UnicodeEncodeError:  # of no text in this encoding
            self._break()

    def _at(self, where: Any) -> None:
        """A place, not a character: the run goes on."""

    def _in(self, members: list[Any]) -> None:
        """A few letters, each in one case or both."""
        codes = {
            code | 0x20 if 65 <= code <= 90 else code for kind, code in members if str(kind) == "LITERAL"
        }
        if all(str(kind) == "LITERAL" for kind, _ in members) and len(codes) <= JOINED and max(codes) < 128:
            self._join([bytes((code,)) for code in sorted(codes)])
        else:
            self._break()

    def _subpattern(self, argument: Any) -> None:
        self._walk(argument[3])

    def _atomic_group(self, body: Any) -> None:
        self._walk(body)

    def _max_repeat(self, argument: Any) -> None:
        least, most, body = argument
        if least == 0:
            texts = self._whole(body) if most == 1 else None
            if texts is None:
                self._break()
            else:
                self._join([b"", *texts])
            return
        for _ in range(min(least, 4)):
            self._walk(body)
        if least != most or least > 4:
            self._break()

    _min_repeat = _max_repeat
    _possessive_repeat = _max_repeat

    def _whole(self, tree: Any) -> list[bytes] | None:
        """What `tree` matches, where that is one of a few literals."""
        inner = _Collector(self.encoding)
        inner._walk(tree)
        return inner.runs if inner.whole else None

    def _assert(self, argument: Any) -> None:
        self._break()
        self.found += _Collector(self.encoding).collect(argument[1])

    def _assert_not(self, argument: Any) -> None:
        self._break()

    def _branch(self, argument: Any) -> None:
        """One of several: the run goes on with each, where they are a few literals; else it ends before and after them,
        and the longest clause of each counts, together: of equals the first, and the last."""
        whole = [self._whole(branch) for branch in argument[1]]
        texts = [text for own in whole if own is not None for text in own]
        if len(texts) <= JOINED and None not in whole:
            self._join(texts)
            return
        before = self.runs
        self._break()
        first: set[bytes] = set()
        last: set[bytes] = set()
        for branch in argument[1]:
            inner = _Collector(self.encoding)
            inner.runs = before  # the parser takes the beginning that all branches share out of them
            found = inner.collect(branch)
            if not found:
                return
            first |= max(found, key=_length)
            last |= max(reversed(found), key=_length)
        self.found += [frozenset(own) for own in (first, last) if len(own) <= MOST]


def _length(clause: Set[bytes]) -> int:
    return min(map(len, clause))


def _tells(literal: bytes) -> bool:
    """Whether a literal is worth asking for: long enough, and not one repeated byte (floods consist of
    those)."""
    return len(literal) >= SHORTEST and len(set(literal)) > 1
