"""`banner.targets`: targets for programs, named as on the command line."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final, Never, overload

from ..addresses.blocks import AddressSet
from ..addresses.judge import Exclusions
from ..addresses.ports import format_ports, parse_port, parse_ports
from ..models import Target
from ..text.lines import split_lines
from ..text.patterns import lazily
from ..text.taken import check_keywords
from .cut import Cut
from .files import Source
from .former import opened
from .order import parse_shard
from .route import Route
from .selection import NoTargetsError, Selection, Targets
from .spec import BadLine, parse

Named = str | os.PathLike[str] | IPv4Address | IPv6Address | IPv4Network | IPv6Network
"""What targets are named by."""
Complaint = Callable[[str, int, str], None]
"""Takes a file, the number of a line in it (0 where there is none), and what is wrong there."""

_A_FILE: Final = lazily(
    r"\.(?:txt|lst|list|xml|g?nmap|csv|tsv|jsonl?|ndjson|nessus|sqlite3?|db|parquet|log|out|gz|zst|bz2|xz)\Z",
    re.I,
)
"""How the names of files end; no name of a host does (https://data.iana.org/TLD/tlds-alpha-by-domain.txt)."""


def targets(
    *what: Named,
    ports: str | int | Iterable[int] | None = None,
    exclude: str | os.PathLike[str] | Iterable[Named] = (),
    seed: int | None = None,
    shard: tuple[int, int] | str = (1, 1),
    bad: Complaint | None = None,
    files: bool = True,
    **wrong: Never,
) -> NamedTargets:
    """What `what` names, as the command line reads it: hosts, ``host:22,80``, ``[2001:db8::1]:22``, networks, ranges,
    and files of them, other tools' outputs too.

    A path is a file; so is a text that names one that is there, or ends as files do (``.txt``, ``.xml``, ...); ``-`` is
    standard input. `ports` (``22``, ``"22,80,8000-8010"``, ``"top:100"``) are for those that name none. `exclude` takes
    networks, and paths of files of them: what lies in one is cut out of networks, and a scan of these targets visits
    nothing of it. `seed` shuffles, the same way everywhere; without it the order is the given one. `shard` is one part
    of several that are disjoint and together the whole: ``(1, 4)`` or ``"1/4"``.

    What is wrong in a file is told to `bad`, as the file, the number of the line (0 where it has none) and the reason;
    without `bad` it is a `ValueError` when it is met. Raises `ValueError` for a text that names nothing, and
    `OSError` for a file that cannot be read. With ``files=False`` no text names a file, only a path does: for what
    strangers say.
    """
    check_keywords(targets, wrong)
    if not isinstance(files, bool):
        raise TypeError(f"files is True or False, not {files!r}")
    if not what:
        raise NoTargetsError("no targets are named")
    chosen, paths = _told_apart(what, files=files)
    default = _ports(ports)
    for text in chosen:
        parse(text, parse_ports(default) if default else ())
    if bad is not None and not callable(bad):
        raise TypeError(f"bad is called with a file, a line and a reason, and {bad!r} cannot be")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise TypeError(f"a seed is a number, not {seed!r}")
    part = _shard(shard)
    excluded = _excluded(exclude)
    select = partial(
        Selection,
        chosen,
        paths,
        ports=default,
        exclude=excluded or None,
        shuffled=seed is not None,
        seed=seed,
        shard=part,
    )
    regular = [_regular(path) for path in paths]
    return NamedTargets(select, excluded, bad, piped=not all(regular))


def _told_apart(what: Iterable[Named], *, files: bool) -> tuple[list[str], list[str]]:
    """The texts among `what`, and the paths."""
    chosen: list[str] = []
    paths: list[str] = []
    for one in what:
        text = os.fspath(one) if isinstance(one, os.PathLike) else str(one)
        (paths if isinstance(one, os.PathLike) or (files and _is_file(text)) else chosen).append(text)
    return chosen, paths


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


def _is_file(text: str) -> bool:
    if text == "-" or ("://" not in text and _A_FILE.search(text)):
        return True
    try:
        return not stat.S_ISDIR(os.stat(text).st_mode)
    except (OSError, ValueError):  # a NUL
        return False


def _regular(path: str) -> bool:
    """Whether reading it never waits for somebody. Raises `OSError`."""
    found = os.fstat(0) if path == "-" else os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return stat.S_ISREG(found.st_mode)


def _ports(given: str | int | Iterable[int] | None) -> str | None:
    if given is None or isinstance(given, str):
        return given
    if not isinstance(given, int | Iterable):
        raise TypeError(f"ports are a number, several, or a text of them, not {given!r}")
    numbers = [given] if isinstance(given, int) else list(given)
    return format_ports([parse_port(str(number)) for number in numbers])


def _shard(given: tuple[int, int] | str) -> str:
    if not isinstance(given, str):
        if not isinstance(given, tuple) or len(given) != 2:
            raise TypeError(
                f"a shard is a text or two numbers: (2, 7) is the second of seven, {given!r} is none"
            )
        given = "{}/{}".format(*given)
    parse_shard(given)
    return given


def _excluded(given: str | os.PathLike[str] | Iterable[Named]) -> AddressSet:
    if isinstance(given, str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable):
        raise TypeError(f"exclude is a network, a path, or several of them, not {given!r}")
    found = AddressSet()
    for item in given:
        if isinstance(item, os.PathLike):
            found |= _read(os.fspath(item))
        else:
            found |= AddressSet.of([str(item)])
    return found


def _read(path: str) -> AddressSet:
    """The networks of a file. Raises `OSError`, `ValueError`."""
    source = Source(path)
    try:
        return AddressSet.read(split_lines(source.chunks()))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
