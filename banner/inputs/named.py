"""The targets that `banner.targets` names, as a sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any, overload

from ..addresses.blocks import AddressSet
from ..addresses.judge import Exclusions
from ..models import Target
from .cut import Cut
from .former import opened
from .route import Route
from .selection import Selection, Targets
from .spec import BadLine

Complaint = Callable[[str, int, str], None]
"""Takes a file, the number of a line in it (0 where there is none), and what is wrong there."""


class NamedTargets(Sequence[Target]):
    """The targets that `banner.targets` names: a lazy sequence, read again each time it is iterated.

    ``len()``, ``[number]`` and ``[10:20]`` (lazy as well) read the files to count them, once; nothing else is held.
    Iterated in the given order, files are read as they are needed. What comes through a pipe is read once and has no
    length (`TypeError`). It can be pickled and copied: files are named in it, not held.
    """

    def __init__(
        self, select: Callable[..., Selection], excluded: AddressSet, bad: Complaint | None, *, piped: bool
    ) -> None:
        self._select = select
        self._bad = bad or _raise
        self._piped = piped
        self.policy: Exclusions | None = Exclusions(excluded) if excluded else None
        """Forbids what is excluded; `banner.scan` takes it up by itself."""

    def select(self) -> Selection:
        """The same for a scan that keeps where it is."""
        return self._select(opened=lambda path: opened(path, partial(self.told, path))[0])

    def told(self, path: str, line: BadLine) -> None:
        """Tell what is wrong with a line of a file, or raise it."""
        if not line.note or self._bad is not _raise:  # a file that names nothing is no mistake
            self._bad(path, line.number, line.reason + (f": {line.text}" if line.text else ""))

    @cached_property
    def _route(self) -> Route:
        if self._piped:
            raise TypeError("what comes through a pipe has no length")
        return self.select().route(self.told)

    @property
    def size(self) -> int | None:
        """How many, also beyond ``sys.maxsize``; None where a pipe has yet to say."""
        return None if self._piped else self._route.size

    def __len__(self) -> int:
        return self._route.size

    def __bool__(self) -> bool:
        return True

    @overload
    def __getitem__(self, number: int) -> Target: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Target]: ...
    def __getitem__(self, number: int | slice) -> Target | Sequence[Target]:
        """One target, counted from the end where `number` is negative, or those of a slice."""
        if isinstance(number, slice):
            return Cut(self, range(*number.indices(self._route.size)))
        return self._route[number if number >= 0 else number + self._route.size]

    def __getstate__(self) -> dict[str, Any]:
        # Without the route: it may hold an open file.
        return {name: value for name, value in self.__dict__.items() if name != "_route"}

    def __iter__(self) -> Iterator[Target]:
        """One after the other; of a pipe, its reader waits for what comes."""
        if "_route" in self.__dict__:
            return self._route.walk()
        selection = self.select()
        if self._piped:
            return selection.wait(self.told)
        found = selection.targets(self.told)
        assert isinstance(found, Iterable)
        return iter(found)

    def feed(self) -> Targets:
        """The same for a scan: what comes through a pipe does not keep its loop waiting."""
        return self.select().stream(self.told) if self._piped else self


def _raise(path: str, number: int, reason: str) -> None:
    raise ValueError(f"{path}, line {number}: {reason}" if number else f"{path}: {reason}")
